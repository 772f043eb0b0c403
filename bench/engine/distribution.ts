/** What a list of measured values comes to. */
import { medianOf } from '../../model/corpus/median.ts';

export interface Distribution {
  readonly count: number;
  readonly least: number;
  readonly median: number;
  /** All but a thousandth of the values lie at or below it. */
  readonly p999: number;
  readonly worst: number;
}

/** The smallest value that at least the share `q` of all does not exceed (nearest rank). @param sorted ascending, not empty */
export function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
}

/** @throws RangeError where there are no values */
export function distributionOf(values: readonly number[]): Distribution {
  if (values.length === 0) throw new RangeError('nothing was measured');
  const sorted = [...values].sort((a, b) => a - b);
  return {
    count: sorted.length,
    least: sorted[0]!,
    median: medianOf(sorted),
    p999: quantile(sorted, 0.999),
    worst: sorted.at(-1)!,
  };
}
