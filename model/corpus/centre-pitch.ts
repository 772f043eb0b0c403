/** The last look at a key's pitch: the partials that carry it, over all its recordings. */
import { FIRST_NOTE } from '../spec.ts';
import { fundamental, partialFrequency, type Tuning } from '../tuning.ts';
import { medianOf, weightedMedianOf, type Weighted } from './median.ts';
import { peakNear, spectrumOf, type Spectrum } from './spectrum.ts';

/** The blow is skipped, then this much is looked at, in seconds. */
const SKIP_SECONDS = 0.03;
const ANALYSED_SECONDS = 1;
/** The ear takes the pitch from the low partials. */
const PARTIALS = 8;
const HIGHEST_FREQUENCY = 10000;
const REACH_CENTS = 40;
/** A recording further than this from the others of its key says nothing, in cents. */
const ODD_ONE_OUT = 8;

/** Cents of one recording above the tuning: the median over its low partials, weighted by amplitude. */
function recordedDeviation(spectrum: Spectrum, tuning: Tuning, note: number): number | undefined {
  const f0 = fundamental(tuning, note);
  const found: Weighted[] = [];
  for (let k = 1; k <= PARTIALS; k++) {
    const frequency = partialFrequency(f0, tuning.inharmonicity[note - FIRST_NOTE]!, k);
    if (frequency > HIGHEST_FREQUENCY) break;
    const peak = peakNear(spectrum, frequency, frequency * (2 ** (REACH_CENTS / 1200) - 1));
    if (peak) found.push({ value: 1200 * Math.log2(peak.frequency / frequency), weight: 10 ** (peak.level / 20) });
  }
  return weightedMedianOf(found);
}

/**
 * Cents by which a key should move: half-way between its flattest and its sharpest
 * recording, since a hard strike sounds sharper than a soft one.
 *
 * @param clips recordings of the key, mono, whose strikes start at sample `onset`
 */
export function pitchCorrection(
  clips: readonly Float32Array[],
  onset: number,
  sampleRate: number,
  note: number,
  tuning: Tuning,
): number {
  const start = onset + Math.round(SKIP_SECONDS * sampleRate);
  const deviations = clips.flatMap((clip) => {
    const spectrum = spectrumOf(clip.subarray(start, start + ANALYSED_SECONDS * sampleRate), sampleRate);
    return recordedDeviation(spectrum, tuning, note) ?? [];
  });
  const middle = medianOf(deviations);
  const agreeing = deviations.filter((cents) => Math.abs(cents - middle) < ODD_ONE_OUT);
  return agreeing.length === 0 ? 0 : (Math.min(...agreeing) + Math.max(...agreeing)) / 2;
}
