/** The shape of the noise as a generator is told it. */
import { SHAPE_GROUP } from '../spec.ts';

/** A group that is so many dB under all of them together counts as silent. */
const RANGE = 60;

/**
 * Writes one number for each group of bands: 1 where it has all of the power, -1 where it is `RANGE` dB below.
 *
 * @param powers of the bands; @param at index of the first
 * @param out written from `to` on, `groups` numbers
 */
export function writeShape(powers: ArrayLike<number>, at: number, groups: number, out: Float32Array, to: number): void {
  let total = 1e-30;
  for (let i = 0; i < groups * SHAPE_GROUP; i++) total += powers[at + i]!;
  for (let g = 0; g < groups; g++) {
    let power = 0;
    for (let i = 0; i < SHAPE_GROUP; i++) power += powers[at + g * SHAPE_GROUP + i]!;
    out[to + g] = 1 + (2 / RANGE) * Math.max(-RANGE, 10 * Math.log10(power / total + 1e-12));
  }
}
