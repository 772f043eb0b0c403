/** The left pedal of a grand: the hammer meets fewer strings, with felt that is less packed. */
import type { Controls } from './controls.ts';

/** First note with two strings, and with three, of a typical grand: below, fewer strings cannot be left out. */
const TWO_STRINGS = 32;
const THREE_STRINGS = 44;
/** dB that the whole loses, and that each octave above the fundamental loses more. */
const SOFTER = 3;
const DARKER = 1.6;
/** dB that the noise of the strike loses. */
const QUIETER_STRIKE = 5;
/**
 * Share of the prompt sound's power that goes into the aftersound: the string that was not struck rings by coupling,
 * out of step with the others, and keeps what it gets (Weinreich, 1977, "Coupled piano strings").
 */
const MOVED = 0.15;

/** How far the pedal reaches a note, 0..1: in the bass, where a note has one string, only the felt counts. */
function reach(note: number): number {
  return 0.4 + 0.6 * Math.max(0, Math.min(1, (note - TWO_STRINGS) / (THREE_STRINGS - TWO_STRINGS)));
}

/**
 * Changes the controls of a strike to those under the pedal: softer, darker, and longer in proportion.
 *
 * @param depth of the pedal, 0..1; 0 changes nothing
 */
export function softenStrike(controls: Controls, note: number, depth: number): void {
  if (depth === 0) return;
  const amount = depth * reach(note);
  const moved = MOVED * amount;
  for (let i = 0; i < controls.partialCount; i++) {
    const gain = 10 ** ((-amount * (SOFTER + DARKER * Math.log2(i + 1))) / 20);
    const prompt = controls.promptAmplitude[i]!;
    const aftersound = controls.aftersoundAmplitude[i]!;
    controls.promptAmplitude[i] = gain * prompt * Math.sqrt(1 - moved);
    controls.aftersoundAmplitude[i] = gain * Math.sqrt(aftersound * aftersound + moved * prompt * prompt);
  }
  const strike = 10 ** ((-amount * QUIETER_STRIKE) / 20);
  const body = 10 ** ((-amount * SOFTER) / 20);
  controls.knockAmplitude *= strike;
  for (let b = 0; b < controls.strikeAmplitude.length; b++) {
    controls.strikeAmplitude[b] = strike * controls.strikeAmplitude[b]!;
    controls.bodyAmplitude[b] = body * controls.bodyAmplitude[b]!;
  }
}
