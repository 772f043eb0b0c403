/** Middle of the sorted values; the mean of the two middle ones where their number is even, 0 where there are none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export interface Weighted {
  readonly value: number;
  readonly weight: number;
}

/** The value at which half of the weight is reached; undefined where there are none. */
export function weightedMedianOf(items: readonly Weighted[]): number | undefined {
  const sorted = [...items].sort((a, b) => a.value - b.value);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  return sorted.find(({ weight }) => (sum += weight) >= half)?.value;
}
