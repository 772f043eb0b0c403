/** One row at a time. */
import { product } from './product';
import { gate } from './simd';

/** As `gateFour`, for one row; the two rows of `activation` after the first hold the sums before the gates. */
export function gateOne(past: usize, current: usize, weight: usize, bias: usize, activation: usize, skip: usize, channels: i32): void {
  const stride = <usize>channels << 2;
  let sums = activation + stride;
  product(past, current, stride, weight, channels >> 1, bias, sums);
  for (const end = activation + stride; activation < end; activation += 16) {
    const g = gate(v128.load(sums, 0), v128.load(sums, 16));
    v128.store(activation, g);
    v128.store(skip, f32x4.add(v128.load(skip), g));
    sums += 32;
    skip += 16;
  }
}

/** As `residualFour`, for one row. */
export function residualOne(activation: usize, current: usize, weight: usize, bias: usize, next: usize, channels: i32): void {
  const stride = <usize>channels << 2;
  for (let o: usize = 0; o < stride; o += 16) v128.store(next + o, f32x4.add(v128.load(bias + o), v128.load(current + o)));
  product(activation, 0, stride, weight, channels >> 2, next, next);
}
