/** Whether a recording whose notes were heard holds the étude: then it is known what was played, better than it was heard. */
import { etude } from '../etude.ts';
import type { Performance } from '../performance.ts';

/** Seconds around one delay in which onsets are heard. */
const WITHIN = 0.1;
/** Of the étude's notes that fall into the recording, so many are heard where it was played; of other music hardly one. */
const LEAST_SHARE = 0.5;
const LEAST_NOTES = 12;

/** What was played in a recording, as far as it tells. */
export interface Played {
  readonly performance: Performance;
  /** Whether it is known by the recording alone, so that its velocities are guesses. */
  readonly heard: boolean;
}

/** The étude where it is that, else the notes as they were heard. */
export function playedIn(heard: Performance): Played {
  const known = recogniseEtude(heard);
  return { performance: known ?? heard, heard: known === undefined };
}

/**
 * The étude, to the time of the recording, where that is what was played: whole or in part, from any moment on, at its
 * own speed; it may last longer than the recording. Undefined for all other music.
 *
 * @param heard notes as a transcriber heard them; some missed and some made up do no harm
 */
export function recogniseEtude(heard: Performance): Performance | undefined {
  const { name, seconds, events } = etude();
  const starts = new Map(events.flatMap((event) => (event.type === 'noteOn' ? [[event.note, event.seconds] as const] : [])));
  const delays = heard.events
    .flatMap((event) => (event.type === 'noteOn' && starts.has(event.note) ? [event.seconds - starts.get(event.note)!] : []))
    .sort((a, b) => a - b);
  const agreeing = mostWithin(delays, WITHIN);
  const delay = agreeing[agreeing.length >> 1] ?? 0;
  const inside = [...starts.values()].filter((start) => start + delay >= 0 && start + delay < heard.seconds);
  if (agreeing.length < Math.max(LEAST_NOTES, LEAST_SHARE * inside.length)) return undefined;
  const moved = events.map((event) => ({ ...event, seconds: event.seconds + delay }));
  return { name, seconds: seconds + delay, events: moved.filter((event) => event.seconds >= 0) };
}

/** Of ascending values, as many as lie no further apart than `width`. */
function mostWithin(values: readonly number[], width: number): readonly number[] {
  let [from, to, first] = [0, 0, 0];
  values.forEach((value, i) => {
    while (value - values[first]! > width) first++;
    if (i + 1 - first > to - from) [from, to] = [first, i + 1];
  });
  return values.slice(from, to);
}
