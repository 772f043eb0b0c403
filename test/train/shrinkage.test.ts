import { describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { shrinkEmbeddings } from '../../model/train/shrinkage.ts';

const row = (...values: number[]): Float32Array => Float32Array.from(values);

describe('embeddings of banks, shrunk', () => {
  it('moves the smaller bank more, and leaves what all share', () => {
    const [large, small] = shrinkEmbeddings([row(5, 0, 7), row(5, 8, -1)], [57, 9]);
    // Means 5, 4 and 3; of the way from them 57/60 and 9/12 are kept.
    expect([...large!]).toEqual([5, expect.closeTo(0.2, 5), expect.closeTo(6.8, 5)]);
    expect([...small!]).toEqual([5, 7, 0]);
  });

  it('leaves one bank alone where it is', () => {
    expect([...shrinkEmbeddings([row(1, -2)], [4])[0]!]).toEqual([1, -2]);
  });

  it('comes nearer to the truth than what few noisy recordings say', () => {
    const random = new Random(5);
    const size = 16;
    const recordings = Array.from({ length: 40 }, (_, bank) => 2 + (bank % 5));
    const truth = recordings.map(() => Float32Array.from({ length: size }, () => 1 + random.normal()));
    // One recording is off by sqrt(3) times what banks differ by: then the prior counts as three recordings.
    const learned = truth.map((z, bank) => z.map((value) => value + random.normal() * Math.sqrt(3 / recordings[bank]!)));
    const error = (rows: readonly Float32Array[]): number =>
      rows.reduce((sum, z, bank) => sum + z.reduce((s, value, i) => s + (value - truth[bank]![i]!) ** 2, 0), 0);
    expect(error(shrinkEmbeddings(learned, recordings))).toBeLessThan(0.75 * error(learned));
  });
});
