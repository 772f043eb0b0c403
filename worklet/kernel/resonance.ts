/**
 * Strings that answer others: driven modes, z(n) = keep q z(n-1) + x(n), of which a weighted imaginary part is heard.
 *
 * A complex rotation in float32: unlike a two-pole recurrence it keeps the bass in tune, and its radius is that of q. It
 * runs at a quarter of the rate, behind one filter and before the same filter; these delay an answer by 32 samples.
 */
import { lanesSum, madd } from './simd';

/** Samples of a tick, at the whole rate and at a quarter of it. */
const TICK: usize = 32;
const SLOW_TICK: usize = 8;
/** Samples of the past that stand before those of the tick. */
const PAST: usize = 32;
const SLOW_PAST: usize = 8;

/** Bytes of one group of four modes; the host writes q and the weights. */
const GROUP: usize = 80;
// @ts-ignore: decorator
@inline const COSINE: usize = 0;
// @ts-ignore: decorator
@inline const SINE: usize = 16;
// @ts-ignore: decorator
@inline const WEIGHT: usize = 32;
// @ts-ignore: decorator
@inline const RE: usize = 48;
// @ts-ignore: decorator
@inline const IM: usize = 64;

/**
 * Brings a signal to a quarter of the rate: 8 floats at `out`.
 *
 * @param signal 32 samples of the past, then those of the tick
 * @param filter symmetric, 32 taps
 */
export function slowDown(signal: usize, filter: usize, out: usize): void {
  for (let n: usize = 0; n < SLOW_TICK; n++) store<f32>(out + (n << 2), slowSample(signal, filter, n));
}

/** Sample `n` at a quarter of the rate, from 31 samples before sample 4 n of the tick up to it. */
// @ts-ignore: decorator
@inline
function slowSample(signal: usize, filter: usize, n: usize): f32 {
  const from = signal + ((4 * n + PAST - 31) << 2);
  let sum = f32x4.mul(v128.load(filter), v128.load(from));
  for (let k: usize = 16; k < 128; k += 16) sum = madd(v128.load(filter + k), v128.load(from + k), sum);
  return lanesSum(sum);
}

/** Writes `share` * (`all` - `own` at a quarter of the rate) to the 8 floats at `out`. @param all at a quarter of the rate already */
export function driveWithout(all: usize, own: usize, share: f32, filter: usize, out: usize): void {
  for (let n: usize = 0; n < SLOW_TICK; n++) {
    store<f32>(out + (n << 2), share * (load<f32>(all + (n << 2)) - slowSample(own, filter, n)));
  }
}

/** Writes `share` times the 8 floats at `all` to those at `out`. */
export function driveWith(all: usize, share: f32, out: usize): void {
  const factor = f32x4.splat(share);
  v128.store(out, f32x4.mul(factor, v128.load(all)));
  v128.store(out, f32x4.mul(factor, v128.load(all, 16)), 16);
}

/** Makes the tick of a signal the past of the next one, which starts with zeros. */
export function turnTick(signal: usize): void {
  memory.copy(signal, signal + (TICK << 2), PAST << 2);
  memory.fill(signal + (PAST << 2), 0, TICK << 2);
}

/**
 * Drives the modes of one key for a tick with the 8 floats at `x`.
 *
 * @param groups number of groups of four modes
 * @param keep what a damper leaves of the modes from slow sample to slow sample; 1 where it is up
 * @param lanes 8 vectors to which the sound is added
 * @returns mean power of the modes after the tick
 */
