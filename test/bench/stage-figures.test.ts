import { describe, expect, test } from 'vitest';
import { CLIP_LENGTH } from '../../bench/quality/distances.ts';
import { chordLevel, releaseSeconds } from '../../bench/quality/level.ts';
import { stepsOf } from '../../bench/quality/morph.ts';
import { monoLoss } from '../../bench/quality/stereo.ts';
import { STRIKE_RATE } from '../../bench/quality/strike.ts';
import { Random } from '../../model/random.ts';

const RATE = STRIKE_RATE;

function noise(seed: number, length = RATE): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length }, () => 0.1 * random.normal());
}

describe('the mono sum', () => {
  const middle = noise(1);

  test('of the same on both sides loses nothing', () => {
    expect(monoLoss(middle, middle, RATE).worst).toBeCloseTo(0, 9);
  });

  test('of sides that have nothing in common loses 3 dB', () => {
    // The lowest octaves hold few lines of the spectrum, and one of them always loses a little more.
    const { worst } = monoLoss(middle, noise(2), RATE);
    expect(worst).toBeGreaterThan(2.9);
    expect(worst).toBeLessThan(5);
  });

  test('loses the octave that is turned round', () => {
    const tone = (frequency: number): Float32Array => Float32Array.from({ length: RATE }, (_, n) => Math.sin((2 * Math.PI * frequency * n) / RATE));
    const [low, high] = [tone(125), tone(1000)];
    const { worst, octave } = monoLoss(low.map((x, n) => x + high[n]!), low.map((x, n) => x - high[n]!), RATE);
    expect(worst).toBeGreaterThan(20);
    expect(Math.abs(octave / 1000 - 1)).toBeLessThan(0.05);
  });

  test('of middle and side loses what the side adds, and silent octaves do not count', () => {
    const tone = Float32Array.from({ length: RATE }, (_, n) => Math.sin((2 * Math.PI * 500 * n) / RATE));
    const { worst } = monoLoss(tone.map((x) => 1.33 * x), tone.map((x) => 0.67 * x), RATE);
    expect(worst).toBeCloseTo(10 * Math.log10(1 + 0.33 ** 2), 3);
  });
});

describe('a morph', () => {
  const [a, b] = [noise(3, CLIP_LENGTH), noise(4, CLIP_LENGTH)].map((signal) => Float64Array.from(signal)) as [Float64Array, Float64Array];
  /** Noise whose later half is `decibels` louder. */
  const at = (decibels: number): Float64Array[] => [a.map((x, n) => (n < CLIP_LENGTH / 2 ? x : x * 10 ** (decibels / 20)))];

  test('in ten like steps has a longest step of a tenth', () => {
    const { whole, longest } = stepsOf(Array.from({ length: 11 }, (_, i) => at(2 * i)));
    expect(whole).toBeGreaterThan(9);
    expect(longest).toBeGreaterThan(0.09);
    expect(longest).toBeLessThan(0.13);
  });

  test('that jumps is found out', () => {
    expect(stepsOf([0, 0, 0, 0, 0, 20, 20, 20, 20, 20, 20].map(at)).longest).toBeCloseTo(1, 2);
    expect(stepsOf([[a], [b], [b]]).longest).toBeCloseTo(1, 9);
  });
});

describe('levels', () => {
  const sine = (amplitude: number): Float32Array => Float32Array.from({ length: RATE }, (_, n) => amplitude * Math.sin((2 * Math.PI * 440 * n) / RATE));

  test('a sine of half the full scale peaks at -6 dBFS, 3 dB above its rms', () => {
    const { peak, level, limited } = chordLevel(sine(0.5));
    expect(peak).toBeCloseTo(-6.02, 1);
    expect(level).toBeCloseTo(-9.03, 1);
    expect(limited).toBe(false);
    expect(chordLevel(sine(1.2)).limited).toBe(true);
  });

  test('a release that falls 60 dB in 0.3 s has fallen 40 after 0.2', () => {
    const released = sine(0.5).map((x, n) => (n < RATE / 2 ? x : x * 10 ** (-(n / RATE - 0.5) / 0.1)));
    expect(releaseSeconds(released, RATE / 2)).toBeCloseTo(0.2, 1);
    expect(releaseSeconds(sine(0.5), RATE / 2)).toBeUndefined();
  });
});
