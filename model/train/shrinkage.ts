/**
 * Empirical Bayes for the banks' embeddings (Efron and Morris, 1975, "Data analysis using Stein's estimator").
 *
 * A bank of few recordings leaves its embedding to chance: what fits eleven strikes best is too far from
 * other pianos for the strikes between them. The mean of all banks is the better guess the fewer there are.
 */

/** As many recordings count as much as the mean of all banks does. */
const PRIOR_RECORDINGS = 3;

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