export function answer(bank: usize, groups: i32, x: usize, keep: f32, lanes: usize): f32 {
  const damper = f32x4.splat(keep);
  let power = f32x4.splat(0);
  // Two groups at a time, so that one computes while the other waits for its last result.
  for (; groups > 1; groups -= 2) {
    const cosine = f32x4.mul(damper, v128.load(bank, COSINE));
    const sine = f32x4.mul(damper, v128.load(bank, SINE));
    const minus = f32x4.neg(sine);
    const weight = v128.load(bank, WEIGHT);
    let re = v128.load(bank, RE);
    let im = v128.load(bank, IM);
    const cosine2 = f32x4.mul(damper, v128.load(bank, GROUP + COSINE));
    const sine2 = f32x4.mul(damper, v128.load(bank, GROUP + SINE));
    const minus2 = f32x4.neg(sine2);
    const weight2 = v128.load(bank, GROUP + WEIGHT);
    let re2 = v128.load(bank, GROUP + RE);
    let im2 = v128.load(bank, GROUP + IM);
    for (let n: usize = 0; n < SLOW_TICK; n++) {
      const input = v128.load32_splat(x + (n << 2));
      const next = madd(re, cosine, madd(im, minus, input));
      im = madd(re, sine, f32x4.mul(im, cosine));
      re = next;
      const next2 = madd(re2, cosine2, madd(im2, minus2, input));
      im2 = madd(re2, sine2, f32x4.mul(im2, cosine2));
      re2 = next2;
      const at = lanes + (n << 4);
      v128.store(at, madd(weight, im, madd(weight2, im2, v128.load(at))));
    }
    v128.store(bank, re, RE);
    v128.store(bank, im, IM);
    v128.store(bank, re2, GROUP + RE);
    v128.store(bank, im2, GROUP + IM);
    power = madd(f32x4.mul(weight, weight), madd(re, re, f32x4.mul(im, im)), power);
    power = madd(f32x4.mul(weight2, weight2), madd(re2, re2, f32x4.mul(im2, im2)), power);
    bank += 2 * GROUP;
  }
  if (groups > 0) {
    const cosine = f32x4.mul(damper, v128.load(bank, COSINE));
    const sine = f32x4.mul(damper, v128.load(bank, SINE));
    const minus = f32x4.neg(sine);
    const weight = v128.load(bank, WEIGHT);
    let re = v128.load(bank, RE);
    let im = v128.load(bank, IM);
    for (let n: usize = 0; n < SLOW_TICK; n++) {
      const next = madd(re, cosine, madd(im, minus, v128.load32_splat(x + (n << 2))));
      im = madd(re, sine, f32x4.mul(im, cosine));
      re = next;
      v128.store(lanes + (n << 4), madd(weight, im, v128.load(lanes + (n << 4))));
    }
    v128.store(bank, re, RE);
    v128.store(bank, im, IM);
    power = madd(f32x4.mul(weight, weight), madd(re, re, f32x4.mul(im, im)), power);
  }
  return 0.5 * lanesSum(power);
}

/** Adds the 8 vectors at `lanes` to those at `middle` and `pan` times as much to those at `side`, and clears them. */
export function place(lanes: usize, pan: f32, middle: usize, side: usize): void {
  const factor = f32x4.splat(pan);
  for (let n: usize = 0; n < SLOW_TICK << 4; n += 16) {
    const y = v128.load(lanes + n);
    v128.store(middle + n, f32x4.add(y, v128.load(middle + n)));
    v128.store(side + n, madd(factor, y, v128.load(side + n)));
    v128.store(lanes + n, f32x4.splat(0));
  }
}

/**
 * Brings what `place` has added up back to the whole rate: 32 floats at `out`, and clears it.
 *
 * @param lanes 8 vectors, @param gain of the first slow sample, plus `step` at each further one
 * @param slow 8 samples of the past, then those of this tick, which become the past of the next
 */
export function gather(lanes: usize, gain: f32, step: f32, slow: usize, filter: usize, out: usize): void {
  for (let n: usize = 0; n < SLOW_TICK; n++) {
    store<f32>(slow + ((SLOW_PAST + n) << 2), gain * lanesSum(v128.load(lanes + (n << 4))));
    gain += step;
  }
  memory.fill(lanes, 0, SLOW_TICK << 4);
  for (let n: usize = 0; n < SLOW_TICK; n++) {
    // A vector holds the four samples after slow sample n; three of four that the filter meets are zero.
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < 8; j++) {
      sum = madd(v128.load(filter + (j << 4)), v128.load32_splat(slow + ((SLOW_PAST + n - j) << 2)), sum);
    }
    v128.store(out + (n << 4), f32x4.mul(f32x4.splat(4), sum));
  }
  v128.store(slow, v128.load(slow, SLOW_PAST << 2));
  v128.store(slow, v128.load(slow, (SLOW_PAST << 2) + 16), 16);
}
