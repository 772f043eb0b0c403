/** Spectrograms of strikes for people to compare, as bytes. */
import { transformOf } from '../../model/transform.ts';
import { hannWindow } from '../../model/hann-window.ts';

export const PICTURE_COLUMNS = 96;
export const PICTURE_ROWS = 84;
/** Seconds that a picture shows, and dB from black to white. */
export const PICTURE_SECONDS = 1.5;
const RANGE = 80;
const SIZE = 4096;
const [LOWEST, HIGHEST] = [40, 16000];

/** Levels of a sound over time (columns) and frequency (rows, low to high). */
export interface Picture {
  /** PICTURE_ROWS x PICTURE_COLUMNS, row-major: 255 is the loudest, 0 lies 80 dB below. */
  readonly levels: Uint8Array;
}

/** Frequency in Hz at the lower edge of a row; rows lie in equal ratios. */
export function rowFrequency(row: number): number {
  return LOWEST * (HIGHEST / LOWEST) ** (row / PICTURE_ROWS);
}

/** @param onset sample of the strike: the picture starts 20 ms before it */
export function pictureOf(samples: Float32Array, sampleRate: number, onset: number): Picture {
  const fft = transformOf(SIZE);
  const window = hannWindow(SIZE);
  const input = new Float64Array(SIZE);
  const output = new Float64Array(2 * SIZE);
  const power = new Float64Array(PICTURE_ROWS * PICTURE_COLUMNS);
  const hop = ((PICTURE_SECONDS + 0.02) * sampleRate) / PICTURE_COLUMNS;
  for (let column = 0; column < PICTURE_COLUMNS; column++) {
    const start = Math.round(onset - 0.02 * sampleRate + column * hop) - SIZE / 2;
    for (let n = 0; n < SIZE; n++) input[n] = (samples[start + n] ?? 0) * window[n]!;
    fft.realTransform(output, input);
    for (let row = 0; row < PICTURE_ROWS; row++) {
      const bin = (frequency: number): number => (frequency * SIZE) / sampleRate;
      const [first, last] = [Math.floor(bin(rowFrequency(row))), Math.max(Math.floor(bin(rowFrequency(row))), Math.ceil(bin(rowFrequency(row + 1))) - 1)];
      for (let k = first; k <= last; k++) power[row * PICTURE_COLUMNS + column] = Math.max(power[row * PICTURE_COLUMNS + column]!, output[2 * k]! ** 2 + output[2 * k + 1]! ** 2);
    }
  }
  const loudest = power.reduce((a, b) => Math.max(a, b), 1e-20);
  return { levels: Uint8Array.from(power, (p) => Math.round(255 * Math.max(0, 1 + (10 * Math.log10((p + 1e-30) / loudest)) / RANGE))) };
}
