/** Where a strike starts in a recording of one note. */

/** Energy is looked at in windows of 1 ms, every quarter of one. */
const WINDOW_SECONDS = 0.001;
const HOP_SECONDS = 0.00025;
/** The strike is looked for in this much of the recording. */
const SEARCH_SECONDS = 0.25;
/**
 * The hammer's blow reaches this share of the loudest window. Key and action
 * noise, which come up to 20 ms before it, stay below.
 */
const BLOW_RATIO = 10 ** (-15 / 20);
/** Below this share of the loudest window its rise has not begun. */
const FOOT_RATIO = 10 ** (-27 / 20);

function windowLevels(samples: Float32Array, window: number, hop: number, count: number): Float64Array {
  const levels = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let energy = 0;
    for (let n = i * hop; n < i * hop + window; n++) energy += (samples[n] ?? 0) ** 2;
    levels[i] = Math.sqrt(energy / window);
  }
  return levels;
}

/**
 * Finds the start of the strike: the foot of the steep rise in 1-ms energy
 * that the hammer's blow makes. What the key and the action sound before it
 * is not part of it, so that all layers of a key are aligned alike.
 *
 * @param samples one note, mono; silence or noise may come first
 * @returns seconds, 0 where the recording starts inside the strike
 */
export function findOnset(samples: Float32Array, sampleRate: number): number {
  const window = Math.round(WINDOW_SECONDS * sampleRate);
  const hop = Math.round(HOP_SECONDS * sampleRate);
  const searched = Math.min(samples.length, Math.round(SEARCH_SECONDS * sampleRate));
  const count = Math.max(1, Math.floor((searched - window) / hop) + 1);
  const levels = windowLevels(samples, window, hop, count);
  const peak = levels.reduce((a, b) => Math.max(a, b), 0);
  const sounds = (i: number): boolean => levels[i]! > peak * FOOT_RATIO;
  let foot = levels.findIndex((level) => level >= peak * BLOW_RATIO);
  while (foot > 0 && sounds(foot) && levels[foot - 1]! < levels[foot]!) foot--;
  if (peak === 0 || (foot <= 0 && sounds(0))) return 0;
  // The next window is the first to hold the rise, in its last hop.
  return (foot * hop + window) / sampleRate;
}
