/** Short-time power spectra for the measures of sound quality. */
import { hannWindow } from '../../model/hann-window.ts';
import { transformOf } from '../../model/transform.ts';

/** Power |X|^2 of each bin, frame by frame. */
export interface Spectrogram {
  readonly frames: number;
  /** size / 2 + 1 bins, from 0 Hz to half the rate. */
  readonly bins: number;
  /** frames x bins, frame-major. */
  readonly power: Float64Array;
}

/**
 * Power spectrogram under a Hann window; only frames that lie wholly inside the signal.
 *
 * @param size window length in samples, a power of 2
 */
export function spectrogram(signal: Float64Array, size: number, hop: number): Spectrogram {
  const fft = transformOf(size);
  const window = hannWindow(size);
  const bins = size / 2 + 1;
  const frames = Math.max(0, Math.floor((signal.length - size) / hop) + 1);
  const power = new Float64Array(frames * bins);
  const input = new Float64Array(size);
  const output = new Float64Array(2 * size);
  for (let f = 0; f < frames; f++) {
    for (let n = 0; n < size; n++) input[n] = signal[f * hop + n]! * window[n]!;
    fft.realTransform(output, input);
    for (let k = 0; k < bins; k++) power[f * bins + k] = output[2 * k]! ** 2 + output[2 * k + 1]! ** 2;
  }
  return { frames, bins, power };
}

/** Weights that sum the bins of one spectrum into bands. */
export interface FilterBank {
  readonly bands: number;
  readonly bins: number;
  /** bands x bins, band-major. */
  readonly weights: Float64Array;
}

/** Power in each band: frames x bands, frame-major. */
export function bandPowers({ frames, bins, power }: Spectrogram, bank: FilterBank): Float64Array {
  const out = new Float64Array(frames * bank.bands);
  for (let f = 0; f < frames; f++) {
    for (let b = 0; b < bank.bands; b++) {
      let sum = 0;
      for (let k = 0; k < bins; k++) sum += bank.weights[b * bins + k]! * power[f * bins + k]!;
      out[f * bank.bands + b] = sum;
    }
  }
  return out;
}
