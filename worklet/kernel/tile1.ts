/** One row: four partial sums a vector take the place of four rows in hiding the latency of multiply-add. */
import { gate, madd } from './simd';

/** As `gateFour`, for one row. */
export function gateOne(past: usize, current: usize, weight: usize, bias: usize, activation: usize, skip: usize, channels: i32): void {
  const stride = <usize>channels << 2;
  for (let o: usize = 0; o < stride; o += 16) {
    let t0 = v128.load(bias, 0);
    let s0 = v128.load(bias, 16);
    let t1 = f32x4.splat(0);
    let s1 = t1;
    let t2 = t1;
    let s2 = t1;
    let t3 = t1;
    let s3 = t1;
    bias += 32;
    // Weights of the current tap.
    let weight2 = weight + (stride << 3);
    for (let i: usize = 0; i < stride; i += 8) {
      let v = v128.load32_splat(past + i, 0);
      t0 = madd(v, v128.load(weight, 0), t0);
      s0 = madd(v, v128.load(weight, 16), s0);
      v = v128.load32_splat(past + i, 4);
      t1 = madd(v, v128.load(weight, 32), t1);
      s1 = madd(v, v128.load(weight, 48), s1);
      v = v128.load32_splat(current + i, 0);
      t2 = madd(v, v128.load(weight2, 0), t2);
      s2 = madd(v, v128.load(weight2, 16), s2);
      v = v128.load32_splat(current + i, 4);
      t3 = madd(v, v128.load(weight2, 32), t3);
      s3 = madd(v, v128.load(weight2, 48), s3);
      weight += 64;
      weight2 += 64;
    }
    weight = weight2;
    const t = f32x4.add(f32x4.add(t0, t1), f32x4.add(t2, t3));
    const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
    const g = gate(t, s);
    v128.store(activation + o, g);
    v128.store(skip + o, f32x4.add(v128.load(skip + o), g));
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
