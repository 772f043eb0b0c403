/**
 * Float64 reference of the noise generator: stationary noise in bands.
 *
 * Each band is white noise through two equal complex one-pole resonators. Gains
 * are applied after the filters, so a narrow band still starts at once.
 */
import { noiseBands, type Spec } from '../spec.ts';

/** Two equal poles are this share as wide (-3 dB) as one: sqrt(sqrt(2) - 1). */
const TWO_POLE_WIDTH = 0.6436;

/** One step of Marsaglia's xorshift32; the state is a non-zero 32-bit integer. */
export function xorshift32(state: number): number {
  let x = state;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x;
}

export function bandSeed(seed: number, band: number): number {
  return (seed + Math.imul(band + 1, 0x9e3779b9)) | 0 || 1;
}

export interface Resonator {
  /** Real and imaginary part of the pole. */
  readonly re: number;
  readonly im: number;
  /** Brings the output to unit variance for white noise of variance 1/3. */
  readonly gain: number;
}

export function bandResonators(spec: Spec): Resonator[] {
  return noiseBands(spec).map(({ centre, width }) => {
    const radius = Math.exp((-Math.PI * width) / (TWO_POLE_WIDTH * spec.sampleRate));
    const omega = (2 * Math.PI * centre) / spec.sampleRate;
    let power = 0;
    for (let n = 0; (n + 1) * radius ** n > 1e-6; n++) power += ((n + 1) * radius ** n * Math.cos(omega * n)) ** 2;
    return { re: radius * Math.cos(omega), im: radius * Math.sin(omega), gain: 1 / Math.sqrt(power / 3) };
  });
}

/** Unit-variance noise of every band from the engine's first sample on: `[bands][length]`. */
export function noiseSignals(spec: Spec, seed: number, length: number): Float64Array[] {
  return bandResonators(spec).map(({ re, im, gain }, band) => {
    const signal = new Float64Array(length);
    let state = bandSeed(seed, band);
    let aRe = 0, aIm = 0, bRe = 0, bIm = 0;
    for (let n = 0; n < length; n++) {
      state = xorshift32(state);
      const white = state * 2 ** -31;
      [aRe, aIm] = [aRe * re - aIm * im + white, aRe * im + aIm * re];
      [bRe, bIm] = [bRe * re - bIm * im + aRe, bRe * im + bIm * re + aIm];
      signal[n] = gain * bRe;
    }
    return signal;
  });
}
