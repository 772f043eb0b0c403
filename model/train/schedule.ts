/** The plan of a training run: which tensors learn when, and how fast. */
import type { Stage } from './step.ts';

export interface Plan {
  readonly steps: number;
  /** Share of the steps before the WaveNet joins. */
  readonly waveNetFrom: number;
  /** Whether all tensors learn once the WaveNet is there, or the WaveNet alone. */
  readonly together: boolean;
  readonly peakRate: number;
}

/** What `anypiano train` follows. */
export const DEFAULT_PLAN: Omit<Plan, 'steps'> = { waveNetFrom: 0.8, together: false, peakRate: 1e-3 };

const WARM_UP_STEPS = 100;
const LAST_RATE = 0.02;

export function stageAt(plan: Plan, step: number): Stage {
  return step < plan.waveNetFrom * plan.steps ? 'excitation' : plan.together ? 'all' : 'wavenet';
}

/** Learning rate: in each stage a short linear rise, then half a cosine down to a fiftieth. */
export function learningRate(plan: Plan, step: number): number {
  const join = plan.waveNetFrom * plan.steps;
  const [first, last] = step < join ? [0, Math.min(join, plan.steps)] : [join, plan.steps];
  const warm = Math.min(1, (step - first + 1) / WARM_UP_STEPS);
  const fall = LAST_RATE + (1 - LAST_RATE) * (0.5 + 0.5 * Math.cos((Math.PI * (step - first)) / (last - first)));
  return plan.peakRate * warm * fall;
}
