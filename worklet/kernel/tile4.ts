/** Tiles of four rows by two vectors: 8 accumulators hide the latency of multiply-add. */
import { gate, madd } from './simd';

/**
 * Gated activations 2 tanh(g) sigmoid(2 g') of four rows; stored at `activation` and added to `skip`.
 *
 * @param past rows h[r - d], `current` rows h[r], `channels` floats each
 */
export function gateFour(past: usize, current: usize, weight: usize, bias: usize, activation: usize, skip: usize, channels: i32): void {
  const stride = <usize>channels << 2;
  const row = stride << 1;
  for (let o: usize = 0; o < stride; o += 16) {
    let w = weight + (o << 1);
    let t0 = v128.load(bias, 0);
    let s0 = v128.load(bias, 16);
    let t1 = t0;
    let s1 = s0;
    let t2 = t0;
    let s2 = s0;
    let t3 = t0;
    let s3 = s0;
    bias += 32;
    for (let x = past, end = past + stride; x < end; x += 4) {
      const wt = v128.load(w, 0);
      const ws = v128.load(w, 16);
      w += row;
      let at = x;
      let v = v128.load32_splat(at);
      t0 = madd(v, wt, t0);
      s0 = madd(v, ws, s0);
      at += stride;
      v = v128.load32_splat(at);
      t1 = madd(v, wt, t1);
      s1 = madd(v, ws, s1);
      at += stride;
      v = v128.load32_splat(at);
      t2 = madd(v, wt, t2);
      s2 = madd(v, ws, s2);
      at += stride;
      v = v128.load32_splat(at);
      t3 = madd(v, wt, t3);
      s3 = madd(v, ws, s3);
    }
    for (let x = current, end = current + stride; x < end; x += 4) {
      const wt = v128.load(w, 0);
      const ws = v128.load(w, 16);
      w += row;
      let at = x;
      let v = v128.load32_splat(at);
      t0 = madd(v, wt, t0);
      s0 = madd(v, ws, s0);
      at += stride;
      v = v128.load32_splat(at);
      t1 = madd(v, wt, t1);
      s1 = madd(v, ws, s1);
      at += stride;
      v = v128.load32_splat(at);
      t2 = madd(v, wt, t2);
      s2 = madd(v, ws, s2);
      at += stride;
      v = v128.load32_splat(at);
      t3 = madd(v, wt, t3);
      s3 = madd(v, ws, s3);
    }
    let a = activation + o;
    let k = skip + o;
    let g = gate(t0, s0);
    v128.store(a, g);
    v128.store(k, f32x4.add(v128.load(k), g));
    a += stride;
    k += stride;
    g = gate(t1, s1);
    v128.store(a, g);
    v128.store(k, f32x4.add(v128.load(k), g));
    a += stride;
    k += stride;
    g = gate(t2, s2);
    v128.store(a, g);
    v128.store(k, f32x4.add(v128.load(k), g));
    a += stride;
    k += stride;
    g = gate(t3, s3);
    v128.store(a, g);
    v128.store(k, f32x4.add(v128.load(k), g));
  }
}

/** next = current + activation W + b for four rows. */
export function residualFour(activation: usize, current: usize, weight: usize, bias: usize, next: usize, channels: i32): void {
  const stride = <usize>channels << 2;
  for (let o: usize = 0; o < stride; o += 32) {
    let w = weight + o;
    const b0 = v128.load(bias + o, 0);
    const b1 = v128.load(bias + o, 16);
    let row = current + o;
    let x0 = f32x4.add(b0, v128.load(row, 0));
    let y0 = f32x4.add(b1, v128.load(row, 16));
    row += stride;
    let x1 = f32x4.add(b0, v128.load(row, 0));
    let y1 = f32x4.add(b1, v128.load(row, 16));
    row += stride;
    let x2 = f32x4.add(b0, v128.load(row, 0));
    let y2 = f32x4.add(b1, v128.load(row, 16));
    row += stride;
    let x3 = f32x4.add(b0, v128.load(row, 0));
    let y3 = f32x4.add(b1, v128.load(row, 16));
    for (let x = activation, end = activation + stride; x < end; x += 4) {
      const wx = v128.load(w, 0);
      const wy = v128.load(w, 16);
      w += stride;
      let input = x;
      let v = v128.load32_splat(input);
      x0 = madd(v, wx, x0);
      y0 = madd(v, wy, y0);
      input += stride;
      v = v128.load32_splat(input);
      x1 = madd(v, wx, x1);
      y1 = madd(v, wy, y1);
      input += stride;
      v = v128.load32_splat(input);
      x2 = madd(v, wx, x2);
      y2 = madd(v, wy, y2);
      input += stride;
      v = v128.load32_splat(input);
      x3 = madd(v, wx, x3);
      y3 = madd(v, wy, y3);
    }
    row = next + o;
    v128.store(row, x0, 0);
    v128.store(row, y0, 16);
    row += stride;
    v128.store(row, x1, 0);
    v128.store(row, y1, 16);
    row += stride;
    v128.store(row, x2, 0);
    v128.store(row, y2, 16);
    row += stride;
    v128.store(row, x3, 0);
    v128.store(row, y3, 16);
  }
}
