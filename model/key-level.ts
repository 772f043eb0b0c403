/** How much louder or softer each key is than the note network has it, as a technician evens a keyboard out. */
import type { Controls } from './controls.ts';
import { NOTE_COUNT } from './spec.ts';

/** dB by which a key may be set louder. */
export const KEY_LEVEL_BOUNDS = [-24, 24] as const;

/** A keyboard of which nothing is known. */
export const PLAIN_LEVELS: readonly number[] = new Array<number>(NOTE_COUNT).fill(0);

/** Makes a strike so many dB louder. */
export function amplify(controls: Controls, decibels: number): void {
  const gain = 10 ** (decibels / 20);
  controls.knockAmplitude *= gain;
  for (let i = 0; i < controls.partialCount; i++) {
    controls.promptAmplitude[i] = gain * controls.promptAmplitude[i]!;
    controls.aftersoundAmplitude[i] = gain * controls.aftersoundAmplitude[i]!;
  }
  for (let b = 0; b < controls.strikeAmplitude.length; b++) {
    controls.strikeAmplitude[b] = gain * controls.strikeAmplitude[b]!;
    controls.bodyAmplitude[b] = gain * controls.bodyAmplitude[b]!;
  }
}
