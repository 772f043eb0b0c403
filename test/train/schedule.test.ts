import { describe, expect, it } from 'vitest';
import { InputError } from '../../model/input-error.ts';
import { DEFAULT_LEGS, describeLegs, learningRate, parseLegs, stageAt, type Plan } from '../../model/train/schedule.ts';

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

  it('reads legs as it writes them', () => {
    expect(parseLegs('--legs', 'outline:0.5:0.002,wavenet:0.5:1e-3')).toEqual([
      { stage: 'outline', share: 0.5, peakRate: 0.002 },
      { stage: 'wavenet', share: 0.5, peakRate: 0.001 },
    ]);
    expect(parseLegs('--legs', describeLegs(DEFAULT_LEGS))).toEqual(DEFAULT_LEGS);
  });

  it.each([
    ['', "--legs: '' is none of outline, notes, knocks, excitation, wavenet, all, generator"],
    ['sound:1:0.001', "--legs: 'sound' is none of outline, notes, knocks, excitation, wavenet, all, generator"],
    ['outline:1', "--legs: 'outline:1' is not stage:share:rate with numbers from 0 to 1"],
    ['outline:1:fast', "--legs: 'outline:1:fast' is not stage:share:rate with numbers from 0 to 1"],
    ['outline:1:0.001:2', "--legs: 'outline:1:0.001:2' is not stage:share:rate with numbers from 0 to 1"],
    ['outline:0.5:0.001', '--legs: the shares add up to 0.5, not to 1'],
  ])('refuses the legs %j', (text, message) => {
    expect(() => parseLegs('--legs', text)).toThrow(new InputError('--legs', message.slice('--legs: '.length)));
  });
});
