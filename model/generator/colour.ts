/**
 * The colour of a residual: an all-pole filter that makes of white noise what the noise bands say.
 *
 * Its coefficients come from the bands by the autocorrelation method (Makhoul 1975). So a generator
 * in front of it has to learn neither level nor spectrum, only what such noise lacks.
 */
import { LEVEL_FLOOR } from '../level.ts';
import { generatedBands, noiseBands, type Spec } from '../spec.ts';

/** White noise under the bands, as a share of their power: valleys are no deeper, and the equations stay well conditioned. */
const WHITE = 1e-7;

/** Allocates only in the constructor. */
export class Colour {
  /** a: x(n) = gain e(n) - sum over i of a[i] x(n - 1 - i). */
  readonly coefficients: Float64Array;
  /** Rms of what drives the filter, such that its output has the power of the bands. */
  gain = NaN;
  readonly #order: number;
  readonly #bands: number;
  /** Autocorrelation of unit power in each band, `[order + 1][bands]`. */
  readonly #lags: Float64Array;
  readonly #autocorrelation: Float64Array;
  readonly #next: Float64Array;

  /** @throws RangeError for a spec without a generator */
  constructor(spec: Spec) {
    const { generator, sampleRate } = spec;
    if (generator === undefined) throw new RangeError('only a generator has a colour');
    const order = (this.#order = generator.colour);
    const bands = noiseBands(spec).slice(0, (this.#bands = generatedBands(spec)));
    const rate = sampleRate / generator.divisor;
    this.#lags = Float64Array.from({ length: (order + 1) * bands.length }, (_, i) => {
      const { centre, width } = bands[i % bands.length]!;
      const lag = Math.floor(i / bands.length) / rate;
      return Math.cos(2 * Math.PI * centre * lag) * sinc(width * lag);
    });
    this.coefficients = new Float64Array(order);
    this.#next = new Float64Array(order);
    this.#autocorrelation = new Float64Array(order + 1);
    this.gain = 0;
  }

  /** Sets filter and gain. @param powers of the noise bands, from the lowest on; @param at index of the first */
  set(powers: ArrayLike<number>, at: number): void {
    const r = this.#autocorrelation;
    for (let lag = 0; lag <= this.#order; lag++) {
      let sum = 0;
      for (let b = 0; b < this.#bands; b++) sum += powers[at + b]! * this.#lags[lag * this.#bands + b]!;
      r[lag] = sum;
    }
    r[0]! *= 1 + WHITE;
    this.gain = Math.sqrt(r[0]! > LEVEL_FLOOR ? this.#solve() : this.#flat());
  }

  /** Levinson and Durbin's recursion. @returns power of the prediction error */
  #solve(): number {
    const { coefficients: a } = this;
    const r = this.#autocorrelation;
    let error = r[0]!;
    for (let m = 0; m < this.#order; m++) {
      let sum = r[m + 1]!;
      for (let i = 0; i < m; i++) sum += a[i]! * r[m - i]!;
      const reflection = -sum / error;
      for (let i = 0; i < m; i++) this.#next[i] = a[i]! + reflection * a[m - 1 - i]!;
      for (let i = 0; i < m; i++) a[i] = this.#next[i]!;
      a[m] = reflection;
      error *= 1 - reflection * reflection;
    }
    return error;
  }

  #flat(): number {
    this.coefficients.fill(0);
    return this.#autocorrelation[0]!;
  }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
