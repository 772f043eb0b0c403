/**
 * What the processor can do at most: multiply-adds on registers alone.
 *
 * AssemblyScript. Twelve independent sums hide the latency of the unit and
 * leave registers free. `madd` is the kernel's own, so that each build is held
 * against the ceiling of its own instructions.
 */
import { lanesSum, madd } from '../../worklet/kernel/simd';

/** Multiply-adds of four lanes in one round of the loop. */
export const SUMS: i32 = 12;

/** Runs `rounds` rounds of `SUMS` multiply-adds; the result only keeps them from being left out. */
export function multiplyAdd(rounds: i32, factor: f32, term: f32): f32 {
  const x = f32x4.splat(factor);
  const y = f32x4.splat(term);
  let a = y;
  let b = y;
  let c = y;
  let d = y;
  let e = y;
  let f = y;
  let g = y;
  let h = y;
  let i = y;
  let j = y;
  let k = y;
  let l = y;
  for (let round = 0; round < rounds; round++) {
    a = madd(a, x, y);
    b = madd(b, x, y);
    c = madd(c, x, y);
    d = madd(d, x, y);
    e = madd(e, x, y);
    f = madd(f, x, y);
    g = madd(g, x, y);
    h = madd(h, x, y);
    i = madd(i, x, y);
    j = madd(j, x, y);
    k = madd(k, x, y);
    l = madd(l, x, y);
  }
  const first = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(e, f));
  const second = f32x4.add(f32x4.add(f32x4.add(g, h), f32x4.add(i, j)), f32x4.add(k, l));
  return lanesSum(f32x4.add(first, second));
}
