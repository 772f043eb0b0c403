/**
 * Loudness of the banks: one velocity-to-gain curve for those whose layers
 * were brought to one level, and one loudness at velocity 80 for all.
 */
import type { Bank } from './corpus.ts';

/** What all banks reach at `REFERENCE_VELOCITY` in the middle octaves, in dBFS rms over the first half second. */
export const REFERENCE_LEVEL = -26;
export const REFERENCE_VELOCITY = 80;
/** The middle octaves, MIDI notes. */
const MIDDLE: readonly [number, number] = [48, 72];
/** Loudness is the rms of this much from the onset. */
export const LOUDNESS_SECONDS = 0.5;

/**
 * Power of velocity that amplitude grows with: a straight line through
 * Salamander's sixteen layers (rms in dB against log velocity, notes 48 to 72)
 * rises by 1.25 dB for each dB of velocity.
 */
const VELOCITY_EXPONENT = 1.25;

/** Level in dB of MIDI velocity 1..127 above that of `REFERENCE_VELOCITY`. */
export function velocityLevel(velocity: number): number {
  return 20 * VELOCITY_EXPONENT * Math.log10(velocity / REFERENCE_VELOCITY);
}

/** What one recording is before any gain. */
export interface MeasuredStrike {
  readonly note: number;
  readonly layer: number;
  /** MIDI velocity. */
  readonly velocity: number;
  /** dBFS rms of the first `LOUDNESS_SECONDS` after the onset. */
  readonly level: number;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

interface LayerLevel {
  readonly layer: number;
  readonly velocity: number;
  readonly level: number;
}

function middleLevels(strikes: readonly MeasuredStrike[]): LayerLevel[] {
  const layers = [...new Set(strikes.map((strike) => strike.layer))].sort((a, b) => a - b);
  return layers.map((layer) => {
    const all = strikes.filter((strike) => strike.layer === layer);
    const middle = all.filter(({ note }) => note >= MIDDLE[0] && note <= MIDDLE[1]);
    const used = middle.length > 0 ? middle : all;
    return { layer, velocity: used[0]!.velocity, level: mean(used.map((strike) => strike.level)) };
  });
}

/** Level at the reference velocity, on the straight lines between layers over log velocity. */
function levelAtReference(layers: readonly LayerLevel[]): number {
  const above = layers.findIndex((layer) => layer.velocity >= REFERENCE_VELOCITY);
  if (layers.length === 1 || above === 0) return layers[0]!.level - velocityLevel(layers[0]!.velocity);
  if (above < 0) return layers.at(-1)!.level - velocityLevel(layers.at(-1)!.velocity);
  const low = layers[above - 1]!;
  const high = layers[above]!;
  const share = Math.log(REFERENCE_VELOCITY / low.velocity) / Math.log(high.velocity / low.velocity);
  return low.level + share * (high.level - low.level);
}

/**
 * Gain in dB of each layer of a bank. A bank with natural dynamics gets one
 * gain for all; in any other each layer is moved onto the velocity curve, and
 * its notes keep their balance.
 */
export function layerGains(
  bank: Pick<Bank, 'naturalDynamics'>,
  strikes: readonly MeasuredStrike[],
): ReadonlyMap<number, number> {
  const layers = middleLevels(strikes);
  const shared = REFERENCE_LEVEL - levelAtReference(layers);
  return new Map(
    layers.map(({ layer, velocity, level }) => [
      layer,
      bank.naturalDynamics ? shared : REFERENCE_LEVEL + velocityLevel(velocity) - level,
    ]),
  );
}
