/**
 * The gates of one row from paired weights (`worklet/engine/paired-weights.ts`): two output vectors a load.
 *
 * Row by row, loads of weights are the limit; a pair costs one load and one shift where floats cost two loads.
 */
import { gate, madd } from './simd';

/**
 * Gated activations of one row to `to`, and added to `skip`. Part of its caller: a call takes as long as a gate.
 *
 * @param past `bytes` bytes of inputs at the past tap; `current` as many of this row
 * @param bytes a multiple of 32
 * @param weight pairs `[2 * bytes / 4 inputs][bytes / 16]`
 * @param bias `[vectors]`, tanh and sigmoid vectors by turns
 */
// @ts-ignore: decorator
@inline
export function pairedGates(past: usize, current: usize, bytes: usize, weight: usize, bias: usize, to: usize, skip: usize): void {
  let vectors = <i32>(bytes >> 3);
  while (vectors > 0) {
    let done = 4;
    if (vectors == 12 || vectors >= 20) {
      twelve(past, current, bytes, weight, bias, to, skip);
      done = 12;
    } else if (vectors >= 8) {
      eight(past, current, bytes, weight, bias, to, skip);
      done = 8;
    } else {
      four(past, current, bytes, weight, bias, to, skip);
    }
    vectors -= done;
    bias += <usize>done << 4;
    weight += <usize>done << 3;
    to += <usize>done << 3;
    skip += <usize>done << 3;
  }
}

/** Six gates. */
// @ts-ignore: decorator
@inline
function twelve(past: usize, current: usize, bytes: usize, weight: usize, bias: usize, to: usize, skip: usize): void {
  let a = v128.load(bias, 0);
  let b = v128.load(bias, 16);
  let c = v128.load(bias, 32);
  let d = v128.load(bias, 48);
  let e = v128.load(bias, 64);
  let f = v128.load(bias, 80);
  let g = v128.load(bias, 96);
  let h = v128.load(bias, 112);
  let i = v128.load(bias, 128);
  let j = v128.load(bias, 144);
  let k = v128.load(bias, 160);
  let l = v128.load(bias, 176);
  let x = past;
  while (true) {
    for (const end = x + bytes; x < end; x += 8) {
      let v = v128.load32_splat(x, 0);
      let w = v128.load(weight, 0);
      a = madd(v, i32x4.shl(w, 16), a);
      b = madd(v, w, b);
      w = v128.load(weight, 16);
      c = madd(v, i32x4.shl(w, 16), c);
      d = madd(v, w, d);
      w = v128.load(weight, 32);
      e = madd(v, i32x4.shl(w, 16), e);
      f = madd(v, w, f);
      w = v128.load(weight, 48);
      g = madd(v, i32x4.shl(w, 16), g);
      h = madd(v, w, h);
      w = v128.load(weight, 64);
      i = madd(v, i32x4.shl(w, 16), i);
      j = madd(v, w, j);
      w = v128.load(weight, 80);
      k = madd(v, i32x4.shl(w, 16), k);
      l = madd(v, w, l);
      weight += bytes;
      v = v128.load32_splat(x, 4);
      w = v128.load(weight, 0);
      a = madd(v, i32x4.shl(w, 16), a);
      b = madd(v, w, b);
      w = v128.load(weight, 16);
      c = madd(v, i32x4.shl(w, 16), c);
      d = madd(v, w, d);
      w = v128.load(weight, 32);
      e = madd(v, i32x4.shl(w, 16), e);
      f = madd(v, w, f);
      w = v128.load(weight, 48);
      g = madd(v, i32x4.shl(w, 16), g);
      h = madd(v, w, h);
      w = v128.load(weight, 64);
      i = madd(v, i32x4.shl(w, 16), i);
      j = madd(v, w, j);
      w = v128.load(weight, 80);
      k = madd(v, i32x4.shl(w, 16), k);
      l = madd(v, w, l);
      weight += bytes;
    }
    if (current == 0) break;
    x = current;
    current = 0;
  }
  const gate0 = gate(a, b);
  v128.store(to, gate0, 0);
  v128.store(skip, f32x4.add(v128.load(skip, 0), gate0), 0);
  const gate1 = gate(c, d);
  v128.store(to, gate1, 16);
  v128.store(skip, f32x4.add(v128.load(skip, 16), gate1), 16);
  const gate2 = gate(e, f);
  v128.store(to, gate2, 32);
  v128.store(skip, f32x4.add(v128.load(skip, 32), gate2), 32);
  const gate3 = gate(g, h);
  v128.store(to, gate3, 48);
  v128.store(skip, f32x4.add(v128.load(skip, 48), gate3), 48);
  const gate4 = gate(i, j);
  v128.store(to, gate4, 64);
  v128.store(skip, f32x4.add(v128.load(skip, 64), gate4), 64);
  const gate5 = gate(k, l);
  v128.store(to, gate5, 80);
  v128.store(skip, f32x4.add(v128.load(skip, 80), gate5), 80);
}

