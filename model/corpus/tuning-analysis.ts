/**
 * Finds the frequencies of a recorded note: its f0 and inharmonicity B.
 *
 * First a grid search over (cents, B) on the spectrum, which finds the right
 * neighbourhood even where low partials are weak; then the partials' peaks,
 * and a weighted straight line through (f_k / k)^2 = f0^2 (1 + B k^2)
 * (Fletcher 1964), which outliers do not move.
 */
import { equalTemperament, partialFrequency, typicalInharmonicity } from '../tuning.ts';
import { medianLevel, peakNear, spectrumOf, type Spectrum } from './spectrum.ts';

/** One partial of a recording. */
export interface PartialPeak {
  /** 1, 2, ... */
  readonly k: number;
  /** Hz. */
  readonly frequency: number;
  /** Confidence that this is a partial, 0..1. */
  readonly weight: number;
  /** Level in dB. */
  readonly level: number;
}

/** What one recording of a key says about its string. */
export interface StringMeasurement {
  readonly note: number;
  /** f0 above equal temperament. */
  readonly cents: number;
  readonly inharmonicity: number;
  /** Partials that agree with the two. */
  readonly peaks: readonly PartialPeak[];
}

/** The blow is skipped, then this much is analysed; short strings die early. */
const SKIP_SECONDS = 0.03;
const BASS_SECONDS = 1.4;
const TREBLE_SECONDS = 0.5;
/** Partials looked at end here, Hz. */
const HIGHEST_FREQUENCY = 12000;
const MOST_PARTIALS = 40;
/** A partial counts where it stands this far above its surroundings, dB. */
const CLEAR = 10;
const GRID_PARTIALS = 24;
/** Old uprights are found this far from equal temperament. */
const GRID_CENTS = 250;
/** Octaves of B between two rows of the grid. */
const GRID_STEP = 1 / 12;
/** How far from equal temperament (cents) and, as a share of the reach, from the expected B costs one point of the grid's score. */
const CENTS_PENALTY = 150;
const STIFFNESS_PENALTY = 0.75;
/** Accuracy of a peak: of the spectrum in Hz, and of the stiff-string law in cents. */
const PEAK_HERTZ = 0.15;
const LAW_CENTS = 1.2;

function analysedSeconds(note: number): number {
  const share = Math.min(1, Math.max(0, (note - 60) / 40));
  return BASS_SECONDS + share * (TREBLE_SECONDS - BASS_SECONDS);
}

/** Level of each bin above its surroundings, in 0..1. */
function prominence(spectrum: Spectrum, f0: number): Float32Array {
  const { step, level } = spectrum;
  const highest = Math.min(level.length - 1, Math.floor(HIGHEST_FREQUENCY / step));
  const width = Math.max(f0, 60);
  const medians: number[] = [];
  for (let f = 0; f < HIGHEST_FREQUENCY + width; f += width) medians.push(medianLevel(spectrum, f, f + width));
  const score = new Float32Array(highest + 1);
  for (let i = 0; i <= highest; i++) {
    const at = Math.max(0, (i * step) / width - 0.5);
    const low = Math.floor(at);
    const floor = medians[low]! + (at - low) * (medians[low + 1]! - medians[low]!);
    score[i] = Math.min(1, Math.max(0, (level[i]! - floor) / 40));
  }
  return score;
}

/** Each value replaced by the highest within `reach` bins: running maxima from both ends of blocks (van Herk 1992). */
function dilate(score: Float32Array, reach: number): Float32Array {
  const width = 2 * reach + 1;
  const forward = Float32Array.from(score);
  const backward = Float32Array.from(score);
  for (let i = 1; i < score.length; i++) {
    if (i % width !== 0) forward[i] = Math.max(forward[i]!, forward[i - 1]!);
  }
  for (let i = score.length - 2; i >= 0; i--) {
    if ((i + 1) % width !== 0) backward[i] = Math.max(backward[i]!, backward[i + 1]!);
  }
  return score.map((_, i) =>
    Math.max(forward[Math.min(score.length - 1, i + reach)]!, backward[Math.max(0, i - reach)]!),
  );
}

/** Where to look for B. */
export interface StiffnessRange {
  readonly expected: number;
  /** The grid reaches this factor up and down. */
  readonly factor: number;
}

interface Guess {
  readonly f0: number;
  readonly inharmonicity: number;
}

function gridSearch(spectrum: Spectrum, note: number, { expected, factor }: StiffnessRange): Guess {
  const base = equalTemperament(note);
  const reach = Math.max(1, Math.round((0.4 * spectrum.resolution) / spectrum.step));
  const score = dilate(prominence(spectrum, base), reach);
  let best: Guess = { f0: base, inharmonicity: expected };
  let bestScore = -Infinity;
  const octaves = Math.log2(factor);
  for (let octave = -octaves; octave <= octaves; octave += GRID_STEP) {
    const inharmonicity = expected * 2 ** octave;
    const stretch = Array.from({ length: GRID_PARTIALS }, (_, k) => partialFrequency(1, inharmonicity, k + 1));
    for (let cents = -GRID_CENTS; cents <= GRID_CENTS; cents++) {
      const f0 = base * 2 ** (cents / 1200);
      let total = -((cents / CENTS_PENALTY) ** 2) - (octave / octaves / STIFFNESS_PENALTY) ** 2;
      for (const ratio of stretch) {
        const f = f0 * ratio;
        if (f > HIGHEST_FREQUENCY) break;
        total += score[Math.round(f / spectrum.step)] ?? 0;
      }
      if (total > bestScore) {
        bestScore = total;
        best = { f0, inharmonicity };
      }
    }
  }
  return best;
}

