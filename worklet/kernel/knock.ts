/** The knock of one voice: from its low rate to the model's, by a polyphase filter of 16 taps. */
import { lanesSum, madd } from './simd';

/** Bytes of the taps of one phase. */
const TAPS: usize = 64;

/**
 * Adds `count` samples of a knock to those at `out`, from `age` samples after its strike on.
 *
 * @param samples low-rate samples, the first of which is 7 before the strike; those from 9 after the last needed one on are not read
 * @param filter `[divisor][16]`
 * @returns mean power of what was added
 */
export function addKnock(samples: usize, age: i32, divisor: i32, filter: usize, out: usize, count: i32): f32 {
  let phase = age % divisor;
  let x = samples + (<usize>(age / divisor) << 2);
  let power: f32 = 0;
  for (let n = 0; n < count; n++) {
    const h = filter + <usize>phase * TAPS;
    const a = madd(v128.load(x, 0), v128.load(h, 0), f32x4.mul(v128.load(x, 16), v128.load(h, 16)));
    const b = madd(v128.load(x, 32), v128.load(h, 32), f32x4.mul(v128.load(x, 48), v128.load(h, 48)));
    const y = lanesSum(f32x4.add(a, b));
    power += y * y;
    store<f32>(out, load<f32>(out) + y);
    out += 4;
    phase++;
    if (phase == divisor) {
      phase = 0;
      x += 4;
    }
  }
  return power / <f32>count;
}
