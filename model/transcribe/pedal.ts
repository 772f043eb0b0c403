/**
 * The sustain pedal behind heard notes. A hand lets go of a key when it plays on nearby, so a note that goes on
 * sounding long after the next one in its octave was held by the pedal, most likely.
 */
import { CHORD, type HeardNote } from './transcriber.ts';

/** Semitones within which the next strike is the same hand's. */
const REACH = 12;
/** Seconds that fingers may hold on, and after which a note surely overlaps. */
const LEGATO = 0.15;
const SETTLED = 0.06;
/** Seconds from a strike to the pedal that holds it: feet follow hands. */
const FOOT = 0.02;

/** From the second at which the pedal goes down to that at which it comes up. */
export interface PedalStroke {
  readonly down: number;
  readonly up: number;
}

/** Strokes in order, none of them touching the next. @param notes in order of their start */
export function findPedal(notes: readonly HeardNote[]): PedalStroke[] {
  const overlaps = notes.flatMap((held, i) => {
    let next: HeardNote | undefined;
    for (let j = i + 1; j < notes.length && notes[j]!.start <= held.end; j++) {
      const other = notes[j]!;
      if (other.start - held.start < CHORD || other.note === held.note || Math.abs(other.note - held.note) > REACH) continue;
      next = other;
      break;
    }
    return next !== undefined && held.end - next.start >= LEGATO ? [{ struck: held.start, from: next.start + SETTLED, to: held.end }] : [];
  });
  overlaps.sort((a, b) => a.from - b.from);
  const strokes: { down: number; up: number }[] = [];
  for (const { struck, from, to } of overlaps) {
    const last = strokes.at(-1);
    if (last !== undefined && from <= last.up) last.up = Math.max(last.up, to);
    else strokes.push({ down: Math.max(struck + FOOT, (last?.up ?? 0) + FOOT), up: to });
  }
  return strokes;
}
