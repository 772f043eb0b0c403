/** What is left of the sound on a single loudspeaker. */
import { transformOf } from '../../model/transform.ts';
import type { Style } from '../../model/style.ts';
import { StagedEngine } from '../../worklet/engine/staged-engine.ts';
import { STRIKE_RATE, type Player } from './strike.ts';

/** Lowest edge in Hz of the octaves that are compared: 31.5 to 8,000 Hz are their centres. */
const LOWEST = 22.3;
const OCTAVES = 9;
/** An octave more than this many dB below the loudest is not heard beside it. */
const HEARD = 60;
/** Every other key, struck one after the other: one alone would tell what a room does to its few partials, and no more. */
const KEYS = Array.from({ length: 44 }, (_, i) => 21 + 2 * i);
const EACH_SECONDS = 0.2;
const VELOCITY = 100 / 127;
const BLOCK = 128;
/** Settings of the stage that are tried: as it comes, and at most. */
const STAGES = [{ width: 0.7, room: 0.2 }, { width: 1, room: 1 }];

/** The loss of one setting. */
export interface MonoLoss {
  readonly width: number;
  readonly room: number;
  /** dB that the mono sum lies below left and right in the octave that loses most. */
  readonly worst: number;
  /** Centre of that octave in Hz. */
  readonly octave: number;
}

function octavePowers(signal: Float32Array, sampleRate: number): number[] {
  const size = 2 ** Math.ceil(Math.log2(signal.length));
  const input = new Float64Array(size);
  input.set(signal);
  const output = new Float64Array(2 * size);
  transformOf(size).realTransform(output, input);
  const powers = new Array<number>(OCTAVES).fill(0);
  for (let k = 1; k < size / 2; k++) {
    const octave = Math.floor(Math.log2((k * sampleRate) / size / LOWEST));
    if (octave >= 0 && octave < OCTAVES) powers[octave]! += output[2 * k]! ** 2 + output[2 * k + 1]! ** 2;
  }
  return powers;
}

/** dB that (left + right) / 2 lies below the mean power of both, in the octave that loses most of those that are heard. */
export function monoLoss(left: Float32Array, right: Float32Array, sampleRate: number): Pick<MonoLoss, 'worst' | 'octave'> {
  const [l, r, sum] = [left, right, left.map((x, n) => (x + right[n]!) / 2)].map((signal) => octavePowers(signal, sampleRate));
  const both = l!.map((power, i) => (power + r![i]!) / 2);
  const loudest = Math.max(...both);
  const losses = both.map((power, i) => (power < loudest * 10 ** (-HEARD / 10) ? -Infinity : 10 * Math.log10(power / (sum![i]! + 1e-30))));
  const worst = Math.max(...losses);
  return { worst, octave: Math.round(LOWEST * Math.SQRT2 * 2 ** losses.indexOf(worst)) };
}

/** Plays keys all over the keyboard, one after the other, at each setting of the stage. */
export function monoLosses({ module, weights }: Player, style: Style): MonoLoss[] {
  return STAGES.map((setting) => {
    const engine = new StagedEngine({ module, weights, style, sampleRate: STRIKE_RATE, ...setting });
    KEYS.forEach((note, i) => {
      engine.noteOn(note, VELOCITY, Math.round(i * EACH_SECONDS * STRIKE_RATE));
      engine.noteOff(note, Math.round((i + 1) * EACH_SECONDS * STRIKE_RATE));
    });
    const frames = Math.ceil((KEYS.length * EACH_SECONDS * STRIKE_RATE) / BLOCK) * BLOCK;
    const [left, right] = [new Float32Array(frames), new Float32Array(frames)];
    for (let at = 0; at < frames; at += BLOCK) engine.render(left.subarray(at, at + BLOCK), right.subarray(at, at + BLOCK));
    return { ...setting, ...monoLoss(left, right, STRIKE_RATE) };
  });
}