function partialPeaks(spectrum: Spectrum, { f0, inharmonicity }: Guess, most: number, cents: number): PartialPeak[] {
  const peaks: PartialPeak[] = [];
  for (let k = 1; k <= most; k++) {
    const f = partialFrequency(f0, inharmonicity, k);
    if (f > HIGHEST_FREQUENCY) break;
    const reach = Math.min(f0 / 4, spectrum.resolution / 2 + f * (2 ** (cents / 1200) - 1));
    const peak = peakNear(spectrum, f, reach);
    if (!peak) continue;
    const above = peak.level - medianLevel(spectrum, f - f0 / 2, f + f0 / 2);
    if (above > CLEAR) {
      peaks.push({ k, frequency: peak.frequency, weight: Math.min(1, (above - CLEAR) / 30), level: peak.level });
    }
  }
  return peaks;
}

/** Variance of (f_k / k)^2 relative to itself, squared cents. */
function variance(frequency: number): number {
  return LAW_CENTS ** 2 + ((1200 / Math.LN2) * (PEAK_HERTZ / frequency)) ** 2;
}

/** Cents that a peak lies above the law. */
function deviation(peak: PartialPeak, guess: Guess): number {
  return 1200 * Math.log2(peak.frequency / partialFrequency(guess.f0, guess.inharmonicity, peak.k));
}

/** Tukey's bisquare over the deviation in standard units. */
function trust(standardised: number): number {
  const x = standardised / 4.7;
  return Math.abs(x) < 1 ? (1 - x * x) ** 2 : 0;
}

/**
 * Line through ((k^2), (f_k/k)^2), reweighted by how well each peak fits.
 * With fewer than three partials, or where the slope is not that of a string, B stays as it was.
 */
function fitLine(peaks: readonly PartialPeak[], start: Guess): Guess {
  let guess = start;
  for (let round = 0; round < 8; round++) {
    const spread = Math.max(1, medianOf(peaks.map((p) => Math.abs(deviation(p, guess)) / Math.sqrt(variance(p.frequency)))) * 1.48);
    let sw = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, count = 0;
    const weights = peaks.map((p) => {
      const w = (p.weight * trust(deviation(p, guess) / Math.sqrt(variance(p.frequency)) / spread)) / variance(p.frequency);
      if (w > 0) count++;
      const x = p.k * p.k;
      const y = (p.frequency / p.k / start.f0) ** 2;
      sw += w;
      sx += w * x;
      sy += w * y;
      sxx += w * x * x;
      sxy += w * x * y;
      return w;
    });
    const determinant = sw * sxx - sx * sx;
    const slope = (sw * sxy - sx * sy) / determinant;
    const intercept = (sy - slope * sx) / sw;
    const inharmonicity = slope / intercept;
    if (count >= 3 && inharmonicity > 1e-6 && inharmonicity < 0.1) {
      guess = { f0: start.f0 * Math.sqrt(intercept), inharmonicity };
    } else if (count > 0) {
      guess = { f0: fundamentalGiven(peaks.filter((_, i) => weights[i]! > 0), guess.inharmonicity), inharmonicity: guess.inharmonicity };
    }
  }
  return guess;
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** f0 in Hz that fits the peaks best where B is known; loud partials, which carry the pitch, count most. */
export function fundamentalGiven(peaks: readonly PartialPeak[], inharmonicity: number): number {
  const loudest = peaks.reduce((level, peak) => Math.max(level, peak.level), -Infinity);
  let sum = 0;
  let total = 0;
  for (const { k, frequency, weight, level } of peaks) {
    const w = weight * 10 ** ((level - loudest) / 20);
    sum += w * Math.log(frequency / partialFrequency(1, inharmonicity, k));
    total += w;
  }
  return Math.exp(sum / total);
}

/** Partials that agree with a guess; the loudest always does. */
function agreeing(peaks: readonly PartialPeak[], guess: Guess): PartialPeak[] {
  const loudest = peaks.reduce((a, b) => (b.level > a.level ? b : a));
  return peaks.filter(
    (peak) => peak === loudest || Math.abs(deviation(peak, guess)) < 4 * Math.sqrt(variance(peak.frequency)),
  );
}

/** Partials and reach in cents of each round: from the low ones, which the grid places well, to all. */
const ROUNDS = [[8, 12], [16, 10], [24, 8], [MOST_PARTIALS, 6], [MOST_PARTIALS, 5]] as const;

/**
 * Measures the string of one recorded note.
 *
 * @param clip mono; @param onset sample at which the strike starts
 * @param stiffness by default within four octaves of a typical grand's B
 * @returns undefined where no partial stands out
 */
export function measureString(
  clip: Float32Array,
  onset: number,
  sampleRate: number,
  note: number,
  stiffness: StiffnessRange = { expected: typicalInharmonicity(note), factor: 16 },
): StringMeasurement | undefined {
  const start = onset + Math.round(SKIP_SECONDS * sampleRate);
  const spectrum = spectrumOf(clip.subarray(start, start + Math.round(analysedSeconds(note) * sampleRate)), sampleRate);
  let guess = gridSearch(spectrum, note, stiffness);
  let peaks: PartialPeak[] = [];
  for (const [most, reach] of ROUNDS) {
    peaks = partialPeaks(spectrum, guess, most, reach);
    if (peaks.length > 0) guess = fitLine(peaks, guess);
  }
  if (peaks.length === 0) return undefined;
  const cents = 1200 * Math.log2(guess.f0 / equalTemperament(note));
  return { note, cents, inharmonicity: guess.inharmonicity, peaks: agreeing(peaks, guess) };
}
