/** What a classifier is told of a strike: levels in bands over time, relative to the whole, and how restless each band is. */
import { CLIP_RATE, MEL_BANDS, melPowers } from './distances.ts';
import { spectrogram } from './spectrogram.ts';

/** Features of one strike: of its first second, and of its first 60 ms alone. */
export interface Fingerprint {
  readonly second: Float64Array;
  readonly attack: Float64Array;
}

/** Frames of 21 ms: the blow, what follows it, and the tone. */
const SEGMENTS = [0, 4, 16, 43];
/** Restlessness is the mean step from one frame to the next after the blow. */
const RESTLESS_FROM = 5;
const SECOND_FLOOR = 1e-7;
/** 64 ms from 4 ms before the onset, windows of 5 ms every millisecond. */
const ATTACK_LENGTH = 0.064 * CLIP_RATE;
const ATTACK_WINDOW = 128;
const ATTACK_HOP = 24;
const ATTACK_FLOOR = 1e-6;
/** Edges of bands in bins of 187.5 Hz, and of groups of frames, finest where the blow is. */
const ATTACK_BANDS = [1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 29, 38, 50, 64];
const ATTACK_GROUPS = [0, 3, 6, 9, 13, 18, 24, 32, 44, 59];

function energy(signal: Float64Array): number {
  return signal.reduce((sum, x) => sum + x * x, 1e-20);
}

/** Levels in dB, floored under the loudest, relative to `whole`. */
function levels(powers: Float64Array, floor: number, whole: number): Float64Array {
  const lowest = powers.reduce((a, b) => Math.max(a, b), 1e-20) * floor;
  return powers.map((power) => 10 * Math.log10(Math.max(power, lowest) / whole));
}

/** Where the strike lies on keyboard and dynamics, so that each may have a look of its own. */
function place(note: number, velocity: number): number[] {
  const x = (note - 64) / 22;
  return [x, x * x, x * x * x, velocity / 40];
}

function meanOf(count: number, value: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += value(i);
  return sum / count;
}

function secondFeatures(clip: Float64Array): number[] {
  const level = levels(melPowers(clip), SECOND_FLOOR, energy(clip));
  const frames = level.length / MEL_BANDS;
  const features: number[] = [];
  for (let b = 0; b < MEL_BANDS; b++) {
    const at = (f: number): number => level[f * MEL_BANDS + b]!;
    for (let s = 1; s < SEGMENTS.length; s++) {
      const [from, to] = [SEGMENTS[s - 1]!, SEGMENTS[s]!];
      features.push(meanOf(to - from, (i) => at(from + i)));
    }
    features.push(meanOf(frames - RESTLESS_FROM, (i) => Math.abs(at(RESTLESS_FROM + i) - at(RESTLESS_FROM + i - 1))));
  }
  return features;
}

function attackFeatures(clip: Float64Array): number[] {
  const start = clip.subarray(0, ATTACK_LENGTH);
  const { frames, bins, power } = spectrogram(start, ATTACK_WINDOW, ATTACK_HOP);
  const bands = ATTACK_BANDS.length - 1;
  const powers = new Float64Array(frames * bands);
  for (let f = 0; f < frames; f++) {
    for (let b = 0; b < bands; b++) {
      for (let k = ATTACK_BANDS[b]!; k < ATTACK_BANDS[b + 1]!; k++) powers[f * bands + b]! += power[f * bins + k]!;
    }
  }
  const level = levels(powers, ATTACK_FLOOR, energy(start));
  const features: number[] = [];
  for (let b = 0; b < bands; b++) {
    for (let g = 1; g < ATTACK_GROUPS.length; g++) {
      const [from, to] = [ATTACK_GROUPS[g - 1]!, ATTACK_GROUPS[g]!];
      features.push(meanOf(to - from, (i) => level[(from + i) * bands + b]!));
    }
  }
  return features;
}

/** @param clip as for `distances`; its level does not matter, @param velocity MIDI */
export function fingerprint(clip: Float64Array, note: number, velocity: number): Fingerprint {
  const where = place(note, velocity);
  return {
    second: Float64Array.from([...secondFeatures(clip), ...where]),
    attack: Float64Array.from([...attackFeatures(clip), ...where]),
  };
}
