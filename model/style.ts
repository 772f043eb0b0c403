/** The timbre and tuning of one piano: what a player chooses, mails and blends. */
import * as v from 'valibot';
import { InputError } from './input-error.ts';
import { KEY_LEVEL_BOUNDS } from './key-level.ts';
import { MODE_NUMBERS, MOST_MODE_STEPS, MOST_PARTIALS } from './key-modes.ts';
import { ROOM_BOUNDS, type RoomShape } from './room.ts';
import { NOTE_COUNT, type Spec } from './spec.ts';
import { PHASE_STEPS, type Tuning } from './tuning.ts';
import { validate, validateJson } from './validate.ts';
import { VOICING_CURVES, VOICING_GRIDS, VOICING_LIMITS, type Voicing } from './voicing.ts';

/** Version tag of style files; readers refuse any other. */
export const STYLE_FORMAT = 'anypiano-style/1';

export interface Style {
  readonly format: typeof STYLE_FORMAT;
  /** Lower-case letters, digits and hyphens. */
  readonly id: string;
  /** For people to read. */
  readonly name: string;
  /** `Spec.id` of the weights that the embedding belongs to. */
  readonly model: string;
  /** Style embedding z, `Spec.style.size` values. */
  readonly embedding: readonly number[];
  /**
   * What each of the 88 keys adds to the embedding, as its recordings told: a row is as long as the embedding, or
   * empty where nothing is known of the key. Without it, all keys are of one mould.
   */
  readonly keys?: readonly (readonly number[])[];
  readonly tuning: Tuning;
  /**
   * What the partials of each of the 88 keys do that the network does not say, see `applyModes`; a row is empty where
   * nothing is known of the key. It belongs to weights of the standard tier and of those cut from them.
   */
  readonly modes?: readonly (readonly number[])[];
  /** dB that each of the 88 keys is louder than the network has it: an even keyboard, as loud as other pianos. */
  readonly levels?: readonly number[];
  /**
   * Natural logarithm of how much faster than near other pianos the sound changes near this one, on the way from it to
   * another: so much more slowly it is left. 0 without it.
   */
  readonly pace?: number;
  /** What a recording told of the piano beyond its embedding; nothing is changed without it. */
  readonly voicing?: Voicing;
  /** Where the piano stands; `USUAL_ROOM` where the style does not know. */
  readonly room?: RoomShape | undefined;
  /** What stands in the room, for instance `grand` or `upright`. */
  readonly kind: string;
  /** Where the recording came from. */
  readonly source: string;
  readonly licence: string;
  /** Who is to be named. */
  readonly credit: string;
}

/** What a list and a map of styles show; `pretrained/styles/index.json` is an array of these. */
export type StyleSummary = Pick<Style, 'id' | 'name' | 'model' | 'embedding' | 'kind' | 'credit' | 'licence'>;

const text = v.pipe(v.string(), v.maxLength(1000));
/** Letters of a name at most. */
export const LONGEST_TITLE = 200;
const title = v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_TITLE));
const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{0,63}$/));
const within = (least: number, most: number): v.GenericSchema<unknown, number> =>
  v.pipe(v.number(), v.minValue(least), v.maxValue(most));
const embedding = v.pipe(v.array(within(-100, 100)), v.minLength(1), v.maxLength(256));
const perKey = (value: v.GenericSchema<unknown, number>): v.GenericSchema<unknown, number[]> =>
  v.pipe(v.array(value), v.length(NOTE_COUNT));
const voicingCurve = (name: keyof Voicing): v.GenericSchema<unknown, number[][]> => {
  const { keys, frequencies } = VOICING_GRIDS[name];
  const most = VOICING_LIMITS[name];
  return v.pipe(v.array(v.pipe(v.array(within(-most, most)), v.length(frequencies.length))), v.length(keys.length));
};

const isModesRow = (row: number[]): boolean => row.length === 0 || (row.length % MODE_NUMBERS.length === 1 && row[0]! >= 0 && row[0]! <= 1);

