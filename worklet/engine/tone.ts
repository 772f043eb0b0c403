/** What a player sets of the tone, beside the choice of a piano. */
import { CONCERT_PITCH, HIGHEST_CONCERT_PITCH, LOWEST_CONCERT_PITCH, concertCents, evenTuning } from '../../model/temperament.ts';
import { MOST_BRIGHTNESS } from '../../model/tone.ts';
import type { Timbre } from './strike.ts';

export interface ToneSettings {
  /** Tilt of all that sounds in dB per octave, -3 .. 3; 0 as recorded. What sounds follows. */
  readonly brightness: number;
  /** Hammers, -1 soft .. 1 hard; 0 as recorded. Counts for the strikes that follow. */
  readonly hammer: number;
  /** Frequency of A4 in Hz, 415 .. 466, on a piano that was tuned to 440. What sounds glides along. */
  readonly concertPitch: number;
  /** 0 as the piano is tuned .. 1 in equal temperament with its stretch. What sounds follows. */
  readonly inTune: number;
}

/** The piano as it was recorded. */
export const PLAIN_TONE: ToneSettings = { brightness: 0, hammer: 0, concertPitch: CONCERT_PITCH, inTune: 0 };

/** Bounds all settings to their ranges; what is no number, or missing, is as recorded. */
export function toneOf({ brightness, hammer, concertPitch, inTune }: Partial<ToneSettings>): ToneSettings {
  return {
    brightness: bounded(brightness, -MOST_BRIGHTNESS, MOST_BRIGHTNESS, PLAIN_TONE.brightness),
    hammer: bounded(hammer, -1, 1, PLAIN_TONE.hammer),
    concertPitch: bounded(concertPitch, LOWEST_CONCERT_PITCH, HIGHEST_CONCERT_PITCH, PLAIN_TONE.concertPitch),
    inTune: bounded(inTune, 0, 1, PLAIN_TONE.inTune),
  };
}

/** A timbre with the tuning that the settings ask for, concert pitch left out. */
export function tunedTimbre(timbre: Timbre, { inTune }: ToneSettings): Timbre {
  return { ...timbre, tuning: evenTuning(timbre.tuning, inTune) };
}

/** Cents that concert pitch adds to all keys. */
export function tuningCents({ concertPitch }: ToneSettings): number {
  return concertCents(concertPitch);
}

function bounded(value: number | undefined, least: number, most: number, otherwise: number): number {
  return value === undefined || Number.isNaN(value) ? otherwise : Math.max(least, Math.min(most, value));
}
