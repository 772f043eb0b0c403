/** How hard the notes of a recording were struck, by how much louder its partials become at each. */
import { RATE } from './basic-pitch.ts';
import type { HeardNote } from './transcriber.ts';

/** Samples of one look: 93 ms, and as long for the look before the strike. */
const LOOK = 2048;
/** Samples from the onset to the look: the hammer's noise and the frame's own width pass by. */
const DELAY = 256;
const PARTIALS = 6;
/** dB from the softest to the loudest strike of a piano (velocity 0 to 1), as recordings of single notes have it. */
const DYNAMICS = 36;
/** The loudest twentieth of a recording's notes is taken for this velocity. */
const LOUD = 0.85;
const SHARE_OF_LOUD = 0.05;
const SOFTEST = 0.04;

const window = Float64Array.from({ length: LOOK }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / LOOK));

/** Velocities 0..1 of notes. @param recording mono at `RATE` */
export function strikeVelocities(recording: Float32Array, notes: readonly HeardNote[]): number[] {
  const levels = notes.map(({ note, start }) => {
    const at = Math.round(start * RATE);
    const rise = Math.max(0, partialPower(recording, at + DELAY, note) - partialPower(recording, at - LOOK, note));
    return 10 * Math.log10(rise + 1e-12) - keyLevel(note);
  });
  const sorted = [...levels].sort((a, b) => b - a);
  const loud = sorted[Math.floor(SHARE_OF_LOUD * sorted.length)] ?? 0;
  return levels.map((level) => Math.min(1, Math.max(SOFTEST, LOUD + (level - loud) / DYNAMICS)));
}

/** dB by which a key is louder than middle C at the same velocity: high notes have fewer partials and die sooner. */
function keyLevel(note: number): number {
  return -0.15 * (note - 60);
}

/** Power of the first partials in the look that starts at a sample; silence lies outside the recording. */
function partialPower(recording: Float32Array, from: number, note: number): number {
  const f0 = 440 * 2 ** ((note - 69) / 12);
  let power = 0;
  for (let k = 1; k <= PARTIALS && k * f0 < RATE / 2; k++) {
    const omega = (2 * Math.PI * k * f0) / RATE;
    const [stepRe, stepIm] = [Math.cos(omega), Math.sin(omega)];
    let [re, im, turnRe, turnIm] = [0, 0, 1, 0];
    for (let n = 0; n < LOOK; n++) {
      const sample = (recording[from + n] ?? 0) * window[n]!;
      re += sample * turnRe;
      im -= sample * turnIm;
      [turnRe, turnIm] = [turnRe * stepRe - turnIm * stepIm, turnRe * stepIm + turnIm * stepRe];
    }
    power += (re * re + im * im) / (LOOK * LOOK);
  }
  return power;
}
