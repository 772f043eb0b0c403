/** Log-mel frames of a passage: what the style encoder hears. */
import FFT from 'fft.js';
import { hannWindow } from './hann-window.ts';
import { hertzOf, melOf } from './mel-scale.ts';

export const MEL_BANDS = 96;
/** Length of the passages that the encoder is trained on, in seconds. */
export const PASSAGE_SECONDS = 3;
const WINDOW = 2048;
const HOP = 1024;
const LOWEST = 30;
const HIGHEST = 16000;
/** dB below the passage's loudest band at which a frame counts as silent. */
const FLOOR = 80;

/** Log-mel frames, `[frames * MEL_BANDS]`. */
export interface LogMel {
  readonly frames: number;
  readonly values: Float32Array;
}

interface MelBand {
  /** Bin of the first weight. */
  readonly first: number;
  readonly weights: readonly number[];
}

const fft = new FFT(WINDOW);
const bandsAt = new Map<number, MelBand[]>();

/** Triangular bands, equally spaced on the mel scale (O'Shaughnessy); worked out once for each rate. */
function melBands(sampleRate: number): MelBand[] {
  const bands = bandsAt.get(sampleRate) ?? designBands(sampleRate);
  bandsAt.set(sampleRate, bands);
  return bands;
}

function designBands(sampleRate: number): MelBand[] {
  const edges = Array.from({ length: MEL_BANDS + 2 }, (_, i) =>
    hertzOf(melOf(LOWEST) + ((melOf(HIGHEST) - melOf(LOWEST)) * i) / (MEL_BANDS + 1)),
  );
  return Array.from({ length: MEL_BANDS }, (_, b) => {
    const [low, centre, high] = edges.slice(b, b + 3) as [number, number, number];
    const bin = sampleRate / WINDOW;
    const first = Math.max(1, Math.floor(low / bin));
    const last = Math.ceil(high / bin);
    const weights = Array.from({ length: last - first + 1 }, (_, i) => {
      const f = (first + i) * bin;
      // A band narrower than a bin still hears the bin nearest to it.
      return Math.max(0, Math.min((f - low) / (centre - low), (high - f) / (high - centre)), Math.abs(f - centre) < bin / 2 ? 0.5 : 0);
    });
    return { first, weights };
  });
}

/**
 * Frames `[frames * MEL_BANDS]` of a passage, in units of 20 dB relative to the
 * passage's loudest band, floored at -80 dB: the level of the recording does not matter.
 *
 * @param sampleRate Hz; @param passage mono, at least 2,048 samples
 */
export function logMelFrames(passage: Float32Array, sampleRate: number): LogMel {
  const bands = melBands(sampleRate);
  const window = hannWindow(WINDOW);
  const spectrum = fft.createComplexArray() as number[];
  const frame = new Array<number>(WINDOW).fill(0);
  const frames = Math.max(1, 1 + Math.floor((passage.length - WINDOW) / HOP));
  const values = new Float32Array(frames * MEL_BANDS);
  let loudest = -Infinity;
  for (let f = 0; f < frames; f++) {
    for (let n = 0; n < WINDOW; n++) frame[n] = (passage[f * HOP + n] ?? 0) * window[n]!;
    fft.realTransform(spectrum, frame);
    bands.forEach(({ first, weights }, b) => {
      let power = 1e-12;
      weights.forEach((w, i) => {
        const k = 2 * (first + i);
        power += w * (spectrum[k]! ** 2 + spectrum[k + 1]! ** 2);
      });
      const level = 10 * Math.log10(power);
      values[f * MEL_BANDS + b] = level;
      loudest = Math.max(loudest, level);
    });
  }
  return { frames, values: values.map((level) => Math.max(-FLOOR, level - loudest) / 20 + 2) };
}
