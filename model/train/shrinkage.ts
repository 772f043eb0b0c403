/**
 * Empirical Bayes for the banks' embeddings (Efron and Morris, 1975, "Data analysis using Stein's estimator").
 *
 * A bank of few recordings leaves its embedding to chance: what fits eleven strikes best is too far from
 * other pianos for the strikes between them. The mean of all banks is the better guess the fewer there are.
 */
import type { CorpusCache } from '../corpus/cache.ts';

/** As many recordings count as much as the mean of all banks does. */
const PRIOR_RECORDINGS = 3;

/** How many strikes each bank is trained on. */
export function trainedRecordings({ banks, notes }: CorpusCache): number[] {
  return banks.map((_, row) => notes.filter(({ bank, trained }) => trained && bank === row).length);
}

/**
 * Moves each embedding towards the mean of all, by `PRIOR_RECORDINGS / (recordings + PRIOR_RECORDINGS)` of the way.
 *
 * @param embeddings `[banks, style size]`
 * @param recordings number of strikes that each bank was trained on
 */
export function shrinkEmbeddings(embeddings: readonly Float32Array[], recordings: readonly number[]): Float32Array[] {
  const mean = embeddings[0]!.map((_, i) => embeddings.reduce((sum, row) => sum + row[i]!, 0) / embeddings.length);
  return embeddings.map((row, bank) => {
    const kept = recordings[bank]! / (recordings[bank]! + PRIOR_RECORDINGS);
    return row.map((value, i) => mean[i]! + kept * (value - mean[i]!));
  });
}

/** The inverse of `shrinkEmbeddings`: what was learned, from what was shipped. @param recordings none of them 0 */
export function unshrinkEmbeddings(shrunk: readonly Float32Array[], recordings: readonly number[]): Float32Array[] {
  const shares = recordings.map((count) => count / (count + PRIOR_RECORDINGS));
  const weight = shares.reduce((sum, share) => sum + 1 / share, 0);
  // Deviations from the mean of what was learned add up to nothing.
  const mean = shrunk[0]!.map((_, i) => shrunk.reduce((sum, row, bank) => sum + row[i]! / shares[bank]!, 0) / weight);
  return shrunk.map((row, bank) => row.map((value, i) => mean[i]! + (value - mean[i]!) / shares[bank]!));
}