const StyleSchema: v.GenericSchema<unknown, Style> = v.object({
  format: v.literal(STYLE_FORMAT),
  id,
  name: title,
  model: id,
  embedding,
  keys: v.exactOptional(v.pipe(v.array(v.pipe(v.array(within(-100, 100)), v.maxLength(256))), v.length(NOTE_COUNT))),
  tuning: v.object({
    cents: perKey(within(-1200, 1200)),
    // Positive, so that two values can be blended as a ratio.
    inharmonicity: perKey(within(1e-9, 1)),
    phases: v.exactOptional(v.pipe(v.array(v.pipe(v.array(v.pipe(within(0, PHASE_STEPS - 1), v.integer())), v.maxLength(128))), v.length(NOTE_COUNT))),
  }),
  modes: v.exactOptional(v.pipe(v.array(v.pipe(v.array(within(-MOST_MODE_STEPS, MOST_MODE_STEPS)), v.maxLength(1 + MOST_PARTIALS * MODE_NUMBERS.length), v.check(isModesRow, `not empty, nor a share and ${MODE_NUMBERS.length} numbers a partial`))), v.length(NOTE_COUNT))),
  levels: v.exactOptional(perKey(within(...KEY_LEVEL_BOUNDS))),
  pace: v.exactOptional(within(-2, 2)),
  voicing: v.exactOptional(
    v.object(Object.fromEntries(VOICING_CURVES.map((name) => [name, voicingCurve(name)])) as Record<keyof Voicing, ReturnType<typeof voicingCurve>>),
  ),
  room: v.optional(
    v.object({
      decaySeconds: within(...ROOM_BOUNDS.decaySeconds),
      highDecaySeconds: within(...ROOM_BOUNDS.highDecaySeconds),
      level: within(...ROOM_BOUNDS.level),
    }),
  ),
  kind: title,
  source: text,
  licence: text,
  credit: text,
});

const StyleIndexSchema: v.GenericSchema<unknown, StyleSummary[]> = v.array(
  v.object({ id, name: title, model: id, embedding, kind: title, credit: text, licence: text }),
);

/**
 * @param input JSON text, or what was parsed from it
 * @param source names the file in errors
 * @throws InputError if it is not a style
 */
export function parseStyle(input: unknown, source: string): Style {
  return typeof input === 'string' ? validateJson(StyleSchema, input, source) : validate(StyleSchema, input, source);
}

/** @throws InputError where a style could not be told so of its piano */
export function assertDescription<T extends Pick<Style, 'id' | 'name' | 'kind' | 'source' | 'licence' | 'credit'>>(description: T, source: string): T {
  validate(v.object({ id, name: title, kind: title, source: text, licence: text, credit: text }), description, source);
  return description;
}

/** Reads the list of shipped styles. @throws InputError */
export function parseStyleIndex(input: unknown, source: string): StyleSummary[] {
  return typeof input === 'string' ? validateJson(StyleIndexSchema, input, source) : validate(StyleIndexSchema, input, source);
}

/** JSON text of the list of some styles, as `serialiseStyle` writes it. */
export function serialiseStyleIndex(styles: readonly Style[]): string {
  return serialise(styles.map(({ id, name, model, embedding, kind, credit, licence }): StyleSummary => ({ id, name, model, embedding, kind, credit, licence })));
}

/** JSON text, one property a line, ending in a newline. */
export function serialiseStyle(style: Style): string {
  return serialise(style);
}

function serialise(value: Style | StyleSummary[]): string {
  const json = JSON.stringify(value, null, 2);
  // Arrays of numbers on one line each: 192 numbers on lines of their own would be hard to read.
  // A raw line break stands only between values, so no text is touched.
  return `${json.replace(/\[\n[^\]"]*\]/g, (array) => array.replace(/\s+/g, ' '))}\n`;
}

/** @throws InputError if `style` was made for other weights than those of `spec` */
export function assertStyleFits(style: Style, spec: Spec, source: string): void {
  if (style.model !== spec.id) throw new InputError(source, `was made for the model ${style.model}, not for ${spec.id}`);
  if (style.embedding.length !== spec.style.size) {
    throw new InputError(source, `has an embedding of ${style.embedding.length} numbers where the model needs ${spec.style.size}`);
  }
  const key = style.keys?.findIndex((row) => row.length !== 0 && row.length !== spec.style.size) ?? -1;
  if (key >= 0) throw new InputError(source, `has ${style.keys![key]!.length} numbers for key ${key} where the model needs ${spec.style.size}`);
}

/** A name as the id of a style: lower-case letters, digits and hyphens. */
export function styleId(name: string): string {
  const letters = name.normalize('NFKD').toLowerCase();
  return letters.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 64) || 'piano';
}
