/** Envelopes of one voice. */

/**
 * Holds back what strings play while they swing up.
 *
 * @param quiet share of the first of the `samples` samples at `at` that is held back, times `quietStep` at each further one
 */
export function rise(at: usize, samples: i32, quiet: f64, quietStep: f64): void {
  for (let i = 0; i < samples; i++) {
    store<f32>(at, <f32>(<f64>load<f32>(at) * (1 - quiet)));
    quiet *= quietStep;
    at += 4;
  }
}

/**
 * Adds `samples` samples at `from` to those at `to`, times damper * fade, and `pan` times as much to `side`.
 * Adds the same to those at `own`, where that is not 0.
 *
 * @param damper damper gain D at the first sample, times `damperStep` at each further one
 * @param fade 0..1, plus `fadeStep` at each sample and bounded to 0..1
 */
export function mixVoice(
  from: usize,
  to: usize,
  side: usize,
  own: usize,
  samples: i32,
  pan: f64,
  damper: f64,
  damperStep: f64,
  fade: f64,
  fadeStep: f64,
): void {
  for (let i = 0; i < samples; i++) {
    const y = <f64>load<f32>(from) * damper * fade;
    store<f32>(to, load<f32>(to) + <f32>y);
    store<f32>(side, load<f32>(side) + <f32>(pan * y));
    if (own != 0) {
      store<f32>(own, load<f32>(own) + <f32>y);
      own += 4;
    }
    damper *= damperStep;
    fade += fadeStep;
    if (fadeStep != 0) fade = max<f64>(0, min<f64>(1, fade));
    from += 4;
    to += 4;
    side += 4;
  }
}
