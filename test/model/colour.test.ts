import { describe, expect, it } from 'vitest';
import { Colour } from '../../model/generator/colour.ts';
import { Random } from '../../model/random.ts';
import { GENERATOR_SPECS, generatedBands, noiseBands } from '../../model/spec.ts';

const spec = GENERATOR_SPECS.residual;
const RATE = spec.sampleRate / spec.generator!.divisor;
const bands = noiseBands(spec).slice(0, generatedBands(spec));

/** Powers that fall and rise along the bands, as those of a knock do. */
const powers = Float64Array.from(bands, ({ centre }) => 1e-4 * 10 ** (-centre / 6000 + 0.4 * Math.sin(centre / 700)));

/** Power of the filter's output in a band, from its response. */
function bandPower({ gain, coefficients }: Colour, low: number, high: number): number {
  const points = 64;
  let sum = 0;
  for (let i = 0; i < points; i++) {
    const omega = (2 * Math.PI * (low + ((i + 0.5) * (high - low)) / points)) / RATE;
    let re = 1;
    let im = 0;
    coefficients.forEach((a, j) => {
      re += a * Math.cos(omega * (j + 1));
      im -= a * Math.sin(omega * (j + 1));
    });
    sum += gain ** 2 / (re * re + im * im);
  }
  // White noise of unit variance has a power of two over the rate for each Hz.
  return ((sum / points) * 2 * (high - low)) / RATE;
}

describe('the colour of a residual', () => {
  it('gives white noise the power of the bands, in all and from octave to octave', () => {
    const colour = new Colour(spec);
    colour.set(powers, 0);
    const total = powers.reduce((a, b) => a + b, 0);
    expect(10 * Math.log10(bandPower(colour, 0, RATE / 2) / total)).toBeCloseTo(0, 0);
    for (let low = 375; low < 8000; low *= 2) {
      const expected = bands.reduce((sum, { centre }, b) => (centre >= low && centre < 2 * low ? sum + powers[b]! : sum), 0);
      expect(Math.abs(10 * Math.log10(bandPower(colour, low, 2 * low) / expected)), `${low} Hz`).toBeLessThan(2);
    }
  });

  it('is a filter that dies away, whatever the bands', () => {
    const random = new Random(2);
    const colour = new Colour(spec);
    for (let trial = 0; trial < 50; trial++) {
      colour.set(Float64Array.from(bands, () => 10 ** random.between(-9, -2)), 0);
      const x = [colour.gain];
      for (let n = 1; n < 20000; n++) {
        let next = 0;
        colour.coefficients.forEach((a, i) => (next -= a * (x[n - 1 - i] ?? 0)));
        x.push(next);
      }
      expect(Math.abs(x.at(-1)!)).toBeLessThan(1e-3 * colour.gain);
    }
  });

  it('is silent where the bands are', () => {
    const colour = new Colour(spec);
    colour.set(powers, 0);
    colour.set(powers.map(() => 0), 0);
    expect(colour.gain).toBe(0);
    expect(colour.coefficients.every((a) => a === 0)).toBe(true);
  });
});
