import { describe, expect, it } from 'vitest';
import { DEFAULT_LEGS, learningRate, stageAt, type Plan } from '../../model/train/schedule.ts';

const plan: Plan = {
  steps: 1000,
  legs: [
    { stage: 'outline', share: 0.5, peakRate: 2e-3 },
    { stage: 'excitation', share: 0.3, peakRate: 1e-3 },
    { stage: 'wavenet', share: 0.2, peakRate: 1e-3 },
  ],
};
const rates = Array.from({ length: 1000 }, (_, step) => learningRate(plan, step));

describe('the plan of a training run', () => {
  it('goes through its legs by their shares', () => {
    expect([0, 499, 500, 799, 800, 999].map((step) => stageAt(plan, step))).toEqual([
      'outline', 'outline', 'excitation', 'excitation', 'wavenet', 'wavenet',
    ]);
  });

  it('starts each leg gently, never exceeds its peak and ends it low', () => {
    for (const [first, end, peak] of [[0, 500, 2e-3], [500, 800, 1e-3], [800, 1000, 1e-3]] as const) {
      const leg = rates.slice(first, end);
      expect(Math.max(...leg)).toBeLessThanOrEqual(peak);
      expect(Math.max(...leg)).toBeGreaterThan(0.5 * peak);
      expect(leg[0]).toBeLessThan(0.02 * peak);
      expect(leg.at(-1)).toBeLessThan(0.03 * peak);
    }
  });

  it('shares out all steps by default', () => {
    expect(DEFAULT_LEGS.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  });
});
