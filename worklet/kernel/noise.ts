/**
 * Noise in bands, four to a vector ("group"): one generator for all voices.
 *
 * Each band is its own xorshift32 (Marsaglia 2003) through two equal complex one-pole resonators.
 */
import { lanesSum, madd } from './simd';

/** Samples of a tick. */
const TICK: usize = 32;

/** Bytes of one group of the generator; the host writes the pole and the seeds. */
const GROUP: usize = 112;
// @ts-ignore: decorator
@inline const POLE_RE: usize = 0;
// @ts-ignore: decorator
@inline const POLE_IM: usize = 16;
// @ts-ignore: decorator
@inline const RANDOM: usize = 32;
// @ts-ignore: decorator
@inline const FIRST_RE: usize = 48;
// @ts-ignore: decorator
@inline const FIRST_IM: usize = 64;
// @ts-ignore: decorator
@inline const SECOND_RE: usize = 80;
// @ts-ignore: decorator
@inline const SECOND_IM: usize = 96;

/**
 * Writes one tick of noise into the 32 floats at `out`.
 *
 * @param gains gain of each band at the first sample, `nextGains` those 32 samples later; linear between
 * @param lanes 32 vectors of scratch memory
 */
export function noise(bank: usize, groups: i32, gains: usize, nextGains: usize, lanes: usize, out: usize): void {
  memory.fill(lanes, 0, TICK << 4);
  const toUnit = f32x4.splat(1.0 / 2147483648.0);
  for (let group = 0; group < groups; group++) {
    const re = v128.load(bank, POLE_RE);
    const im = v128.load(bank, POLE_IM);
    let random = v128.load(bank, RANDOM);
    let firstRe = v128.load(bank, FIRST_RE);
    let firstIm = v128.load(bank, FIRST_IM);
    let secondRe = v128.load(bank, SECOND_RE);
    let secondIm = v128.load(bank, SECOND_IM);
    let gain = v128.load(gains);
    const slope = f32x4.mul(f32x4.sub(v128.load(nextGains), gain), f32x4.splat(1.0 / 32));
    const end = lanes + (TICK << 4);
    for (let lane = lanes; lane < end; lane += 16) {
      random = v128.xor(random, i32x4.shl(random, 13));
      random = v128.xor(random, i32x4.shr_u(random, 17));
      random = v128.xor(random, i32x4.shl(random, 5));
      const white = f32x4.mul(f32x4.convert_i32x4_s(random), toUnit);
      const a = madd(firstRe, re, f32x4.sub(white, f32x4.mul(firstIm, im)));
      firstIm = madd(firstRe, im, f32x4.mul(firstIm, re));
      firstRe = a;
      const b = madd(secondRe, re, f32x4.sub(firstRe, f32x4.mul(secondIm, im)));
      secondIm = madd(secondRe, im, madd(secondIm, re, firstIm));
      secondRe = b;
      v128.store(lane, madd(gain, secondRe, v128.load(lane)));
      gain = f32x4.add(gain, slope);
    }
    v128.store(bank, random, RANDOM);
    v128.store(bank, firstRe, FIRST_RE);
    v128.store(bank, firstIm, FIRST_IM);
    v128.store(bank, secondRe, SECOND_RE);
    v128.store(bank, secondIm, SECOND_IM);
    bank += GROUP;
    gains += 16;
    nextGains += 16;
  }
  for (let n: usize = 0; n < TICK; n++) store<f32>(out + (n << 2), lanesSum(v128.load(lanes + (n << 4))));
}

/** Bytes of one group of a voice: powers of strike and body, what amplitudes lack of their rise (1 at the strike); then how each decays over one tick. */
const VOICE_GROUP: usize = 96;

/** Powers are kept above this, since a decay into denormal numbers would slow down the processor. */
const SMALLEST: f32 = 1e-30;

/**
 * Adds `weight` times the noise power of one voice to `power`, then lets it decay and rise by one tick.
 *
 * @returns the voice's power before the decay, summed over bands, without the weight
 */
export function addNoisePower(voice: usize, groups: i32, weight: f32, power: usize): f32 {
  const factor = f32x4.splat(weight);
  const smallest = f32x4.splat(SMALLEST);
  let total = f32x4.splat(0);
  for (let group = 0; group < groups; group++) {
    const strike = v128.load(voice, 0);
    const body = v128.load(voice, 16);
    const lack = v128.load(voice, 32);
    const risen = f32x4.sub(f32x4.splat(1), lack);
    const both = f32x4.mul(f32x4.add(strike, body), f32x4.mul(risen, risen));
    total = f32x4.add(total, both);
    v128.store(power, madd(factor, both, v128.load(power)));
    v128.store(voice, f32x4.pmax(f32x4.mul(strike, v128.load(voice, 48)), smallest), 0);
    v128.store(voice, f32x4.pmax(f32x4.mul(body, v128.load(voice, 64)), smallest), 16);
    v128.store(voice, f32x4.pmax(f32x4.mul(lack, v128.load(voice, 80)), smallest), 32);
    voice += VOICE_GROUP;
    power += 16;
  }
  return lanesSum(total);
}

/**
 * Writes `gains` = sqrt(power) * scale and clears `power`.
 *
 * @returns power summed over bands
 */
export function noiseGains(power: usize, scale: usize, gains: usize, groups: i32): f32 {
  let total = f32x4.splat(0);
  for (let group = 0; group < groups; group++) {
    const p = v128.load(power);
    total = f32x4.add(total, p);
    v128.store(gains, f32x4.mul(f32x4.sqrt(p), v128.load(scale)));
    v128.store(power, f32x4.splat(0));
    power += 16;
    scale += 16;
    gains += 16;
  }
  return lanesSum(total);
}
