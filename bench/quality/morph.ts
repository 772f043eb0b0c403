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

/** Distances along a way. @param points clips of each key at each step, first to last */
export function stepsOf(points: readonly (readonly Float64Array[])[]): Pick<Morph, 'whole' | 'longest'> {
  const distance = (a: readonly Float64Array[], b: readonly Float64Array[]): number =>
    a.reduce((sum, clip, key) => sum + melDistance(melPowers(clip), melPowers(levelMatched(b[key]!, clip))), 0) / a.length;
  const whole = distance(points[0]!, points.at(-1)!);
  const steps = points.slice(1).map((point, i) => distance(points[i]!, point));
  return { whole, longest: Math.max(...steps) / whole };
}

/** Walks from one style to another in ten steps. */
export function morph(player: Player, from: Style, to: Style): Morph {
  const points = Array.from({ length: STEPS + 1 }, (_, i) => {
    const style = interpolateStyles(from, to, i / STEPS);
    return KEYS.map((note) => cutClip(playStrike(player, { style, note, velocity: VELOCITY, seconds: SECONDS }), STRIKE_RATE));
  });
  return { from: from.id, to: to.id, ...stepsOf(points) };
}
