/** Level and brightness of a strike. */
import { transformOf } from '../../model/transform.ts';

/** Power spectrum of `length` samples from `start` on; the second half fades, so that the cut is not heard as treble. */
function powerSpectrum(samples: Float32Array, start: number, length: number): Float64Array {
  const size = 2 ** Math.ceil(Math.log2(length));
  const fft = transformOf(size);
  const input = new Float64Array(size);
  for (let n = 0; n < length; n++) {
    const fade = n < length / 2 ? 1 : 0.5 + 0.5 * Math.cos(Math.PI * ((2 * n) / length - 1));
    input[n] = fade * (samples[start + n] ?? 0);
  }
  const output = new Float64Array(2 * size);
  fft.realTransform(output, input);
  return Float64Array.from({ length: size / 2 }, (_, k) => output[2 * k]! ** 2 + output[2 * k + 1]! ** 2);
}

/** Rms of a strike in dBFS, and the mean frequency of its amplitude spectrum in Hz. */
export interface Loudness {
  readonly level: number;
  readonly centroid: number;
}

export function measureLoudness(samples: Float32Array, sampleRate: number, start: number): Loudness {
  const length = samples.length - start;
  const power = powerSpectrum(samples, start, length);
  const step = sampleRate / (2 * power.length);
  let energy = 0;
  for (let n = start; n < samples.length; n++) energy += samples[n]! ** 2;
  let moment = 0;
  let total = 0;
  power.forEach((p, k) => {
    const amplitude = Math.sqrt(p);
    moment += amplitude * k * step;
    total += amplitude;
  });
  return { level: 10 * Math.log10(energy / length + 1e-20), centroid: moment / (total + 1e-20) };
}

/** Energy above `frequency` Hz in the first 60 ms of a strike, in dB of all of it. */
export function highEnergy(samples: Float32Array, sampleRate: number, onset: number, frequency: number): number {
  const start = Math.max(0, onset - Math.round(0.004 * sampleRate));
  const power = powerSpectrum(samples, start, Math.round(0.064 * sampleRate));
  const first = Math.ceil((frequency / sampleRate) * 2 * power.length);
  const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  return 10 * Math.log10((sum(power.subarray(first)) + 1e-20) / (sum(power) + 1e-20));
}
