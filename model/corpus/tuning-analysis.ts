/**
 * Finds the frequencies of a recorded note: its f0 and inharmonicity B.
 *
 * First a grid search over (cents, B) on the spectrum; then the partials'
 * peaks, and a weighted straight line through (f_k / k)^2 = f0^2 (1 + B k^2)
 * (Fletcher 1964), which outliers do not move.
 */
import { equalTemperament, typicalInharmonicity } from '../tuning.ts';
import { medianOf } from './median.ts';
import { agreeing, deviation, fundamentalGiven, partialPeaks, variance, type PartialPeak, type StiffString } from './partials.ts';
import { spectrumOf } from './spectrum.ts';
import { gridSearch, type StiffnessRange } from './string-grid.ts';

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
const MOST_PARTIALS = 40;

function analysedSeconds(note: number): number {
  const share = Math.min(1, Math.max(0, (note - 60) / 40));
  return BASS_SECONDS + share * (TREBLE_SECONDS - BASS_SECONDS);
}

/** Iterations of the reweighted fit. */
const FIT_ROUNDS = 8;
/** B of any piano string lies between these. */
const LEAST_STIFFNESS = 1e-6;
const MOST_STIFFNESS = 0.1;

/** Weight of each peak: its accuracy, and Tukey's bisquare over how far it lies from the string so far. */
function fitWeights(peaks: readonly PartialPeak[], string: StiffString): number[] {
  const standardised = peaks.map((peak) => Math.abs(deviation(peak, string)) / Math.sqrt(variance(peak.frequency)));
  const spread = Math.max(1, 1.48 * medianOf(standardised));
  return peaks.map((peak, i) => {
    const x = standardised[i]! / (4.7 * spread);
    return x < 1 ? (peak.weight * (1 - x * x) ** 2) / variance(peak.frequency) : 0;
  });
}

/** Weighted straight line through (k^2, (f_k / k)^2), as a string; `f0` only scales the sums. */
function lineThrough(peaks: readonly PartialPeak[], weights: readonly number[], f0: number): StiffString {
  let sw = 0;
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let sxy = 0;
  peaks.forEach(({ k, frequency }, i) => {
    const w = weights[i]!;
    const x = k * k;
    const y = (frequency / k / f0) ** 2;
    sw += w;
    sx += w * x;
    sy += w * y;
    sxx += w * x * x;
    sxy += w * x * y;
  });
  const slope = (sw * sxy - sx * sy) / (sw * sxx - sx * sx);
  const intercept = (sy - slope * sx) / sw;
  return { f0: f0 * Math.sqrt(intercept), inharmonicity: slope / intercept };
}

/** The string that fits the peaks. Where fewer than three agree, or on no real string, B stays as it was. */
function fitString(peaks: readonly PartialPeak[], start: StiffString): StiffString {
  let string = start;
  for (let round = 0; round < FIT_ROUNDS; round++) {
    const weights = fitWeights(peaks, string);
    const used = peaks.filter((_, i) => weights[i]! > 0);
    const line = lineThrough(peaks, weights, start.f0);
    const real = line.inharmonicity > LEAST_STIFFNESS && line.inharmonicity < MOST_STIFFNESS;
    if (used.length >= 3 && real) string = line;
    else if (used.length > 0) string = { ...string, f0: fundamentalGiven(used, string.inharmonicity) };
  }
  return string;
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
  let string = gridSearch(spectrum, note, stiffness);
  let peaks: PartialPeak[] = [];
  for (const [most, reach] of ROUNDS) {
    peaks = partialPeaks(spectrum, string, most, reach);
    if (peaks.length > 0) string = fitString(peaks, string);
  }
  if (peaks.length === 0) return undefined;
  const cents = 1200 * Math.log2(string.f0 / equalTemperament(note));
  return { note, cents, inharmonicity: string.inharmonicity, peaks: agreeing(peaks, string) };
}
