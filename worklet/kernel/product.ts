/**
 * A row times a matrix, for rows that come one by one: what is left to hide the latency of multiply-add is
 * the width of the matrix. Eight and more accumulators, several to an output vector where there are few.
 */
import { madd } from './simd';

/**
 * to = from + x W, where x is `bytes` bytes of inputs at `first` and, unless that is 0, as many at `second`.
 *
 * @param bytes a multiple of 16
 * @param weight `[inputs][vectors]`, an even number of vectors
 * @param from `vectors` vectors; `to` may be the same
 */
export function product(first: usize, second: usize, bytes: usize, weight: usize, vectors: i32, from: usize, to: usize): void {
  const row = <usize>vectors << 4;
  while (vectors > 0) {
    let done = 2;
    if (vectors >= 12) {
      twelve(first, second, bytes, weight, row, from, to);
      done = 12;
    } else if (vectors >= 6) {
      six(first, second, bytes, weight, row, from, to);
      done = 6;
    } else if (vectors >= 4) {
      four(first, second, bytes, weight, row, from, to);
      done = 4;
    } else {
      two(first, second, bytes, weight, row, from, to);
    }
    const step = <usize>done << 4;
    vectors -= done;
    weight += step;
    from += step;
    to += step;
  }
}

/** Twelve output vectors. */
function twelve(first: usize, second: usize, bytes: usize, weight: usize, row: usize, from: usize, to: usize): void {
  let a = v128.load(from, 0);
  let b = v128.load(from, 16);
  let c = v128.load(from, 32);
  let d = v128.load(from, 48);
  let e = v128.load(from, 64);
  let f = v128.load(from, 80);
  let g = v128.load(from, 96);
  let h = v128.load(from, 112);
  let i = v128.load(from, 128);
  let j = v128.load(from, 144);
  let k = v128.load(from, 160);
  let l = v128.load(from, 176);
  let x = first;
  while (true) {
    for (const end = x + bytes; x < end; x += 16) {
      const inputs = v128.load(x);
      let v = i8x16.shuffle(inputs, inputs, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
      a = madd(v, v128.load(weight, 0), a);
      b = madd(v, v128.load(weight, 16), b);
      c = madd(v, v128.load(weight, 32), c);
      d = madd(v, v128.load(weight, 48), d);
      e = madd(v, v128.load(weight, 64), e);
      f = madd(v, v128.load(weight, 80), f);
      g = madd(v, v128.load(weight, 96), g);
      h = madd(v, v128.load(weight, 112), h);
      i = madd(v, v128.load(weight, 128), i);
      j = madd(v, v128.load(weight, 144), j);
      k = madd(v, v128.load(weight, 160), k);
      l = madd(v, v128.load(weight, 176), l);
      weight += row;
      v = i8x16.shuffle(inputs, inputs, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7);
      a = madd(v, v128.load(weight, 0), a);
      b = madd(v, v128.load(weight, 16), b);
      c = madd(v, v128.load(weight, 32), c);
      d = madd(v, v128.load(weight, 48), d);
      e = madd(v, v128.load(weight, 64), e);
      f = madd(v, v128.load(weight, 80), f);
      g = madd(v, v128.load(weight, 96), g);
      h = madd(v, v128.load(weight, 112), h);
      i = madd(v, v128.load(weight, 128), i);
      j = madd(v, v128.load(weight, 144), j);
      k = madd(v, v128.load(weight, 160), k);
      l = madd(v, v128.load(weight, 176), l);
      weight += row;
      v = i8x16.shuffle(inputs, inputs, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11);
      a = madd(v, v128.load(weight, 0), a);
      b = madd(v, v128.load(weight, 16), b);
      c = madd(v, v128.load(weight, 32), c);
      d = madd(v, v128.load(weight, 48), d);
      e = madd(v, v128.load(weight, 64), e);
      f = madd(v, v128.load(weight, 80), f);
      g = madd(v, v128.load(weight, 96), g);
      h = madd(v, v128.load(weight, 112), h);
      i = madd(v, v128.load(weight, 128), i);
      j = madd(v, v128.load(weight, 144), j);
      k = madd(v, v128.load(weight, 160), k);
      l = madd(v, v128.load(weight, 176), l);
      weight += row;
      v = i8x16.shuffle(inputs, inputs, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);
      a = madd(v, v128.load(weight, 0), a);
      b = madd(v, v128.load(weight, 16), b);
      c = madd(v, v128.load(weight, 32), c);
      d = madd(v, v128.load(weight, 48), d);
      e = madd(v, v128.load(weight, 64), e);
      f = madd(v, v128.load(weight, 80), f);
      g = madd(v, v128.load(weight, 96), g);
      h = madd(v, v128.load(weight, 112), h);
      i = madd(v, v128.load(weight, 128), i);
      j = madd(v, v128.load(weight, 144), j);
      k = madd(v, v128.load(weight, 160), k);
      l = madd(v, v128.load(weight, 176), l);
      weight += row;
    }
    if (second == 0) break;
    x = second;
    second = 0;
  }
  v128.store(to, a, 0);
  v128.store(to, b, 16);
  v128.store(to, c, 32);
  v128.store(to, d, 48);
  v128.store(to, e, 64);
  v128.store(to, f, 80);
  v128.store(to, g, 96);
  v128.store(to, h, 112);
  v128.store(to, i, 128);
  v128.store(to, j, 144);
  v128.store(to, k, 160);
  v128.store(to, l, 176);
}

/** Six output vectors, even and odd inputs apart. */
function six(first: usize, second: usize, bytes: usize, weight: usize, row: usize, from: usize, to: usize): void {
  let a0 = v128.load(from, 0);
  let b0 = v128.load(from, 16);
  let c0 = v128.load(from, 32);
  let d0 = v128.load(from, 48);
  let e0 = v128.load(from, 64);
  let f0 = v128.load(from, 80);
  let a1 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  let e1 = f32x4.splat(0);
  let f1 = f32x4.splat(0);
  let x = first;
  while (true) {
    for (const end = x + bytes; x < end; x += 16) {
      const inputs = v128.load(x);
      let v = i8x16.shuffle(inputs, inputs, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
      a0 = madd(v, v128.load(weight, 0), a0);
      b0 = madd(v, v128.load(weight, 16), b0);
      c0 = madd(v, v128.load(weight, 32), c0);
      d0 = madd(v, v128.load(weight, 48), d0);
      e0 = madd(v, v128.load(weight, 64), e0);
      f0 = madd(v, v128.load(weight, 80), f0);
      weight += row;
      v = i8x16.shuffle(inputs, inputs, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7);
      a1 = madd(v, v128.load(weight, 0), a1);
      b1 = madd(v, v128.load(weight, 16), b1);
      c1 = madd(v, v128.load(weight, 32), c1);
      d1 = madd(v, v128.load(weight, 48), d1);
      e1 = madd(v, v128.load(weight, 64), e1);
      f1 = madd(v, v128.load(weight, 80), f1);
      weight += row;
      v = i8x16.shuffle(inputs, inputs, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11);
      a0 = madd(v, v128.load(weight, 0), a0);
      b0 = madd(v, v128.load(weight, 16), b0);
      c0 = madd(v, v128.load(weight, 32), c0);
      d0 = madd(v, v128.load(weight, 48), d0);
      e0 = madd(v, v128.load(weight, 64), e0);
      f0 = madd(v, v128.load(weight, 80), f0);
      weight += row;
      v = i8x16.shuffle(inputs, inputs, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);
      a1 = madd(v, v128.load(weight, 0), a1);
      b1 = madd(v, v128.load(weight, 16), b1);
      c1 = madd(v, v128.load(weight, 32), c1);
      d1 = madd(v, v128.load(weight, 48), d1);
      e1 = madd(v, v128.load(weight, 64), e1);
      f1 = madd(v, v128.load(weight, 80), f1);
      weight += row;
    }
    if (second == 0) break;
    x = second;
    second = 0;
  }
  v128.store(to, f32x4.add(a0, a1), 0);
  v128.store(to, f32x4.add(b0, b1), 16);
  v128.store(to, f32x4.add(c0, c1), 32);
  v128.store(to, f32x4.add(d0, d1), 48);
  v128.store(to, f32x4.add(e0, e1), 64);
  v128.store(to, f32x4.add(f0, f1), 80);
}

/** Four output vectors, even and odd inputs apart. */
function four(first: usize, second: usize, bytes: usize, weight: usize, row: usize, from: usize, to: usize): void {
  let a0 = v128.load(from, 0);
  let b0 = v128.load(from, 16);
  let c0 = v128.load(from, 32);
  let d0 = v128.load(from, 48);
  let a1 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  let x = first;
  while (true) {
    for (const end = x + bytes; x < end; x += 16) {
      const inputs = v128.load(x);
      let v = i8x16.shuffle(inputs, inputs, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
      a0 = madd(v, v128.load(weight, 0), a0);
      b0 = madd(v, v128.load(weight, 16), b0);
      c0 = madd(v, v128.load(weight, 32), c0);
      d0 = madd(v, v128.load(weight, 48), d0);
      weight += row;
      v = i8x16.shuffle(inputs, inputs, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7);
      a1 = madd(v, v128.load(weight, 0), a1);
      b1 = madd(v, v128.load(weight, 16), b1);
      c1 = madd(v, v128.load(weight, 32), c1);
      d1 = madd(v, v128.load(weight, 48), d1);
      weight += row;
      v = i8x16.shuffle(inputs, inputs, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11);
      a0 = madd(v, v128.load(weight, 0), a0);
      b0 = madd(v, v128.load(weight, 16), b0);
      c0 = madd(v, v128.load(weight, 32), c0);
      d0 = madd(v, v128.load(weight, 48), d0);
      weight += row;
      v = i8x16.shuffle(inputs, inputs, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);
      a1 = madd(v, v128.load(weight, 0), a1);
      b1 = madd(v, v128.load(weight, 16), b1);
      c1 = madd(v, v128.load(weight, 32), c1);
      d1 = madd(v, v128.load(weight, 48), d1);
      weight += row;
    }
    if (second == 0) break;
    x = second;
    second = 0;
  }
  v128.store(to, f32x4.add(a0, a1), 0);
  v128.store(to, f32x4.add(b0, b1), 16);
  v128.store(to, f32x4.add(c0, c1), 32);
  v128.store(to, f32x4.add(d0, d1), 48);
}

/** Two output vectors, every fourth input apart. */
function two(first: usize, second: usize, bytes: usize, weight: usize, row: usize, from: usize, to: usize): void {
  let a0 = v128.load(from, 0);
  let b0 = v128.load(from, 16);
  let a1 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  let x = first;
  while (true) {
    for (const end = x + bytes; x < end; x += 16) {
      const inputs = v128.load(x);
      let v = i8x16.shuffle(inputs, inputs, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
      a0 = madd(v, v128.load(weight, 0), a0);
      b0 = madd(v, v128.load(weight, 16), b0);
      weight += row;
      v = i8x16.shuffle(inputs, inputs, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7);
      a1 = madd(v, v128.load(weight, 0), a1);
      b1 = madd(v, v128.load(weight, 16), b1);
      weight += row;
      v = i8x16.shuffle(inputs, inputs, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11);
      a2 = madd(v, v128.load(weight, 0), a2);
      b2 = madd(v, v128.load(weight, 16), b2);
      weight += row;
      v = i8x16.shuffle(inputs, inputs, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);
      a3 = madd(v, v128.load(weight, 0), a3);
      b3 = madd(v, v128.load(weight, 16), b3);
      weight += row;
    }
    if (second == 0) break;
    x = second;
    second = 0;
  }
  v128.store(to, f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)), 0);
  v128.store(to, f32x4.add(f32x4.add(b0, b1), f32x4.add(b2, b3)), 16);
}
