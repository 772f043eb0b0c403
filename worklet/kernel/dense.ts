/** Dense layers of one vector: the note network, and the conditioning of all WaveNet layers at once. */
import { madd, silu } from './simd';

/** Outputs of one tile, which has a vector accumulator for each four. */
const TILE: i32 = 32;

/**
 * y = x W + b, then SiLU where asked.
 *
 * @param x `inputs` floats
 * @param weights `[outputs / 32][inputs][32]`, so that they are read in one go; `outputs` is a multiple of 32
 */
export function dense(x: usize, inputs: i32, weights: usize, bias: usize, y: usize, outputs: i32, activate: bool): void {
  const bytes: usize = <usize>outputs << 2;
  const end = x + (<usize>inputs << 2);
  let w = weights;
  for (let o: usize = 0; o < bytes; o += TILE << 2) {
    const b = bias + o;
    let a0 = v128.load(b, 0);
    let a1 = v128.load(b, 16);
    let a2 = v128.load(b, 32);
    let a3 = v128.load(b, 48);
    let a4 = v128.load(b, 64);
    let a5 = v128.load(b, 80);
    let a6 = v128.load(b, 96);
    let a7 = v128.load(b, 112);
    for (let input = x; input < end; input += 4) {
      const v = v128.load32_splat(input);
      a0 = madd(v, v128.load(w, 0), a0);
      a1 = madd(v, v128.load(w, 16), a1);
      a2 = madd(v, v128.load(w, 32), a2);
      a3 = madd(v, v128.load(w, 48), a3);
      a4 = madd(v, v128.load(w, 64), a4);
      a5 = madd(v, v128.load(w, 80), a5);
      a6 = madd(v, v128.load(w, 96), a6);
      a7 = madd(v, v128.load(w, 112), a7);
      w += TILE << 2;
    }
    const out = y + o;
    v128.store(out, activate ? silu(a0) : a0, 0);
    v128.store(out, activate ? silu(a1) : a1, 16);
    v128.store(out, activate ? silu(a2) : a2, 32);
    v128.store(out, activate ? silu(a3) : a3, 48);
    v128.store(out, activate ? silu(a4) : a4, 64);
    v128.store(out, activate ? silu(a5) : a5, 80);
    v128.store(out, activate ? silu(a6) : a6, 96);
    v128.store(out, activate ? silu(a7) : a7, 112);
  }
}
