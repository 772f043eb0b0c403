/** Envelope of one voice. */

/**
 * Adds `samples` samples at `from` to those at `to`, times damper * (1 - quiet) * fade.
 *
 * @param damper damper gain D at the first sample, times `damperStep` at each further one
 * @param quiet share of the sound that the attack still holds back, times `quietStep` at each sample
 * @param fade 0..1, plus `fadeStep` at each sample and bounded to 0..1
 */
export function mixVoice(
  from: usize,
  to: usize,
  samples: i32,
  damper: f64,
  damperStep: f64,
  quiet: f64,
  quietStep: f64,
  fade: f64,
  fadeStep: f64,
): void {
  for (let i = 0; i < samples; i++) {
    store<f32>(to, load<f32>(to) + <f32>(<f64>load<f32>(from) * damper * (1 - quiet) * fade));
    damper *= damperStep;
    quiet *= quietStep;
    fade += fadeStep;
    if (fadeStep != 0) fade = max<f64>(0, min<f64>(1, fade));
    from += 4;
    to += 4;
  }
}
