/** Envelope of one voice. */

/**
 * Adds `samples` samples at `from` to those at `to`, times damper * (1 - quiet) * fade, and `pan` times as much to `side`.
 * Adds the same to those at `own`, where that is not 0.
 *
 * @param damper damper gain D at the first sample, times `damperStep` at each further one
 * @param quiet share of the sound that the attack still holds back, times `quietStep` at each sample
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
  quiet: f64,
  quietStep: f64,
  fade: f64,
  fadeStep: f64,
): void {
  for (let i = 0; i < samples; i++) {
    const y = <f64>load<f32>(from) * damper * (1 - quiet) * fade;
    store<f32>(to, load<f32>(to) + <f32>y);
    store<f32>(side, load<f32>(side) + <f32>(pan * y));
    if (own != 0) {
      store<f32>(own, load<f32>(own) + <f32>y);
      own += 4;
    }
    damper *= damperStep;
    quiet *= quietStep;
    fade += fadeStep;
    if (fadeStep != 0) fade = max<f64>(0, min<f64>(1, fade));
    from += 4;
    to += 4;
    side += 4;
  }
}
