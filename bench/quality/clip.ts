/** Cuts the second that the distances compare out of a note. */
import { findOnset } from '../../model/corpus/onset.ts';
import { CLIP_LENGTH, CLIP_RATE } from './distances.ts';

/** A clip starts this long before the onset, in seconds. */
export const LEAD_SECONDS = 0.004;

/** Cutoff in Hz: the highest band that is compared ends at 11.8 kHz. */
const CUTOFF = 11900;
/** Zero crossings of the sinc on each side: a transition of about 0.3 kHz. */
const CROSSINGS = 64;

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** Windowed-sinc filters for each fraction of an input sample at which an output sample can fall. */
interface Phases {
  readonly count: number;
  readonly half: number;
  /** count x 2 half taps, for inputs floor(t) - half + 1 ... floor(t) + half. */
  readonly taps: Float64Array;
}

function designPhases(sampleRate: number): Phases {
  const count = CLIP_RATE / greatestDivisor(sampleRate, CLIP_RATE);
  const cutoff = Math.min(CUTOFF, 0.49 * sampleRate) / sampleRate;
  const half = Math.ceil(CROSSINGS / (2 * cutoff));
  const taps = new Float64Array(count * 2 * half);
  for (let phase = 0; phase < count; phase++) {
    for (let i = 0; i < 2 * half; i++) {
      const t = i - half + 1 - phase / count;
      const x = 2 * cutoff * t;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      // Blackman-Harris window, side lobes at -92 dB (Harris 1978).
      const w = (Math.PI * t) / half;
      const window = 0.35875 + 0.48829 * Math.cos(w) + 0.14128 * Math.cos(2 * w) + 0.01168 * Math.cos(3 * w);
      taps[phase * 2 * half + i] = 2 * cutoff * sinc * window;
    }
  }
  return { count, half, taps };
}

const designed = new Map<number, Phases>();

/**
 * One second of `samples` at `CLIP_RATE`, from input sample `start` on; zeros outside the recording.
 *
 * @param sampleRate a whole number of Hz
 */
export function resampleClip(samples: Float32Array, sampleRate: number, start: number): Float64Array {
  let phases = designed.get(sampleRate);
  if (!phases) designed.set(sampleRate, (phases = designPhases(sampleRate)));
  const { count, half, taps } = phases;
  const step = (sampleRate * count) / CLIP_RATE;
  const clip = new Float64Array(CLIP_LENGTH);
  for (let n = 0; n < CLIP_LENGTH; n++) {
    const position = n * step;
    const phase = position % count;
    const first = start + (position - phase) / count - half + 1;
    let sum = 0;
    for (let i = 0; i < 2 * half; i++) sum += taps[phase * 2 * half + i]! * (samples[first + i] ?? 0);
    clip[n] = sum;
  }
  return clip;
}

/** The first second of a strike, aligned to 4 ms before its onset; `samples` hold one note, mono. */
export function cutClip(samples: Float32Array, sampleRate: number): Float64Array {
  const start = Math.round((findOnset(samples, sampleRate) - LEAD_SECONDS) * sampleRate);
  return resampleClip(samples, sampleRate, start);
}
