/** How far the model's pitch lies from that of the real note. */
import { weightedMedianOf, type Weighted } from '../../model/corpus/median.ts';
import { peakNear, spectrumOf } from '../../model/corpus/spectrum.ts';
import { fundamental, partialFrequency, type Tuning } from '../../model/tuning.ts';
import { FIRST_NOTE } from '../../model/spec.ts';

/** The blow is skipped, then this much is looked at, in seconds. */
const SKIP_SECONDS = 0.03;
const ANALYSED_SECONDS = 1;
/** Partials that carry the pitch. */
const PARTIALS = 8;
const HIGHEST_FREQUENCY = 10000;
/** How far from the tuning's partial a peak is looked for, in cents. */
const REACH_CENTS = 40;

/**
 * Cents that `played` lies above `real`: the median over the low partials that
 * both have, weighted by their amplitude in the recording.
 *
 * @param tuning where to look for the partials; @param onset sample of the strike in each
 * @returns undefined where no partial is found in both
 */
export function pitchError(
  real: { readonly audio: Float32Array; readonly onset: number },
  played: { readonly audio: Float32Array; readonly onset: number },
  sampleRate: number,
  note: number,
  tuning: Tuning,
): number | undefined {
  const [realSpectrum, playedSpectrum] = [real, played].map(({ audio, onset }) => {
    const start = onset + Math.round(SKIP_SECONDS * sampleRate);
    return spectrumOf(audio.subarray(start, start + ANALYSED_SECONDS * sampleRate), sampleRate);
  });
  const f0 = fundamental(tuning, note);
  const inharmonicity = tuning.inharmonicity[note - FIRST_NOTE]!;
  const deviations: Weighted[] = [];
  for (let k = 1; k <= PARTIALS; k++) {
    const frequency = partialFrequency(f0, inharmonicity, k);
    if (frequency > HIGHEST_FREQUENCY) break;
    const reach = frequency * (2 ** (REACH_CENTS / 1200) - 1);
    const a = peakNear(realSpectrum!, frequency, reach);
    const b = peakNear(playedSpectrum!, frequency, reach);
    if (a && b) deviations.push({ value: 1200 * Math.log2(b.frequency / a.frequency), weight: 10 ** (a.level / 20) });
  }
  return weightedMedianOf(deviations);
}
