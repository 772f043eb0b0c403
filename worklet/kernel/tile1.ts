/** One row: several output vectors and partial sums take the place of rows in hiding the latency of multiply-add. */
import { gate, madd } from './simd';

/** As `gateFour`, for one row; two channel vectors and both taps at a time. */
export function gateOne(past: usize, current: usize, weight: usize, bias: usize, activation: usize, skip: usize, channels: i32): void {
  const stride = <usize>channels << 2;
  // Weights of one tap of one channel vector.
  const tap = stride << 3;
  for (let o: usize = 0; o < stride; o += 32) {
    let t0 = v128.load(bias, 0);
    let s0 = v128.load(bias, 16);
    let t1 = v128.load(bias, 32);
    let s1 = v128.load(bias, 48);
    let t2 = f32x4.splat(0);
    let s2 = t2;
    let t3 = t2;
    let s3 = t2;
    bias += 64;
    let now = weight + tap;
    let next = now + tap;
    let nextNow = next + tap;
    for (let i: usize = 0; i < stride; i += 4) {
      let v = v128.load32_splat(past + i);
      t0 = madd(v, v128.load(weight, 0), t0);
      s0 = madd(v, v128.load(weight, 16), s0);
      t1 = madd(v, v128.load(next, 0), t1);
      s1 = madd(v, v128.load(next, 16), s1);
      v = v128.load32_splat(current + i);
      t2 = madd(v, v128.load(now, 0), t2);
      s2 = madd(v, v128.load(now, 16), s2);
      t3 = madd(v, v128.load(nextNow, 0), t3);
      s3 = madd(v, v128.load(nextNow, 16), s3);
      weight += 32;
      now += 32;
      next += 32;
      nextNow += 32;
    }
    weight = nextNow;
    let g = gate(f32x4.add(t0, t2), f32x4.add(s0, s2));
    v128.store(activation + o, g, 0);
    v128.store(skip + o, f32x4.add(v128.load(skip + o, 0), g), 0);
    g = gate(f32x4.add(t1, t3), f32x4.add(s1, s3));
    v128.store(activation + o, g, 16);
    v128.store(skip + o, f32x4.add(v128.load(skip + o, 16), g), 16);
  }
}

/** As `residualFour`, for one row. */
export function residualOne(activation: usize, current: usize, weight: usize, bias: usize, next: usize, channels: i32): void {
  const stride = <usize>channels << 2;
  for (let o: usize = 0; o < stride; o += 32) {
    let x0 = f32x4.add(v128.load(bias + o, 0), v128.load(current + o, 0));
    let y0 = f32x4.add(v128.load(bias + o, 16), v128.load(current + o, 16));
    let x1 = f32x4.splat(0);
    let y1 = x1;
    let x2 = x1;
    let y2 = x1;
    let x3 = x1;
    let y3 = x1;
    for (let i: usize = 0; i < stride; i += 16) {
      let v = v128.load32_splat(activation + i, 0);
      x0 = madd(v, v128.load(weight, 0), x0);
      y0 = madd(v, v128.load(weight, 16), y0);
      v = v128.load32_splat(activation + i, 4);
      x1 = madd(v, v128.load(weight, 32), x1);
      y1 = madd(v, v128.load(weight, 48), y1);
      v = v128.load32_splat(activation + i, 8);
      x2 = madd(v, v128.load(weight, 64), x2);
      y2 = madd(v, v128.load(weight, 80), y2);
      v = v128.load32_splat(activation + i, 12);
      x3 = madd(v, v128.load(weight, 96), x3);
      y3 = madd(v, v128.load(weight, 112), y3);
      weight += 128;
    }
    v128.store(next + o, f32x4.add(f32x4.add(x0, x1), f32x4.add(x2, x3)), 0);
    v128.store(next + o, f32x4.add(f32x4.add(y0, y1), f32x4.add(y2, y3)), 16);
  }
}
