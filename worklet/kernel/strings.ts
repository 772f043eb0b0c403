/**
 * Strings of one voice: a bank of damped modes, Im(state q^n) with q = e^(-rate/R + i 2 pi f/R).
 *
 * A vector holds four consecutive samples of one mode, and the next four follow from
 *   y[n+4] = 2 |q|^4 cos(4 omega) y[n] - |q|^8 y[n-4].
 * A two-pole recurrence alone would mistune the bass in float32, so it runs for one tick
 * only: every tick starts from a state that is rotated in float64 and does not drift.
 */
import { madd } from './simd';

/** One mode: two cache lines. The host writes `re`, `im` and `q`; `prepareModes` derives the rest. */
@unmanaged
class Mode {
  /** State at the first sample of the coming tick. */
  re: f64;
  im: f64;
  /** Rotation from one tick's state to the next. */
  leapRe: f64;
  leapIm: f64;
  /** q^0..7 = cosine + i sine, two vectors each. */
  sine0: u64; sine1: u64; sine2: u64; sine3: u64;
  cosine0: u64; cosine1: u64; cosine2: u64; cosine3: u64;
  /** Factors of the recurrence: 2 |q|^4 cos(4 omega) and -|q|^8. */
  near: f32;
  far: f32;
  /** Frequency in radians a sample, unbent; for `bendModes`. */
  omega: f64;
  /** Rotation and decay of one sample. */
  qRe: f64;
  qIm: f64;
}

// @ts-ignore: decorator
@inline const SIZE: usize = 128;
// @ts-ignore: decorator
@inline const SINE: usize = 32;
// @ts-ignore: decorator
@inline const COSINE: usize = 64;
// @ts-ignore: decorator
@inline const NEAR: usize = 96;
// @ts-ignore: decorator
@inline const FAR: usize = 100;

/** Derives the tables of `count` modes from their q. */
export function prepareModes(bank: usize, count: i32): void {
  for (let i = 0; i < count; i++) derive(bank + <usize>i * SIZE, 1);
}

/** Tables of one mode that sounds with a gain; its state knows nothing of that. */
function derive(at: usize, gain: f64): void {
  const mode = changetype<Mode>(at);
  const qRe = mode.qRe;
  const qIm = mode.qIm;
  let re: f64 = 1;
  let im: f64 = 0;
  for (let n: usize = 0; n < 8; n++) {
    store<f32>(at + (n << 2), <f32>(gain * im), SINE);
    store<f32>(at + (n << 2), <f32>(gain * re), COSINE);
    if (n == 4) {
      mode.near = <f32>(2 * re);
      mode.far = <f32>(-(re * re + im * im));
    }
    const next = re * qRe - im * qIm;
    im = re * qIm + im * qRe;
    re = next;
  }
}

/** Largest angle for which the series of `turn` is exact in float64. */
// @ts-ignore: decorator
@inline const SERIES: f64 = 0.125;
/** Share of the limit above it in which a mode falls silent. */
// @ts-ignore: decorator
@inline const TAPER: f64 = 0.08;

/**
 * Moves `count` modes from one multiple of their own frequency to `ratio` times it, `change` higher: q *= e^(i omega change).
 * The states stay, so that nothing jumps. What comes above `limit` radians a sample falls silent over
 * the next `TAPER` of it, and sounds again when it comes back.
 *
 * @param samples of a whole tick, for the leap
 */
export function bendModes(bank: usize, count: i32, ratio: f64, change: f64, limit: f64, samples: i32): void {
  for (let i = 0; i < count; i++) {
    const at = bank + <usize>i * SIZE;
    const mode = changetype<Mode>(at);
    turn(mode, mode.omega * change);
    const above = mode.omega * ratio - limit;
    derive(at, above > 0 ? max<f64>(0, 1 - above / (TAPER * limit)) : 1);
  }
  setLeap(bank, count, samples);
}

