import { describe, expect, it } from 'vitest';
import { DEFAULT_PLAN, learningRate, stageAt } from '../../model/train/schedule.ts';

const plan = { ...DEFAULT_PLAN, steps: 1000, waveNetFrom: 0.8, peakRate: 1e-3 };
const rates = Array.from({ length: 1000 }, (_, step) => learningRate(plan, step));

describe('the plan of a training run', () => {
  it('lets the WaveNet join after its share of the steps', () => {
    expect(stageAt(plan, 799)).toBe('excitation');
    expect(stageAt(plan, 800)).toBe('wavenet');
    expect(stageAt({ ...plan, together: true }, 800)).toBe('all');
  });

  it('starts each stage gently, never exceeds the peak and ends each stage low', () => {
    expect(Math.max(...rates)).toBeLessThanOrEqual(1e-3);
    expect(rates[0]).toBeLessThan(2e-5);
    expect(rates[799]).toBeLessThan(3e-5);
    expect(rates[800]).toBeLessThan(2e-5);
    expect(Math.max(...rates.slice(800))).toBeGreaterThan(2e-4);
    expect(rates[999]).toBeLessThan(3e-5);
  });
});
