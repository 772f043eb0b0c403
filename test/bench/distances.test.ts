import { describe, expect, test } from 'vitest';
import { cutClip } from '../../bench/quality/clip.ts';
import { CLIP_LENGTH, CLIP_RATE, distances } from '../../bench/quality/distances.ts';

/** Uniform white noise from a seed (mulberry32). */
function whiteNoise(seed: number, length = CLIP_LENGTH): Float64Array {
  let state = seed;
  return Float64Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

describe('distances', () => {
  const noise = whiteNoise(1);
  // The second half is 20 dB louder; after matching rms the halves differ by known gains.
  const stepped = noise.map((x, n) => (n < CLIP_LENGTH / 2 ? x : 10 * x));
  const quieter = Math.sqrt(2 / 101);
  const stepDecibels = Math.hypot(20 * Math.log10(quieter), 20 * Math.log10(10 * quieter)) / Math.SQRT2;

  test('a clip is no distance from itself at another level', () => {
    const same = distances(noise, noise.map((x) => 0.1 * x));
    for (const value of Object.values(same)) expect(value).toBeLessThan(1e-9);
  });

  test('a change of level halfway costs its rms in dB', () => {
    const { lsd, mel } = distances(noise, stepped);
    expect(Math.abs(lsd / stepDecibels - 1)).toBeLessThan(0.02);
    expect(Math.abs(mel / stepDecibels - 1)).toBeLessThan(0.02);
  });

  test('the multi-scale loss of that change is half its relative difference plus its mean log', () => {
    const linear = (1 - quieter + (10 * quieter - 1)) / 4;
    const logarithmic = (Math.abs(Math.log(quieter)) + Math.log(10 * quieter)) / 2;
    expect(Math.abs(distances(noise, stepped).mss / (linear + logarithmic) - 1)).toBeLessThan(0.02);
  });

  test('two draws of white noise differ by the spread of two exponential powers', () => {
    // Var(ln E) = pi^2 / 6 for exponential E; two of them, in dB.
    const expected = (10 / Math.LN10) * Math.sqrt(Math.PI ** 2 / 3);
    expect(Math.abs(distances(noise, whiteNoise(2)).lsd / expected - 1)).toBeLessThan(0.03);
  });

  test('the attack forgives a shift of 3 ms and not one of 10 ms', () => {
    const strike = noise.map((x, n) => (n < 96 ? 0 : x * Math.exp(-(n - 96) / 240)));
    const late = (seconds: number): Float64Array => strike.map((_, n) => strike[n - seconds * CLIP_RATE] ?? 0);
    expect(distances(strike, late(0.003)).attack).toBeLessThan(1e-6);
    expect(distances(strike, late(0.01)).attack).toBeGreaterThan(5);
  });

  test('a silent candidate is far away, and a silent target is refused', () => {
    const silence = new Float64Array(CLIP_LENGTH);
    expect(distances(noise, silence).lsd).toBeGreaterThan(40);
    expect(() => distances(silence, noise)).toThrow('silent');
  });
});

describe('cutting a clip', () => {
  test.each([44100, 48000])('a strike at %i Hz starts 4 ms into it, wherever it was recorded', (rate) => {
    const strike = (seconds: number): Float32Array =>
      Float32Array.from({ length: 2 * rate }, (_, n) => {
        const t = n / rate - seconds;
        return t < 0 ? 0 : Math.exp(-3 * t) * Math.sin(2 * Math.PI * 1000 * t);
      });
    const early = cutClip(strike(0.001), rate);
    const late = cutClip(strike(0.2), rate);
    expect(early.length).toBe(CLIP_LENGTH);
    for (const clip of [early, late]) {
      const first = clip.findIndex((x) => Math.abs(x) > 0.1);
      expect(Math.abs(first / CLIP_RATE - 0.004)).toBeLessThan(0.001);
    }
    expect(distances(early, late).attack).toBeLessThan(0.5);
  });
});
