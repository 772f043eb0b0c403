/** A safety net against overload, not an effect. */

/** Samples up to this pass untouched. */
const KNEE = 0.98;

/** Bounds a sample to below 1, without a corner. */
export function softClip(sample: number): number {
  const excess = Math.abs(sample) - KNEE;
  if (excess <= 0) return sample;
  return Math.sign(sample) * (KNEE + (1 - KNEE) * Math.tanh(excess / (1 - KNEE)));
}
