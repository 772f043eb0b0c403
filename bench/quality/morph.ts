/** From one style to another: whether ten steps are about alike, or one of them is a jump. */
import { interpolateStyles } from '../../model/morph.ts';
import type { Style } from '../../model/style.ts';
import { cutClip } from './clip.ts';
import { levelMatched, melDistance, melPowers } from './distances.ts';
import { STRIKE_RATE, playStrike, type Player } from './strike.ts';

const STEPS = 10;
const KEYS = [33, 57, 81];
const VELOCITY = 80 / 127;
const SECONDS = 1.2;

/** One way between two styles. */
export interface Morph {
  readonly from: string;
  readonly to: string;
  /** Mel distance in dB between the two, mean over keys. */
  readonly whole: number;
  /** The longest of the ten steps as a share of the whole. */
  readonly longest: number;
}

/** Mel distance in dB of two strikes each, mean over keys, at one level. */
export function distanceOf(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  return a.reduce((sum, clip, key) => sum + melDistance(melPowers(clip), melPowers(levelMatched(b[key]!, clip))), 0) / a.length;
}

/** A strike of each of three keys. */
export function clipsOf(player: Player, style: Style): Float64Array[] {
  return KEYS.map((note) => cutClip(playStrike(player, { style, note, velocity: VELOCITY, seconds: SECONDS }), STRIKE_RATE));
}

/** Distances along a way. @param points clips of each key at each step, first to last */
export function stepsOf(points: readonly (readonly Float64Array[])[]): Pick<Morph, 'whole' | 'longest'> {
  const whole = distanceOf(points[0]!, points.at(-1)!);
  const steps = points.slice(1).map((point, i) => distanceOf(points[i]!, point));
  return { whole, longest: Math.max(...steps) / whole };
}

/** Walks from one style to another in ten steps. */
export function morph(player: Player, from: Style, to: Style): Morph {
  const points = Array.from({ length: STEPS + 1 }, (_, i) => clipsOf(player, interpolateStyles(from, to, i / STEPS)));
  return { from: from.id, to: to.id, ...stepsOf(points) };
}
