/** What a strike's strings play where knocks are. */
import { HIGHEST_KNOCK } from '../../knock.ts';
import { applyModes, type ControlledModes } from '../../key-modes.ts';
import type { Spec } from '../../spec.ts';
import { partialFrequency } from '../../tuning.ts';
import type { StrikeControls } from '../outline/view-loss.ts';
import type { PlayedStrings } from './knock-target.ts';

/** Partials up to this far above a knock, in Hz, are played: those beyond start with little there. */
const MARGIN = 500;

/** @param controls of one strike, @param f0 in Hz, @param phases in radians with which partials start, @param modes of the key, @param length samples at the model's rate */
export function lowStrings(spec: Spec, controls: StrikeControls, f0: number, inharmonicity: number, phases: Float64Array, modes: ArrayLike<number>, length: number): PlayedStrings {
  const partials: number[] = [];
  for (let k = 1; k <= spec.strings.partials; k++) {
    const frequency = partialFrequency(f0, inharmonicity, k);
    if (frequency > HIGHEST_KNOCK + MARGIN) break;
    partials.push(frequency);
  }
  const sound = new Float64Array(length);
  const low = (x: ArrayLike<number>): Float64Array => Float64Array.from({ length: partials.length }, (_, i) => x[i]!);
  const { promptAmplitude, promptRate, aftersoundAmplitude, aftersoundRate, beat } = controls;
  const strings: ControlledModes = {
    partialCount: partials.length,
    frequency: low(partials),
    phase: low(phases),
    lead: new Float64Array(partials.length),
    beat: low(beat),
    promptAmplitude: low(promptAmplitude),
    promptRate: low(promptRate),
    aftersoundAmplitude: low(aftersoundAmplitude),
    aftersoundRate: low(aftersoundRate),
  };
  applyModes(strings, modes);
  strings.frequency.forEach((frequency, i) => {
    addMode(spec.sampleRate, strings.promptAmplitude[i]!, strings.promptRate[i]!, frequency - strings.beat[i]! / 2, strings.phase[i]!, sound);
    addMode(spec.sampleRate, strings.aftersoundAmplitude[i]!, strings.aftersoundRate[i]!, frequency + strings.beat[i]! / 2, strings.phase[i]! + strings.lead[i]!, sound);
  });
  const fall = Math.exp(-controls.attackRate[0]! / spec.sampleRate);
  for (let n = 0, quiet = 1; n < length; n++, quiet *= fall) sound[n]! *= 1 - quiet;
  return { partials, sound };
}

/** Adds a damped sinusoid: one complex number that turns and shrinks. */
function addMode(sampleRate: number, amplitude: number, rate: number, frequency: number, phase: number, out: Float64Array): void {
  const shrink = Math.exp(-rate / sampleRate);
  const [re, im] = [shrink * Math.cos((2 * Math.PI * frequency) / sampleRate), shrink * Math.sin((2 * Math.PI * frequency) / sampleRate)];
  let [x, y] = [amplitude * Math.cos(phase), amplitude * Math.sin(phase)];
  for (let n = 0; n < out.length; n++) {
    out[n]! += y;
    const turned = x * re - y * im;
    y = x * im + y * re;
    x = turned;
  }
}
