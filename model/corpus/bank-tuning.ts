/** Tuning of one bank from all its clips. */
import { FIRST_NOTE } from '../spec.ts';
import type { Tuning } from '../tuning.ts';
import { pitchCorrection } from './centre-pitch.ts';
import { fillKeyboard, fitTuning } from './fit-tuning.ts';
import { CLIP_ONSET, CLIP_RATE } from './notes.ts';
import { measureString, type StringMeasurement } from './tuning-analysis.ts';

/** The second look searches B within this factor of what the whole keyboard said. */
const SECOND_FACTOR = 1.7;

export interface NoteClip {
  readonly note: number;
  readonly audio: Float32Array;
}

/**
 * Measures every clip twice: alone, and again near the stiffness that all of
 * them together suggest, which sets right those that were taken in.
 */
export function measureBank(clips: readonly NoteClip[]): StringMeasurement[] {
  const measure = (stiffness?: (note: number) => number): StringMeasurement[] =>
    clips.flatMap(({ note, audio }) => {
      const range = stiffness && { expected: stiffness(note), factor: SECOND_FACTOR };
      const measurement = measureString(audio, CLIP_ONSET, CLIP_RATE, note, range);
      return measurement ? [measurement] : [];
    });
  const first = fitTuning(measure());
  return measure((note) => first.inharmonicity[note - FIRST_NOTE]!);
}

/** Tuning of all 88 keys of a bank: the law of stiff strings first, then each key's own pitch. */
export function tuneBank(clips: readonly NoteClip[]): Tuning {
  const tuning = fitTuning(measureBank(clips));
  const notes = [...new Set(clips.map(({ note }) => note))].sort((a, b) => a - b);
  const measured = notes.map((note) => {
    const own = clips.filter((clip) => clip.note === note).map(({ audio }) => audio);
    return { note, cents: tuning.cents[note - FIRST_NOTE]! + pitchCorrection(own, CLIP_ONSET, CLIP_RATE, note, tuning) };
  });
  return { ...tuning, cents: fillKeyboard(measured) };
}
