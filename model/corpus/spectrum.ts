/** Finely sampled magnitude spectrum of one passage, and its peaks. */
import FFT from 'fft.js';

/** Zero-padded to this many points: 0.18 Hz a bin at 48 kHz. */
const FFT_SIZE = 2 ** 18;

const fft = new FFT(FFT_SIZE);
const input = new Float64Array(FFT_SIZE);
const output = new Float64Array(2 * FFT_SIZE);

export interface Spectrum {
  /** Hz between two bins. */
  readonly step: number;
  /** Hz from a peak's centre to its first zero: what the window can tell apart. */
  readonly resolution: number;
  /** Magnitude in dB of each bin up to half the sample rate. */
  readonly level: Float32Array;
}

export interface Peak {
  readonly frequency: number;
  readonly level: number;
}

/**
 * Hann-windowed spectrum of `samples`, at most `FFT_SIZE` of them.
 * Allocates the result only; not to be called from two threads on one instance of this module.
 */
export function spectrumOf(samples: Float32Array, sampleRate: number): Spectrum {
  const length = Math.min(samples.length, FFT_SIZE);
  input.fill(0);
  for (let n = 0; n < length; n++) input[n] = samples[n]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / length));
  fft.realTransform(output, input);
  const level = new Float32Array(FFT_SIZE / 2);
  for (let i = 0; i < level.length; i++) {
    level[i] = 10 * Math.log10(output[2 * i]! ** 2 + output[2 * i + 1]! ** 2 + 1e-12);
  }
  return { step: sampleRate / FFT_SIZE, resolution: (2 * sampleRate) / length, level };
}

/** Highest point within `reach` Hz of `frequency`, between bins by a parabola; undefined where it lies on the edge. */
export function peakNear(spectrum: Spectrum, frequency: number, reach: number): Peak | undefined {
  const { step, level } = spectrum;
  const low = Math.max(1, Math.ceil((frequency - reach) / step));
  const high = Math.min(level.length - 2, Math.floor((frequency + reach) / step));
  let best = -1;
  for (let i = low; i <= high; i++) {
    if (level[i]! >= level[i - 1]! && level[i]! > level[i + 1]! && (best < 0 || level[i]! > level[best]!)) best = i;
  }
  if (best < 0) return undefined;
  const a = level[best - 1]!;
  const b = level[best]!;
  const c = level[best + 1]!;
  const shift = (0.5 * (a - c)) / (a - 2 * b + c);
  return { frequency: (best + shift) * step, level: b - 0.25 * (a - c) * shift };
}

/** Median level in dB of the bins between two frequencies, from at most 128 of them. */
export function medianLevel(spectrum: Spectrum, low: number, high: number): number {
  const { step, level } = spectrum;
  const first = Math.max(0, Math.floor(low / step));
  const last = Math.min(level.length - 1, Math.ceil(high / step));
  const stride = Math.max(1, Math.floor((last - first) / 128));
  const picked: number[] = [];
  for (let i = first; i <= last; i += stride) picked.push(level[i]!);
  picked.sort((a, b) => a - b);
  return picked[picked.length >> 1] ?? -120;
}
