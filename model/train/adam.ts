/** Adam (Kingma and Ba 2015) on one flat vector. */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export interface AdamState {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  /** Updates so far of each parameter, since parts of the model join later. */
  readonly steps: Float32Array;
}

export function createAdam(size: number): AdamState {
  return { mean: new Float32Array(size), variance: new Float32Array(size), steps: new Float32Array(size) };
}

/** Scales `gradient` down to length `limit` if it is longer; returns its length before. */
export function clipGradient(gradient: Float32Array, limit: number): number {
  const length = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
  if (length > limit) for (let i = 0; i < gradient.length; i++) gradient[i]! *= limit / length;
  return length;
}

/** One update in place; parameters whose gradient is exactly zero stay as they are. */
export function adamStep(parameters: Float32Array, gradient: Float32Array, state: AdamState, rate: number): void {
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i]!;
    if (g === 0) continue;
    const step = ++state.steps[i]!;
    const mean = (state.mean[i] = BETA1 * state.mean[i]! + (1 - BETA1) * g);
    const variance = (state.variance[i] = BETA2 * state.variance[i]! + (1 - BETA2) * g * g);
    const corrected = Math.sqrt(variance / (1 - BETA2 ** step)) + EPSILON;
    parameters[i]! -= (rate * mean) / (1 - BETA1 ** step) / corrected;
  }
}
