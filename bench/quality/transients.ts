/**
 * Clicks: sudden energy at high frequencies where the sound has no cause for it.
 *
 * The second difference of the signal weighs frequencies by their square, so
 * that a step or a kink stands out of the tone around it.
 */

const WINDOW_SECONDS = 0.001;
/** Rms of second differences that nobody hears: -100 dBFS. */
const INAUDIBLE = 1e-5;
/** The start of a strike, and all of its attack. */
const START_SECONDS = 0.002;
const ATTACK_SECONDS = 0.06;

/** Rms of the second difference in each millisecond from sample `start` on. */
function roughness(samples: Float32Array, sampleRate: number, start: number, seconds: number): Float64Array {
  const window = Math.round(WINDOW_SECONDS * sampleRate);
  const count = Math.round(seconds / WINDOW_SECONDS);
  return Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let n = start + i * window; n < start + (i + 1) * window; n++) {
      const bend = (samples[n + 1] ?? 0) - 2 * (samples[n] ?? 0) + (samples[n - 1] ?? 0);
      sum += bend * bend;
    }
    return Math.sqrt(sum / window);
  });
}

const decibels = (ratio: number): number => 20 * Math.log10(ratio);
const highest = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), INAUDIBLE);

/**
 * How rough the first 2 ms of a strike are against the roughest of its attack,
 * in dB. A click at the start brings this near 0 where the real note's lies lower.
 */
export function startRoughness(samples: Float32Array, sampleRate: number, onset: number): number {
  const lead = Math.round(WINDOW_SECONDS * sampleRate);
  const start = highest(roughness(samples, sampleRate, onset - lead, START_SECONDS + WINDOW_SECONDS));
  return decibels(start / highest(roughness(samples, sampleRate, onset - lead, ATTACK_SECONDS)));
}

/**
 * Largest excess in dB of a released note over the same note held on, in any
 * millisecond from the release on. A damper only takes away; a click adds.
 */
export function releaseExcess(held: Float32Array, released: Float32Array, sampleRate: number, release: number): number {
  const seconds = (held.length - release) / sampleRate;
  const reference = roughness(held, sampleRate, release, seconds);
  return roughness(released, sampleRate, release, seconds).reduce(
    (worst, value, i) => Math.max(worst, decibels((value + INAUDIBLE) / (reference[i]! + INAUDIBLE))),
    -Infinity,
  );
}
