/** The narrow layers at both ends of the WaveNet. */
import { madd } from './simd';

/** y = x W + b for `rows` rows; `outputs` is a multiple of 4. */
export function dense(x: usize, inputs: i32, weight: usize, bias: usize, y: usize, outputs: i32, rows: i32): void {
  const width = <usize>outputs << 2;
  for (let row = 0; row < rows; row++) {
    for (let o: usize = 0; o < width; o += 16) {
      let sum = v128.load(bias + o);
      let w = weight + o;
      for (let i: usize = 0; i < <usize>inputs; i++) {
        sum = madd(v128.load32_splat(x + (i << 2)), v128.load(w), sum);
        w += width;
      }
      v128.store(y + o, sum);
    }
    x += <usize>inputs << 2;
    y += width;
  }
}
