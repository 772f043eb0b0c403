/** Louder strikes must be louder and brighter, at every key. */
import { FIRST_NOTE, NOTE_COUNT } from '../../model/spec.ts';
import type { Style } from '../../model/style.ts';
import { measureLoudness, type Loudness } from './brightness.ts';
import { STRIKE_LEAD, STRIKE_RATE, playStrike, type Player } from './strike.ts';

/** MIDI velocities that are compared. */
export const VELOCITIES = [30, 60, 90, 120];
const SECONDS = 0.3;
/** The one at which neighbouring keys are compared. */
const EVEN_VELOCITY = 90;

export interface VelocityResponse {
  /** Keys at which some harder strike is not louder. */
  readonly notLouder: readonly number[];
  /** Keys at which some harder strike is not brighter. */
  readonly notBrighter: readonly number[];
  /** Smallest rise from one velocity to the next over all keys: of level in dB, of the spectral centroid as a ratio. */
  readonly leastRise: { readonly level: number; readonly centroid: number };
  /** Level in dBFS of each of the 88 keys at velocity 90. */
  readonly levels: readonly number[];
  /** Mean rise in dB from the softest to the hardest strike. */
  readonly range: number;
}

/** Plays every key of a style at each of `VELOCITIES`; `onKey` is called after each key. */
export function velocityResponse(player: Player, style: Style, onKey: () => void): VelocityResponse {
  const notLouder: number[] = [];
  const notBrighter: number[] = [];
  const levels: number[] = [];
  let level = Infinity;
  let centroid = Infinity;
  let range = 0;
  for (let note = FIRST_NOTE; note < FIRST_NOTE + NOTE_COUNT; note++) {
    const measured: Loudness[] = [];
    for (const velocity of VELOCITIES) {
      const sound = playStrike(player, { style, note, velocity: velocity / 127, seconds: SECONDS });
      measured.push(measureLoudness(sound, STRIKE_RATE, STRIKE_LEAD));
    }
    levels.push(measured[VELOCITIES.indexOf(EVEN_VELOCITY)]!.level);
    const rises = measured.slice(1).map((louder, i) => ({
      level: louder.level - measured[i]!.level,
      centroid: louder.centroid / measured[i]!.centroid,
    }));
    if (rises.some((rise) => rise.level <= 0)) notLouder.push(note);
    if (rises.some((rise) => rise.centroid <= 1)) notBrighter.push(note);
    level = Math.min(level, ...rises.map((rise) => rise.level));
    centroid = Math.min(centroid, ...rises.map((rise) => rise.centroid));
    range += rises.reduce((sum, rise) => sum + rise.level, 0) / NOTE_COUNT;
    onKey();
  }
  return { notLouder, notBrighter, leastRise: { level, centroid }, levels, range };
}

/** dB that each key lies above the mean of its two neighbours; 0 for the outermost keys. */
export function unevenness(levels: readonly number[]): number[] {
  return levels.map((level, i) => (i === 0 || i === levels.length - 1 ? 0 : level - (levels[i - 1]! + levels[i + 1]!) / 2));
}
