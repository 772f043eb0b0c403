/**
 * Whether a recording is one of a piano: its notes have the partials of stiff strings, where one tuning of the
 * whole keyboard says, and they die away. Speech glides, drums and noise have no partials, organs and voices stay.
 */
import type { Performance } from '../performance.ts';
import { FIRST_NOTE } from '../spec.ts';
import { medianOf } from '../corpus/median.ts';
import { fundamental, partialFrequency, type Tuning } from '../tuning.ts';
import type { Ring } from './clear-peaks.ts';

const PARTIALS = 6;
const HIGHEST_HERTZ = 5000;
/** Cents within which a partial is where a tuning says, that was fitted to the recording or is only typical. */
const FITTED_CENTS = 12;
const TYPICAL_CENTS = 30;
/** Share of partials that are there, and fall in dB/s, at which it is as likely a piano as not; and how fast it becomes sure. */
const EVEN_SHARE = 0.38;
const SHARE_SLOPE = 25;
const EVEN_FALL = 6;
const FALL_SLOPE = 0.8;
/** Seconds of the looks after a strike and before the next, and of the shortest time between them. */
const LOOK = 0.04;
const SHORTEST = 0.15;
const LONGEST = 0.5;

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * Likelihood 0..1 that a piano plays.
 *
 * @param recording mono, @param rings of `findRings`, @param fitted whether the tuning comes from this recording
 */
export function pianoLikelihood(recording: Float32Array, sampleRate: number, performance: Performance, rings: readonly Ring[], tuning: Tuning, fitted: boolean): number {
  const partials = logistic(SHARE_SLOPE * (shareOfPartials(rings, tuning, fitted ? FITTED_CENTS : TYPICAL_CENTS) - EVEN_SHARE));
  return partials * logistic(FALL_SLOPE * (fallOf(recording, sampleRate, performance) - EVEN_FALL));
}

function shareOfPartials(rings: readonly Ring[], tuning: Tuning, reach: number): number {
  let [expected, found] = [0, 0];
  for (const { note, peaks } of rings) {
    for (let k = 1; k <= PARTIALS; k++) {
      const frequency = partialFrequency(fundamental(tuning, note), tuning.inharmonicity[note - FIRST_NOTE]!, k);
      if (frequency > HIGHEST_HERTZ) break;
      expected++;
      if (peaks.some((peak) => Math.abs(1200 * Math.log2(peak.frequency / frequency)) < reach)) found++;
    }
  }
  return expected === 0 ? 0 : found / expected;
}

/** Median over the strikes of how fast the sound falls until the next, in dB/s. */
function fallOf(recording: Float32Array, sampleRate: number, { events }: Performance): number {
  const strikes = events.flatMap((event) => (event.type === 'noteOn' ? [event.seconds] : []));
  const level = (from: number): number => {
    const look = recording.subarray(Math.round(from * sampleRate), Math.round((from + LOOK) * sampleRate));
    return 10 * Math.log10(look.reduce((sum, sample) => sum + sample * sample, 1e-12) / Math.max(1, look.length));
  };
  const falls = strikes.flatMap((strike) => {
    const next = strikes.find((other) => other > strike + 0.03) ?? Infinity;
    const end = Math.min(next, strike + LONGEST, recording.length / sampleRate);
    return end - strike < SHORTEST ? [] : [(level(strike + 0.01) - level(end - 0.01 - LOOK)) / (end - strike - 0.02 - LOOK)];
  });
  // Notes in too quick a row to hear any of them die away.
  return falls.length === 0 ? Infinity : medianOf(falls);
}
