/**
 * What Onsets and Frames hears (Hawthorne et al. 2018): the log-mel spectrogram of librosa, with htk's scale and
 * slaney's normalisation.
 */
import FFT from 'fft.js';
import { hertzOf, melOf } from '../mel-scale.ts';

/** Hz of the sound. */
export const MEL_RATE = 16000;
/** Samples between two frames. */
export const MEL_HOP = 512;
export const MEL_BANDS = 229;
const WINDOW = 2048;
const LOWEST = 30;
const HIGHEST = MEL_RATE / 2;
/** Power of silence, and dB under the loudest band of all at which a band counts as silent. */
const LEAST_POWER = 1e-10;
const RANGE = 80;

interface Band {
  readonly first: number;
  readonly weights: readonly number[];
}

function designBands(): Band[] {
  const edges = Array.from({ length: MEL_BANDS + 2 }, (_, i) => hertzOf(melOf(LOWEST) + ((melOf(HIGHEST) - melOf(LOWEST)) * i) / (MEL_BANDS + 1)));
  const bin = MEL_RATE / WINDOW;
  return Array.from({ length: MEL_BANDS }, (_, b) => {
    const [low, centre, high] = edges.slice(b, b + 3) as [number, number, number];
    const first = Math.ceil(low / bin);
    const weights = Array.from({ length: Math.floor(high / bin) - first + 1 }, (_, i) => {
      const f = (first + i) * bin;
      return (2 / (high - low)) * Math.max(0, Math.min((f - low) / (centre - low), (high - f) / (high - centre)));
    });
    return { first, weights };
  });
}

/**
 * Levels in dB of each frame, `[frames][MEL_BANDS]`; a frame lies in the middle of its window, and the sound is mirrored at its ends.
 *
 * @param sound mono at `MEL_RATE`, longer than a window
 */
export function melSpectrogram(sound: Float32Array): number[][] {
  const fft = new FFT(WINDOW);
  const bands = designBands();
  const [input, output] = [new Float64Array(WINDOW), new Float64Array(2 * WINDOW)];
  const hann = Float64Array.from({ length: WINDOW }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / WINDOW));
  const last = sound.length - 1;
  const mirrored = (n: number): number => sound[n < 0 ? -n : n > last ? 2 * last - n : n] ?? 0;
  let loudest = -Infinity;
  const frames = Array.from({ length: 1 + Math.floor(sound.length / MEL_HOP) }, (_, frame) => {
    for (let n = 0; n < WINDOW; n++) input[n] = mirrored(frame * MEL_HOP + n - WINDOW / 2) * hann[n]!;
    fft.realTransform(output, input);
    return bands.map(({ first, weights }) => {
      const power = weights.reduce((sum, weight, i) => sum + weight * (output[2 * (first + i)]! ** 2 + output[2 * (first + i) + 1]! ** 2), 0);
      const level = 10 * Math.log10(Math.max(LEAST_POWER, power));
      loudest = Math.max(loudest, level);
      return level;
    });
  });
  return frames.map((levels) => levels.map((level) => Math.max(level, loudest - RANGE)));
}
