/**
 * How many modes the processor can turn at most: complex rotations on registers alone.
 *
 * AssemblyScript. One rotation is four multiplications and two additions; a
 * vector turns four modes by one sample. Five independent states hide the
 * latency of the unit and leave registers free.
 */
import { lanesSum, madd } from '../../worklet/kernel/simd';

/** Rotations of four lanes in one round of the loop. */
export const STATES: i32 = 5;

/** Runs `rounds` rounds of `STATES` rotations; the result only keeps them from being left out. */
export function rotate(rounds: i32, cosine: f32, sine: f32): f32 {
  const c = f32x4.splat(cosine);
  const s = f32x4.splat(sine);
  const minus = f32x4.splat(-sine);
  let re0 = c;
  let re1 = c;
  let re2 = c;
  let re3 = c;
  let re4 = c;
  let im0 = s;
  let im1 = s;
  let im2 = s;
  let im3 = s;
  let im4 = s;
  for (let round = 0; round < rounds; round++) {
    let re = madd(re0, c, f32x4.mul(im0, minus));
    im0 = madd(re0, s, f32x4.mul(im0, c));
    re0 = re;
    re = madd(re1, c, f32x4.mul(im1, minus));
    im1 = madd(re1, s, f32x4.mul(im1, c));
    re1 = re;
    re = madd(re2, c, f32x4.mul(im2, minus));
    im2 = madd(re2, s, f32x4.mul(im2, c));
    re2 = re;
    re = madd(re3, c, f32x4.mul(im3, minus));
    im3 = madd(re3, s, f32x4.mul(im3, c));
    re3 = re;
    re = madd(re4, c, f32x4.mul(im4, minus));
    im4 = madd(re4, s, f32x4.mul(im4, c));
    re4 = re;
  }
  const re = f32x4.add(f32x4.add(re0, re1), f32x4.add(re2, re3));
  const im = f32x4.add(f32x4.add(im0, im1), f32x4.add(im2, im3));
  return lanesSum(f32x4.add(f32x4.add(re, im), f32x4.add(re4, im4)));
}
