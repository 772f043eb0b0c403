/** Partials of a stiff string as peaks of a spectrum. */
import { partialFrequency } from '../tuning.ts';
import { medianLevel, peakNear, type Spectrum } from './spectrum.ts';

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

/** Frequencies of a string: f_k = k f0 sqrt(1 + B k^2). */
export interface StiffString {
  /** Hz. */
  readonly f0: number;
  readonly inharmonicity: number;
}

/** Partials looked at end here, Hz. */
export const HIGHEST_FREQUENCY = 12000;
/** A partial counts where it stands this far above its surroundings, dB. */
const CLEAR = 10;
/** Accuracy of a peak: of the spectrum in Hz, and of the stiff-string law in cents. */
const PEAK_HERTZ = 0.15;
const LAW_CENTS = 1.2;

/** Peaks near the first `most` partials of a string, searched within `cents`. */
export function partialPeaks(spectrum: Spectrum, { f0, inharmonicity }: StiffString, most: number, cents: number): PartialPeak[] {
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

/** Variance of a peak's deviation from the law, squared cents. */
export function variance(frequency: number): number {
  return LAW_CENTS ** 2 + ((1200 / Math.LN2) * (PEAK_HERTZ / frequency)) ** 2;
}

/** Cents that a peak lies above the law. */
export function deviation(peak: PartialPeak, string: StiffString): number {
  return 1200 * Math.log2(peak.frequency / partialFrequency(string.f0, string.inharmonicity, peak.k));
}

/** Partials that agree with a string; the loudest always does. */
export function agreeing(peaks: readonly PartialPeak[], string: StiffString): PartialPeak[] {
  const loudest = peaks.reduce((a, b) => (b.level > a.level ? b : a));
  return peaks.filter(
    (peak) => peak === loudest || Math.abs(deviation(peak, string)) < 4 * Math.sqrt(variance(peak.frequency)),
  );
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
