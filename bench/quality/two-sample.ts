/**
 * The classifier two-sample test (Lopez-Paz and Oquab 2017): a classifier that was trained to tell one kind of
 * strikes from another is asked about strikes that it never saw. Half of its answers are right where nothing
 * tells them apart, all where everything does.
 */
import { Random } from '../../model/random.ts';
import { shuffle, trainClassifier } from './classifier.ts';

/** One strike in both kinds. */
export interface Pair {
  /** MIDI note: all strikes of a key are either learned from or asked about. */
  readonly note: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
}

const SEEDS = 5;

/**
 * Share of right answers about each pair, 0..1, over five splits of the keys into halves; each half
 * is learned from once and asked about once.
 *
 * @throws RangeError where there are fewer than two keys
 */
export function tellApart(pairs: readonly Pair[]): number[] {
  const keys = [...new Set(pairs.map(({ note }) => note))].sort((a, b) => a - b);
  if (keys.length < 2) throw new RangeError('two keys at least are needed, to learn from one and be asked about the other');
  const right = pairs.map(() => 0);
  for (let seed = 1; seed <= SEEDS; seed++) {
    shuffle(keys, new Random(seed));
    const half = new Set(keys.slice(0, keys.length >> 1));
    for (const asked of [true, false]) {
      const learned = pairs.filter(({ note }) => half.has(note) !== asked);
      const classify = trainClassifier(learned.flatMap(({ a, b }) => [{ features: a, label: 0 as const }, { features: b, label: 1 as const }]), seed);
      pairs.forEach(({ note, a, b }, i) => {
        if (half.has(note) === asked) right[i]! += (Number(classify(a) < 0) + Number(classify(b) > 0)) / (2 * SEEDS);
      });
    }
  }
  return right;
}

/** Mean of `tellApart`: 0.5 where the kinds are alike. */
export function accuracy(right: readonly number[]): number {
  return right.reduce((sum, share) => sum + share, 0) / right.length;
}
