/** What a player can turn: how far each goes, where it rests, and what its place means in words. */
import { NATURAL_RESONANCE } from '../model/resonance.ts';
import { HIGHEST_CONCERT_PITCH, LOWEST_CONCERT_PITCH, CONCERT_PITCH } from '../model/temperament.ts';
import { MOST_BRIGHTNESS } from '../model/tone.ts';
import { HEAVIEST_TOUCH, LIGHTEST_TOUCH } from './velocity-curve.ts';

/** Settings of the tone; each is a property of the element and of the node. */
export type ToneSetting = 'brightness' | 'hammer' | 'width' | 'room' | 'resonance' | 'concertPitch' | 'inTune';
/** Settings that a controller of a MIDI keyboard can turn. */
export type Turnable = ToneSetting | 'touch';

export type ToneValues = Readonly<Record<ToneSetting, number>>;

export interface SettingRange {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  /** Where it is unless somebody turns it. */
  readonly rest: number;
  readonly describe: (value: number) => string;
}

const percent = (value: number): string => `${Math.round(100 * value)} %`;

function moreOf(value: number, more: string, less: string, none: string): string {
  if (value === 0) return none;
  return `${percent(Math.abs(value))} ${value > 0 ? more : less}`;
}

const AS_RECORDED = 'as recorded';

export const SETTING_RANGES: Readonly<Record<Turnable, SettingRange>> = {
  brightness: {
    name: 'Brightness',
    least: -MOST_BRIGHTNESS,
    most: MOST_BRIGHTNESS,
    step: 0.1,
    rest: 0,
    describe: (value) => (value === 0 ? AS_RECORDED : `${value > 0 ? '+' : '−'}${Math.abs(value).toFixed(1)} dB/octave`),
  },
  hammer: { name: 'Hammers', least: -1, most: 1, step: 0.05, rest: 0, describe: (value) => moreOf(value, 'harder', 'softer', AS_RECORDED) },
  concertPitch: {
    name: 'Pitch',
    least: LOWEST_CONCERT_PITCH,
    most: HIGHEST_CONCERT_PITCH,
    step: 0.5,
    rest: CONCERT_PITCH,
    describe: (value) => `A = ${Number(value.toFixed(1))} Hz`,
  },
  inTune: {
    name: 'Tuning',
    least: 0,
    most: 1,
    step: 0.01,
    rest: 0,
    describe: (value) => (value === 0 ? 'as the piano is' : value === 1 ? 'in tune' : `${percent(value)} in tune`),
  },
  width: { name: 'Width', least: 0, most: 1, step: 0.01, rest: 0.7, describe: percent },
  room: { name: 'Room', least: 0, most: 1, step: 0.01, rest: 0.2, describe: percent },
  resonance: {
    name: 'Resonance',
    least: 0,
    most: 1,
    step: 0.01,
    rest: NATURAL_RESONANCE,
    describe: (value) => (value === NATURAL_RESONANCE ? 'as in a grand' : percent(value / NATURAL_RESONANCE)),
  },
  touch: {
    name: 'Touch',
    least: LIGHTEST_TOUCH,
    most: HEAVIEST_TOUCH,
    step: 0.05,
    rest: 0,
    describe: (value) => moreOf(value, 'heavier', 'lighter', 'as the keyboard sends it'),
  },
};

export const TONE_SETTINGS: readonly ToneSetting[] = ['brightness', 'hammer', 'concertPitch', 'inTune', 'width', 'room', 'resonance'];

/** The tone that nobody has touched. */
export function toneAtRest(): ToneValues {
  return Object.fromEntries(TONE_SETTINGS.map((setting) => [setting, SETTING_RANGES[setting].rest])) as ToneValues;
}

/**
 * Where a controller puts a setting. A setting that rests between its ends rests where the controller is in its middle.
 *
 * @param value 0..127
 */
export function turned(setting: Turnable, value: number): number {
  const { least, most, rest } = SETTING_RANGES[setting];
  if (setting === 'width' || setting === 'room' || setting === 'inTune') return least + ((most - least) * value) / 127;
  return value <= 64 ? least + ((rest - least) * value) / 64 : rest + ((most - rest) * (value - 64)) / 63;
}
