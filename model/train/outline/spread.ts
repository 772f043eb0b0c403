/** How the power of a steady tone and of band noise spreads over the bands of a view. */
import { hannWindow } from '../../hann-window.ts';
import { bandResonators } from '../../reference/noise.ts';
import type { Spec } from '../../spec.ts';
import { transformOf } from '../../transform.ts';
import type { View } from './views.ts';

/** Samples in which every noise filter has rung out, twice over. */
const RESPONSE = 16384;
/** Tones are spread over this many bins on each side. */
const REACH = 8;

/** |W(d)|^2 of a Hann window of N samples at d bins from its centre: (N/2)^2 (sinc(d) / (1 - d^2))^2. */
function hannPower(window: number, d: number): number {
  const x = Math.abs(d);
  if (x < 1e-6) return (window / 2) ** 2;
  if (Math.abs(x - 1) < 1e-6) return (window / 4) ** 2;
  return ((window / 2) * (Math.sin(Math.PI * x) / (Math.PI * x * (1 - x * x)))) ** 2;
}

/** Where a tone's power falls: band of each entry and its share; a tone of amplitude 1. */
export interface ToneSpread {
  /** Entries of partial k are `from[k]..from[k + 1]`. */
  readonly from: Int32Array;
  readonly band: Int32Array;
  readonly power: Float64Array;
}

export function toneSpread(view: View, sampleRate: number, frequencies: readonly number[]): ToneSpread {
  const { window, edges } = view;
  const from = new Int32Array(frequencies.length + 1);
  const band: number[] = [];
  const power: number[] = [];
  frequencies.forEach((frequency, k) => {
    const centre = (frequency * window) / sampleRate;
    let j = -1;
    for (let bin = Math.max(edges[0]!, Math.ceil(centre - REACH)); bin <= Math.floor(centre + REACH) && bin < edges.at(-1)!; bin++) {
      if (j < 0) for (j = 0; edges[j + 1]! <= bin; ) j++;
      else while (edges[j + 1]! <= bin) j++;
      const p = hannPower(window, bin - centre) / 4;
      if (band.length > from[k]! && band.at(-1) === j) power[power.length - 1]! += p;
      else {
        band.push(j);
        power.push(p);
      }
    }
    from[k + 1] = band.length;
  });
  return { from, band: Int32Array.from(band), power: Float64Array.from(power) };
}

/**
 * Expected band powers `[noise bands * view bands]` of each noise band at unit variance.
 * The expected periodogram is the transform of autocorrelation times the window's own (Wiener-Khinchin).
 */
export function noiseSpread(spec: Spec, view: View): Float64Array {
  const { window, edges } = view;
  const size = Math.max(RESPONSE, 2 * window);
  const bands = edges.length - 1;
  const fft = transformOf(size);
  const spectrumOf = (values: ArrayLike<number>): number[] => {
    const input = new Array<number>(size).fill(0);
    for (let n = 0; n < values.length; n++) input[n] = values[n]!;
    const spectrum = fft.createComplexArray() as number[];
    fft.realTransform(spectrum, input);
    fft.completeSpectrum(spectrum);
    return spectrum;
  };
  const autocorrelation = (spectrum: number[]): number[] => {
    const power = fft.createComplexArray() as number[];
    for (let k = 0; k < size; k++) {
      power[2 * k] = spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2;
      power[2 * k + 1] = 0;
    }
    const back = fft.createComplexArray() as number[];
    fft.inverseTransform(back, power);
    return Array.from({ length: size }, (_, n) => back[2 * n]!);
  };
  const windowLag = autocorrelation(spectrumOf(hannWindow(window)));
  const spread = new Float64Array(spec.noise.bands * bands);
  bandResonators(spec).forEach(({ re, im, gain }, b) => {
    const response = new Float64Array(size / 2);
    let aRe = 1, aIm = 0;
    for (let n = 0; n < response.length; n++) {
      response[n] = gain * (n + 1) * aRe * Math.sqrt(1 / 3);
      [aRe, aIm] = [aRe * re - aIm * im, aRe * im + aIm * re];
    }
    const lag = autocorrelation(spectrumOf(response));
    // Lags beyond the window do not matter: fold the product to the window's bins.
    const folded = new Float64Array(size);
    for (let n = 0; n < size; n++) folded[n] = lag[n]! * windowLag[n]!;
    const expected = spectrumOf(folded);
    const stride = size / window;
    for (let j = 0; j < bands; j++) {
      let sum = 0;
      for (let k = edges[j]!; k < edges[j + 1]!; k++) sum += Math.max(0, expected[2 * k * stride]!);
      spread[b * bands + j] = sum;
    }
  });
  return spread;
}
