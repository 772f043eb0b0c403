/**
 * Four distances in sound between two strikes of a note: how far a model is
 * from the recording that it was to become, on a scale that real pianos fill
 * (one piano's neighbouring velocity layers: mel 1.3 dB; two microphone
 * positions on one strike: 5.7 dB; two concert grands: 6.9 dB).
 */
import { hertzOf, melOf } from '../../model/mel-scale.ts';
import { bandPowers, spectrogram, type FilterBank, type Spectrogram } from './spectrogram.ts';

/** Rate of the compared clips in Hz. */
export const CLIP_RATE = 24000;
/** Samples in a clip: one second. */
export const CLIP_LENGTH = CLIP_RATE;

export interface Distances {
  /** Rms difference in dB of 1024-point log spectrograms, floor 80 dB under the target's peak. */
  readonly lsd: number;
  /** DDSP's multi-scale spectral loss (Engel et al. 2020), linear part halved and relative. */
  readonly mss: number;
  /** Rms difference in dB of 48-band mel spectrograms, floor 70 dB under the target's peak. */
  readonly mel: number;
  /** Rms difference in dB of 12 bands each millisecond of the first 60, at the best shift within 3 ms. */
  readonly attack: number;
}

export const DISTANCE_NAMES = ['lsd', 'mss', 'mel', 'attack'] as const;

const LSD_FLOOR = 1e-8;
const MSS_SIZES = [2048, 1024, 512, 256, 128, 64];
const MSS_OFFSET = 1e-4;
export const MEL_BANDS = 48;
const MEL_SIZE = 2048;
const MEL_FLOOR = 1e-7;
const HIGHEST_FREQUENCY = 11800;
const ATTACK_SECONDS = 0.06;
/** Shifts tried, in hops of 1 ms either way. */
const ATTACK_SHIFTS = 3;
const ATTACK_WINDOW = 128;
const ATTACK_HOP = 24;
const ATTACK_BANDS = 12;
const ATTACK_FLOOR = 1e-6;

const melBands = melTriangles(30, MEL_BANDS);
const attackBands = logarithmicBands(150, ATTACK_BANDS);

/** Overlapping triangles of height 1, their edges evenly spaced in mel from `lowest` Hz up. */
function melTriangles(lowest: number, bands: number): FilterBank {
  const start = melOf(lowest);
  const step = (melOf(HIGHEST_FREQUENCY) - start) / (bands + 1);
  const bins = MEL_SIZE / 2 + 1;
  const weights = new Float64Array(bands * bins);
  for (let b = 0; b < bands; b++) {
    const [low, centre, high] = [hertzOf(start + b * step), hertzOf(start + (b + 1) * step), hertzOf(start + (b + 2) * step)];
    for (let k = 0; k < bins; k++) {
      const f = (k * CLIP_RATE) / MEL_SIZE;
      weights[b * bins + k] = Math.max(0, Math.min((f - low) / (centre - low), (high - f) / (high - centre)));
    }
  }
  return { bands, bins, weights };
}

/** Bands in equal ratios from `lowest` Hz up; one too narrow to hold a bin of the attack's window is left out. */
function logarithmicBands(lowest: number, bands: number): FilterBank {
  const bins = ATTACK_WINDOW / 2 + 1;
  const rows: number[][] = [];
  const edge = (b: number): number => lowest * (HIGHEST_FREQUENCY / lowest) ** (b / bands);
  for (let b = 0; b < bands; b++) {
    const row = Array.from({ length: bins }, (_, k) => {
      const f = (k * CLIP_RATE) / ATTACK_WINDOW;
      return f >= edge(b) && f < edge(b + 1) ? 1 : 0;
    });
    if (row.some((weight) => weight > 0)) rows.push(row);
  }
  return { bands: rows.length, bins, weights: Float64Array.from(rows.flat()) };
}

function peakOf(values: Float64Array): number {
  let peak = 0;
  for (const value of values) if (value > peak) peak = value;
  return peak;
}

