import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distributionOf, quantile } from '../../bench/engine/distribution.ts';

describe('a distribution', () => {
  test('of 1 to 2,000 in any order has its values where counting finds them', () => {
    const values = Array.from({ length: 2000 }, (_, i) => 1 + ((i * 777) % 2000));
    expect(distributionOf(values)).toEqual({ count: 2000, least: 1, median: 1000.5, p999: 1998, worst: 2000 });
  });

  test('of one value is that value', () => {
    expect(distributionOf([3])).toEqual({ count: 1, least: 3, median: 3, p999: 3, worst: 3 });
  });

  test('of nothing is refused', () => {
    expect(() => distributionOf([])).toThrow(RangeError);
  });

  test('a quantile is the smallest value that its share does not exceed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (values, q) => {
        const sorted = [...values].sort((a, b) => a - b);
        const found = quantile(sorted, q);
        const upTo = values.filter((value) => value <= found).length;
        const below = values.filter((value) => value < found).length;
        expect(upTo).toBeGreaterThanOrEqual(q * values.length);
        expect(below).toBeLessThan(q * values.length);
      }),
    );
  });
});
