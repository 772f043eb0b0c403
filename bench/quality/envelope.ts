/** How a note rises and dies away: its attack time, and its fall in dB over time. */

/** Seconds between two levels, and the window that smooths beats out of them. */
export const STEP_SECONDS = 0.02;
const WINDOW_SECONDS = 0.08;
/** dB that a note falls in its decay time, from its loudest window on. */
const FALL = 20;
/** The blow is over by then; what is louder later is a beat. */
const RISE_SECONDS = 0.06;
/** The attack is looked at through windows of this, or of one period where that is longer. */
const SHORTEST_WINDOW_SECONDS = 0.004;
/** Above this the rise of a bass note hesitates, and a little more or less of it moves the end by 20 ms. */
const TOP = 0.8;
const FOOT = 0.1;
/** Power of -120 dBFS. */
const SILENCE = 1e-12;

/** Power of `samples` under a Hann window of `length`, every `hop` samples, the first window centred on `start`. */
function powers(samples: Float32Array, start: number, length: number, hop: number, count: number): Float64Array {
  const window = Float64Array.from({ length }, (_, n) => (1 - Math.cos((2 * Math.PI * (n + 0.5)) / length)) / length);
  return Float64Array.from({ length: count }, (_, i) => {
    const from = start + i * hop - (length >> 1);
    let sum = 0;
    for (let n = 0; n < length; n++) sum += window[n]! * (samples[from + n] ?? 0) ** 2;
    return sum;
  });
}

/** Level in dBFS every 20 ms from `onset` on, through windows of 80 ms; only such as lie inside the sound. */
export function levelCurve(samples: Float32Array, sampleRate: number, onset: number): Float64Array {
  const [hop, length] = [Math.round(STEP_SECONDS * sampleRate), Math.round(WINDOW_SECONDS * sampleRate)];
  const first = onset + (length >> 1);
  const count = Math.max(0, Math.floor((samples.length - first - (length >> 1)) / hop) + 1);
  return powers(samples, first, length, hop, count).map((power) => 10 * Math.log10(power + SILENCE));
}

export interface Fall {
  /** Seconds that the level spends less than 20 dB under its highest; until the end where it falls less. */
  readonly seconds: number;
  /** dB fallen by then. */
  readonly decibels: number;
}

/**
 * Time is added up, so that a beat that dips below for a moment is neither the end nor nothing.
 *
 * @param curve from `levelCurve`, @param most steps of it that are looked at
 */
export function fallOf(curve: Float64Array, most: number = curve.length): Fall {
  const seen = curve.subarray(0, most);
  const peak = seen.indexOf(seen.reduce((a, b) => Math.max(a, b), -Infinity));
  const above = seen.subarray(peak).map((level) => level - (seen[peak]! - FALL));
  let steps = 0;
  for (let i = 1; i < above.length; i++) {
    const [a, b] = [above[i - 1]!, above[i]!];
    // On a straight line between two levels.
    if (a > 0 && b > 0) steps += 1;
    else if (a > 0 || b > 0) steps += Math.max(a, b) / Math.abs(a - b);
  }
  const end = above.at(-1) ?? FALL;
  return { seconds: steps * STEP_SECONDS, decibels: Math.min(FALL, FALL - end) };
}

/**
 * Decay time of `played` as a ratio of that of `real`: seconds above -20 dB. Where a sound ends before, its fall so far is carried on at its mean rate, over as much of it as both have.
 */
export function decayRatio(real: Float64Array, played: Float64Array): number {
  const most = Math.min(real.length, played.length);
  const rate = ({ seconds, decibels }: Fall): number => Math.max(decibels, 0.1) / Math.max(seconds, STEP_SECONDS);
  return rate(fallOf(real, most)) / rate(fallOf(played, most));
}

/**
 * Seconds in which the amplitude rises from 10 to 80 % of the largest of the first 60 ms.
 *
 * @param frequency of the note in Hz: a window shorter than a period would see the wave itself
 */
export function attackSeconds(samples: Float32Array, sampleRate: number, onset: number, frequency: number): number {
  const hop = Math.round(0.00025 * sampleRate);
  const length = Math.round(Math.max(SHORTEST_WINDOW_SECONDS, 1 / frequency) * sampleRate);
  const lead = 2 * length;
  const count = Math.round((RISE_SECONDS * sampleRate + lead) / hop);
  const amplitude = powers(samples, onset - lead, length, hop, count).map(Math.sqrt);
  const peak = amplitude.reduce((a, b) => Math.max(a, b), 0);
  const top = amplitude.findIndex((a) => a >= TOP * peak);
  const foot = amplitude.subarray(0, top + 1).findLastIndex((a) => a < FOOT * peak) + 1;
  return ((top - foot) * hop) / sampleRate;
}
