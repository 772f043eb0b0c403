/** What one row passes on, from paired weights (`worklet/engine/paired-weights.ts`). */
import { madd } from './simd';

/**
 * to = current + bias + x W, each `bytes` bytes. Part of its caller: a call takes as long as a gate.
 *
 * @param bytes a multiple of 32
 * @param weight pairs `[bytes / 4 inputs][bytes / 32]`
 */
// @ts-ignore: decorator
@inline
export function pairedResidual(x: usize, bytes: usize, weight: usize, bias: usize, current: usize, to: usize): void {
  let vectors = <i32>(bytes >> 4);
  while (vectors > 0) {
    let done = 2;
    if (vectors == 6 || vectors >= 10) {
      six(x, bytes, weight, bias, current, to);
      done = 6;
    } else if (vectors >= 4) {
      four(x, bytes, weight, bias, current, to);
      done = 4;
    } else {
      two(x, bytes, weight, bias, current, to);
    }
    const step = <usize>done << 4;
    vectors -= done;
    weight += step >> 1;
    bias += step;
    current += step;
    to += step;
  }
}

/** Six output vectors, even and odd inputs apart. */
// @ts-ignore: decorator
@inline
function six(x: usize, bytes: usize, weight: usize, bias: usize, current: usize, to: usize): void {
  const row = bytes >> 1;
  let a0 = v128.load(bias, 0);
  let a1 = v128.load(current, 0);
  let b0 = v128.load(bias, 16);
  let b1 = v128.load(current, 16);
  let c0 = v128.load(bias, 32);
  let c1 = v128.load(current, 32);
  let d0 = v128.load(bias, 48);
  let d1 = v128.load(current, 48);
  let e0 = v128.load(bias, 64);
  let e1 = v128.load(current, 64);
  let f0 = v128.load(bias, 80);
  let f1 = v128.load(current, 80);
  for (const end = x + bytes; x < end; x += 8) {
    let v = v128.load32_splat(x, 0);
    let w = v128.load(weight, 0);
    a0 = madd(v, i32x4.shl(w, 16), a0);
    b0 = madd(v, w, b0);
    w = v128.load(weight, 16);
    c0 = madd(v, i32x4.shl(w, 16), c0);
    d0 = madd(v, w, d0);
    w = v128.load(weight, 32);
    e0 = madd(v, i32x4.shl(w, 16), e0);
    f0 = madd(v, w, f0);
    weight += row;
    v = v128.load32_splat(x, 4);
    w = v128.load(weight, 0);
    a1 = madd(v, i32x4.shl(w, 16), a1);
    b1 = madd(v, w, b1);
    w = v128.load(weight, 16);
    c1 = madd(v, i32x4.shl(w, 16), c1);
    d1 = madd(v, w, d1);
    w = v128.load(weight, 32);
    e1 = madd(v, i32x4.shl(w, 16), e1);
    f1 = madd(v, w, f1);
    weight += row;
  }
  v128.store(to, f32x4.add(a0, a1), 0);
  v128.store(to, f32x4.add(b0, b1), 16);
  v128.store(to, f32x4.add(c0, c1), 32);
  v128.store(to, f32x4.add(d0, d1), 48);
  v128.store(to, f32x4.add(e0, e1), 64);
  v128.store(to, f32x4.add(f0, f1), 80);
}

/** Four output vectors, even and odd inputs apart. */
// @ts-ignore: decorator
@inline
function four(x: usize, bytes: usize, weight: usize, bias: usize, current: usize, to: usize): void {
  const row = bytes >> 1;
  let a0 = v128.load(bias, 0);
  let a1 = v128.load(current, 0);
  let b0 = v128.load(bias, 16);
  let b1 = v128.load(current, 16);
  let c0 = v128.load(bias, 32);
  let c1 = v128.load(current, 32);
  let d0 = v128.load(bias, 48);
  let d1 = v128.load(current, 48);
  for (const end = x + bytes; x < end; x += 8) {
    let v = v128.load32_splat(x, 0);
    let w = v128.load(weight, 0);
    a0 = madd(v, i32x4.shl(w, 16), a0);
    b0 = madd(v, w, b0);
    w = v128.load(weight, 16);
    c0 = madd(v, i32x4.shl(w, 16), c0);
    d0 = madd(v, w, d0);
    weight += row;
    v = v128.load32_splat(x, 4);
    w = v128.load(weight, 0);
    a1 = madd(v, i32x4.shl(w, 16), a1);
    b1 = madd(v, w, b1);
    w = v128.load(weight, 16);
    c1 = madd(v, i32x4.shl(w, 16), c1);
    d1 = madd(v, w, d1);
    weight += row;
  }
  v128.store(to, f32x4.add(a0, a1), 0);
  v128.store(to, f32x4.add(b0, b1), 16);
  v128.store(to, f32x4.add(c0, c1), 32);
  v128.store(to, f32x4.add(d0, d1), 48);
}

/** Two output vectors, every fourth input apart. */
// @ts-ignore: decorator
@inline
function two(x: usize, bytes: usize, weight: usize, bias: usize, current: usize, to: usize): void {
  const row = bytes >> 1;
  let a0 = v128.load(bias, 0);
  let a1 = v128.load(current, 0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let b0 = v128.load(bias, 16);
  let b1 = v128.load(current, 16);
  let b2 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  for (const end = x + bytes; x < end; x += 16) {
    let v = v128.load32_splat(x, 0);
    let w = v128.load(weight, 0);
    a0 = madd(v, i32x4.shl(w, 16), a0);
    b0 = madd(v, w, b0);
    weight += row;
    v = v128.load32_splat(x, 4);
    w = v128.load(weight, 0);
    a1 = madd(v, i32x4.shl(w, 16), a1);
    b1 = madd(v, w, b1);
    weight += row;
    v = v128.load32_splat(x, 8);
    w = v128.load(weight, 0);
    a2 = madd(v, i32x4.shl(w, 16), a2);
    b2 = madd(v, w, b2);
    weight += row;
    v = v128.load32_splat(x, 12);
    w = v128.load(weight, 0);
    a3 = madd(v, i32x4.shl(w, 16), a3);
    b3 = madd(v, w, b3);
    weight += row;
  }
  v128.store(to, f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)), 0);
  v128.store(to, f32x4.add(f32x4.add(b0, b1), f32x4.add(b2, b3)), 16);
}