/** Rms of the difference in dB of two power arrays, both held above `floor` times the target's peak. */
function rmsDecibels(target: Float64Array, candidate: Float64Array, floor: number): number {
  const lowest = peakOf(target) * floor;
  let sum = 0;
  for (let i = 0; i < target.length; i++) {
    sum += (10 * Math.log10(Math.max(candidate[i]!, lowest) / Math.max(target[i]!, lowest))) ** 2;
  }
  return Math.sqrt(sum / target.length);
}

function spectralLoss(target: Spectrogram, candidate: Spectrogram): number {
  const offset = MSS_OFFSET * Math.sqrt(peakOf(target.power));
  const count = target.power.length;
  let linear = 0;
  let logarithmic = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const b = Math.sqrt(target.power[i]!);
    const a = Math.sqrt(candidate.power[i]!);
    linear += Math.abs(a - b);
    logarithmic += Math.abs(Math.log((a + offset) / (b + offset)));
    total += b;
  }
  return (0.5 * linear) / total + logarithmic / count;
}

function attackDistance(target: Float64Array, candidate: Float64Array): number {
  const length = Math.round(ATTACK_SECONDS * CLIP_RATE);
  const bands = (signal: Float64Array): Float64Array =>
    bandPowers(spectrogram(signal, ATTACK_WINDOW, ATTACK_HOP), attackBands);
  const reference = bands(target.subarray(0, length));
  const shifted = new Float64Array(length);
  let best = Infinity;
  for (let shift = -ATTACK_SHIFTS; shift <= ATTACK_SHIFTS; shift++) {
    for (let n = 0; n < length; n++) shifted[n] = candidate[n + shift * ATTACK_HOP] ?? 0;
    best = Math.min(best, rmsDecibels(reference, bands(shifted), ATTACK_FLOOR));
  }
  return best;
}

function energy(signal: Float64Array): number {
  let sum = 0;
  for (const x of signal) sum += x * x;
  return sum;
}

/** Power of a clip in each of the 48 bands of `mel`: frames x bands. */
export function melPowers(clip: Float64Array): Float64Array {
  return bandPowers(spectrogram(clip, MEL_SIZE, 512), melBands);
}

/** The distance `mel` of two results of `melPowers` at one level. */
export function melDistance(target: Float64Array, candidate: Float64Array): number {
  return rmsDecibels(target, candidate, MEL_FLOOR);
}

/** `clip` brought to the rms of `target`; as it is where either is silent. */
export function levelMatched(clip: Float64Array, target: Float64Array): Float64Array {
  const [own, wanted] = [energy(clip), energy(target)];
  const gain = own === 0 || wanted === 0 ? 1 : Math.sqrt(wanted / own);
  return clip.map((x) => x * gain);
}

/**
 * Distances from `target` to `candidate`, brought to the target's rms first.
 *
 * @param target clip of `CLIP_LENGTH` samples at `CLIP_RATE`; see `clip.ts`
 * @throws RangeError where the target is silent or a clip has another length
 */
export function distances(target: Float64Array, candidate: Float64Array): Distances {
  if (target.length !== CLIP_LENGTH || candidate.length !== CLIP_LENGTH) {
    throw new RangeError(`clips must have ${CLIP_LENGTH} samples`);
  }
  if (energy(target) === 0) throw new RangeError('the target clip is silent');
  const matched = levelMatched(candidate, target);
  const pair = (size: number, hop: number): [Spectrogram, Spectrogram] => [
    spectrogram(target, size, hop),
    spectrogram(matched, size, hop),
  ];
  const [lsdTarget, lsdCandidate] = pair(1024, 256);
  const scales = MSS_SIZES.map((size) => spectralLoss(...pair(size, size / 4)));
  return {
    lsd: rmsDecibels(lsdTarget.power, lsdCandidate.power, LSD_FLOOR),
    mss: scales.reduce((sum, loss) => sum + loss, 0) / scales.length,
    mel: melDistance(melPowers(target), melPowers(matched)),
    attack: attackDistance(target, matched),
  };
}

/** Mean of each distance. */
export function meanDistances(list: readonly Distances[]): Distances {
  const mean = (name: keyof Distances): number => list.reduce((sum, d) => sum + d[name], 0) / list.length;
  return { lsd: mean('lsd'), mss: mean('mss'), mel: mean('mel'), attack: mean('attack') };
}
