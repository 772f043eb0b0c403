/** What a strike's strings play where knocks are. */
import { HIGHEST_KNOCK } from '../../knock.ts';
import type { Spec } from '../../spec.ts';
import { partialFrequency } from '../../tuning.ts';
import type { StrikeControls } from '../outline/view-loss.ts';
import type { PlayedStrings } from './knock-target.ts';

/** Partials up to this far above a knock, in Hz, are played: those beyond start with little there. */
const MARGIN = 500;

/** @param controls of one strike, @param f0 in Hz, @param phases in radians with which partials start, @param length samples at the model's rate */
export function lowStrings(spec: Spec, controls: StrikeControls, f0: number, inharmonicity: number, phases: Float64Array, length: number): PlayedStrings {
  const partials: number[] = [];
  for (let k = 1; k <= spec.strings.partials; k++) {
    const frequency = partialFrequency(f0, inharmonicity, k);
    if (frequency > HIGHEST_KNOCK + MARGIN) break;
    partials.push(frequency);
  }
  const sound = new Float64Array(length);
  const { promptAmplitude, promptRate, aftersoundAmplitude, aftersoundRate, beat, attackRate } = controls;
  partials.forEach((frequency, i) => {
    addMode(spec.sampleRate, promptAmplitude[i]!, promptRate[i]!, frequency - beat[i]! / 2, phases[i]!, sound);
    addMode(spec.sampleRate, aftersoundAmplitude[i]!, aftersoundRate[i]!, frequency + beat[i]! / 2, phases[i]!, sound);
  });
  const fall = Math.exp(-attackRate[0]! / spec.sampleRate);
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