/** Four gates. */
// @ts-ignore: decorator
@inline
function eight(past: usize, current: usize, bytes: usize, weight: usize, bias: usize, to: usize, skip: usize): void {
  let a = v128.load(bias, 0);
  let b = v128.load(bias, 16);
  let c = v128.load(bias, 32);
  let d = v128.load(bias, 48);
  let e = v128.load(bias, 64);
  let f = v128.load(bias, 80);
  let g = v128.load(bias, 96);
  let h = v128.load(bias, 112);
  let x = past;
  while (true) {
    for (const end = x + bytes; x < end; x += 8) {
      let v = v128.load32_splat(x, 0);
      let w = v128.load(weight, 0);
      a = madd(v, i32x4.shl(w, 16), a);
      b = madd(v, w, b);
      w = v128.load(weight, 16);
      c = madd(v, i32x4.shl(w, 16), c);
      d = madd(v, w, d);
      w = v128.load(weight, 32);
      e = madd(v, i32x4.shl(w, 16), e);
      f = madd(v, w, f);
      w = v128.load(weight, 48);
      g = madd(v, i32x4.shl(w, 16), g);
      h = madd(v, w, h);
      weight += bytes;
      v = v128.load32_splat(x, 4);
      w = v128.load(weight, 0);
      a = madd(v, i32x4.shl(w, 16), a);
      b = madd(v, w, b);
      w = v128.load(weight, 16);
      c = madd(v, i32x4.shl(w, 16), c);
      d = madd(v, w, d);
      w = v128.load(weight, 32);
      e = madd(v, i32x4.shl(w, 16), e);
      f = madd(v, w, f);
      w = v128.load(weight, 48);
      g = madd(v, i32x4.shl(w, 16), g);
      h = madd(v, w, h);
      weight += bytes;
    }
    if (current == 0) break;
    x = current;
    current = 0;
  }
  const gate0 = gate(a, b);
  v128.store(to, gate0, 0);
  v128.store(skip, f32x4.add(v128.load(skip, 0), gate0), 0);
  const gate1 = gate(c, d);
  v128.store(to, gate1, 16);
  v128.store(skip, f32x4.add(v128.load(skip, 16), gate1), 16);
  const gate2 = gate(e, f);
  v128.store(to, gate2, 32);
  v128.store(skip, f32x4.add(v128.load(skip, 32), gate2), 32);
  const gate3 = gate(g, h);
  v128.store(to, gate3, 48);
  v128.store(skip, f32x4.add(v128.load(skip, 48), gate3), 48);
}

/** Two gates, even and odd inputs apart. */
// @ts-ignore: decorator
@inline
function four(past: usize, current: usize, bytes: usize, weight: usize, bias: usize, to: usize, skip: usize): void {
  let a0 = v128.load(bias, 0);
  let a1 = f32x4.splat(0);
  let b0 = v128.load(bias, 16);
  let b1 = f32x4.splat(0);
  let c0 = v128.load(bias, 32);
  let c1 = f32x4.splat(0);
  let d0 = v128.load(bias, 48);
  let d1 = f32x4.splat(0);
  let x = past;
  while (true) {
    for (const end = x + bytes; x < end; x += 8) {
      let v = v128.load32_splat(x, 0);
      let w = v128.load(weight, 0);
      a0 = madd(v, i32x4.shl(w, 16), a0);
      b0 = madd(v, w, b0);
      w = v128.load(weight, 16);
      c0 = madd(v, i32x4.shl(w, 16), c0);
      d0 = madd(v, w, d0);
      weight += bytes;
      v = v128.load32_splat(x, 4);
      w = v128.load(weight, 0);
      a1 = madd(v, i32x4.shl(w, 16), a1);
      b1 = madd(v, w, b1);
      w = v128.load(weight, 16);
      c1 = madd(v, i32x4.shl(w, 16), c1);
      d1 = madd(v, w, d1);
      weight += bytes;
    }
    if (current == 0) break;
    x = current;
    current = 0;
  }
  const gate0 = gate(f32x4.add(a0, a1), f32x4.add(b0, b1));
  v128.store(to, gate0, 0);
  v128.store(skip, f32x4.add(v128.load(skip, 0), gate0), 0);
  const gate1 = gate(f32x4.add(c0, c1), f32x4.add(d0, d1));
  v128.store(to, gate1, 16);
  v128.store(skip, f32x4.add(v128.load(skip, 16), gate1), 16);
}
