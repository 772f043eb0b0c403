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
  unused: u64;
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
  for (let i = 0; i < count; i++) {
    const at = bank + <usize>i * SIZE;
    const mode = changetype<Mode>(at);
    const qRe = mode.qRe;
    const qIm = mode.qIm;
    let re: f64 = 1;
    let im: f64 = 0;
    for (let n: usize = 0; n < 8; n++) {
      store<f32>(at + (n << 2), <f32>im, SINE);
      store<f32>(at + (n << 2), <f32>re, COSINE);
      if (n == 4) {
        mode.near = <f32>(2 * re);
        mode.far = <f32>(-(re * re + im * im));
      }
      const next = re * qRe - im * qIm;
      im = re * qIm + im * qRe;
      re = next;
    }
  }
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