/** q *= e^(i angle), by a series for a small part of the angle, which is then doubled. */
function turn(mode: Mode, angle: f64): void {
  let doublings = 0;
  while (abs<f64>(angle) > SERIES) {
    angle *= 0.5;
    doublings++;
  }
  const x = angle * angle;
  let re = 1 - (x / 2) * (1 - (x / 12) * (1 - (x / 30) * (1 - (x / 56) * (1 - x / 90))));
  let im = angle * (1 - (x / 6) * (1 - (x / 20) * (1 - (x / 42) * (1 - x / 72))));
  for (; doublings > 0; doublings--) {
    const next = re * re - im * im;
    im = 2 * re * im;
    re = next;
  }
  const qRe = mode.qRe;
  mode.qRe = qRe * re - mode.qIm * im;
  mode.qIm = qRe * im + mode.qIm * re;
}

/** Sets the rotation that `ringModes` ends with to `samples` samples, 0..32, of each of `count` modes. */
export function setLeap(bank: usize, count: i32, samples: i32): void {
  for (let i = 0; i < count; i++) {
    const mode = changetype<Mode>(bank + <usize>i * SIZE);
    let re: f64 = 1;
    let im: f64 = 0;
    let powerRe = mode.qRe;
    let powerIm = mode.qIm;
    for (let bits = samples; bits > 0; bits >>= 1) {
      if (bits & 1) {
        const next = re * powerRe - im * powerIm;
        im = re * powerIm + im * powerRe;
        re = next;
      }
      const square = powerRe * powerRe - powerIm * powerIm;
      powerIm = 2 * powerRe * powerIm;
      powerRe = square;
    }
    mode.leapRe = re;
    mode.leapIm = im;
  }
}

/**
 * Writes one tick of `count` modes, without damper and attack, into the 32 floats at `out`,
 * and turns each state by its leap.
 *
 * @returns mean power of the modes after the turn
 */
export function ringModes(bank: usize, count: i32, out: usize): f64 {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let a4 = a0;
  let a5 = a0;
  let a6 = a0;
  let a7 = a0;
  let power: f64 = 0;
  const end = bank + <usize>count * SIZE;
  for (let at = bank; at < end; at += SIZE) {
    const mode = changetype<Mode>(at);
    const re = mode.re;
    const im = mode.im;
    const reLanes = f32x4.splat(<f32>re);
    const imLanes = f32x4.splat(<f32>im);
    const near = v128.load32_splat(at, NEAR);
    const far = v128.load32_splat(at, FAR);
    let y = madd(imLanes, v128.load(at, COSINE), f32x4.mul(reLanes, v128.load(at, SINE)));
    let z = madd(imLanes, v128.load(at, COSINE + 16), f32x4.mul(reLanes, v128.load(at, SINE + 16)));
    a0 = f32x4.add(a0, y);
    a1 = f32x4.add(a1, z);
    y = madd(near, z, f32x4.mul(far, y));
    a2 = f32x4.add(a2, y);
    z = madd(near, y, f32x4.mul(far, z));
    a3 = f32x4.add(a3, z);
    y = madd(near, z, f32x4.mul(far, y));
    a4 = f32x4.add(a4, y);
    z = madd(near, y, f32x4.mul(far, z));
    a5 = f32x4.add(a5, z);
    y = madd(near, z, f32x4.mul(far, y));
    a6 = f32x4.add(a6, y);
    z = madd(near, y, f32x4.mul(far, z));
    a7 = f32x4.add(a7, z);

    const nextRe = re * mode.leapRe - im * mode.leapIm;
    const nextIm = re * mode.leapIm + im * mode.leapRe;
    mode.re = nextRe;
    mode.im = nextIm;
    power += nextRe * nextRe + nextIm * nextIm;
  }
  v128.store(out, a0, 0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
  v128.store(out, a4, 64);
  v128.store(out, a5, 80);
  v128.store(out, a6, 96);
  v128.store(out, a7, 112);
  return 0.5 * power;
}

/**
 * Leaves out the modes whose power |state|^2 lies below `floor`; the last one takes the place of each.
 *
 * @returns modes left
 */
export function cullModes(bank: usize, count: i32, floor: f64): i32 {
  let i = 0;
  while (i < count) {
    const at = bank + <usize>i * SIZE;
    const mode = changetype<Mode>(at);
    if (mode.re * mode.re + mode.im * mode.im >= floor) {
      i++;
      continue;
    }
    count--;
    memory.copy(at, bank + <usize>count * SIZE, SIZE);
  }
  return count;
}
