/** How many notes of a performance were heard, as transcription is judged everywhere (Bay et al. 2009, MIREX). */
import type { Performance } from '../../model/performance.ts';

export interface NoteScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Correlation of the velocities of the notes that were found; 0 where they do not differ. */
  readonly velocity: number;
}

/** An onset is found where it is heard this many seconds off, at the right key. */
const TOLERANCE = 0.05;

interface Strike {
  readonly seconds: number;
  readonly note: number;
  readonly velocity: number;
}

const strikesOf = ({ events }: Performance): Strike[] => events.flatMap((event) => (event.type === 'noteOn' ? [event] : []));

/** Each note is found once at most, the nearest first. */
export function scoreNotes(played: Performance, heard: Performance): NoteScore {
  const [truth, estimate] = [strikesOf(played), strikesOf(heard)];
  const pairs = truth
    .flatMap((a, i) => estimate.flatMap((b, j) => (a.note === b.note && Math.abs(a.seconds - b.seconds) <= TOLERANCE ? [{ i, j, off: Math.abs(a.seconds - b.seconds) }] : [])))
    .sort((a, b) => a.off - b.off);
  const [usedTruth, usedEstimate] = [new Set<number>(), new Set<number>()];
  const found = pairs.filter(({ i, j }) => {
    if (usedTruth.has(i) || usedEstimate.has(j)) return false;
    usedTruth.add(i);
    usedEstimate.add(j);
    return true;
  });
  const precision = estimate.length === 0 ? 0 : found.length / estimate.length;
  const recall = truth.length === 0 ? 0 : found.length / truth.length;
  return {
    precision,
    recall,
    f1: found.length === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    velocity: correlation(found.map(({ i, j }) => [truth[i]!.velocity, estimate[j]!.velocity])),
  };
}

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (which: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[which], 0) / pairs.length;
  const [x, y] = [mean(0), mean(1)];
  let [xx, yy, xy] = [0, 0, 0];
  for (const [a, b] of pairs) {
    xx += (a - x) ** 2;
    yy += (b - y) ** 2;
    xy += (a - x) * (b - y);
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}
