/** From measured strings to the tuning of a whole keyboard. */
import { FIRST_NOTE, NOTE_COUNT } from '../spec.ts';
import { equalTemperament, typicalTuning, type Tuning } from '../tuning.ts';
import { medianOf } from './median.ts';
import { fundamentalGiven } from './partials.ts';
import { fitStiffness } from './stiffness-curve.ts';
import type { StringMeasurement } from './tuning-analysis.ts';

/** Above C7 too few partials are heard to measure B: the fitted curve goes on. */
const LAST_MEASURED_STIFFNESS = 96;
/** Keys over which deviations from the curve are smoothed. */
const SMOOTHING_KEYS = 2;
/** Partials that a key's own B needs to count as much as its neighbourhood. */
const PARTIALS_TO_TRUST = 2;
/** Keys this many cents off their neighbours are not believed about keys between. */
const OUTLIER_CENTS = 25;
/** A key as far off as the next one has a recording of another key, and no pitch of its own. */
const OTHER_KEY_CENTS = 100;
const NEIGHBOURS = 5;

/** All recordings of one key together. */
interface KeyMeasurement {
  readonly note: number;
  readonly layers: readonly StringMeasurement[];
  readonly inharmonicity: number;
  /** Median number of partials that agreed. */
  readonly partials: number;
}

function byKey(measurements: readonly StringMeasurement[]): KeyMeasurement[] {
  const notes = [...new Set(measurements.map((m) => m.note))].sort((a, b) => a - b);
  return notes.map((note) => {
    const layers = measurements.filter((m) => m.note === note);
    return {
      note,
      layers,
      inharmonicity: Math.exp(medianOf(layers.map((m) => Math.log(m.inharmonicity)))),
      partials: medianOf(layers.map((m) => m.peaks.length)),
    };
  });
}

/** How far a key's own B is to be believed, in units of its neighbourhood. */
function trust(key: KeyMeasurement): number {
  const fade = Math.min(1, Math.max(0, (LAST_MEASURED_STIFFNESS + 1 - key.note) / 4));
  return fade * Math.max(0, key.partials / PARTIALS_TO_TRUST - 1);
}

/** B of each key: the bank's curve plus what the key and its neighbourhood deviate from it. */
function stiffnessOf(keys: readonly KeyMeasurement[]): number[] {
  const curve = fitStiffness(keys.map((key) => ({ ...key, weight: trust(key) })));
  const deviations = keys.map((key) => ({
    note: key.note,
    weight: trust(key),
    value: Math.log(key.inharmonicity / curve(key.note)),
  }));
  return Array.from({ length: NOTE_COUNT }, (_, i) => {
    const note = FIRST_NOTE + i;
    // The curve itself is a measurement without deviation, of weight 0.5.
    let sum = 0;
    let total = 0.5;
    let own = { weight: 0, value: 0 };
    for (const deviation of deviations) {
      if (deviation.note === note) own = deviation;
      const near = deviation.weight * Math.exp(-0.5 * ((deviation.note - note) / SMOOTHING_KEYS) ** 2);
      sum += near * deviation.value;
      total += near;
    }
    const smooth = sum / total;
    return curve(note) * Math.exp((smooth + own.weight * own.value) / (1 + own.weight));
  });
}

/** Cents of a measured key where B is known: the median over its layers. */
function centsOf(key: KeyMeasurement, inharmonicity: number): number {
  const base = equalTemperament(key.note);
  return medianOf(key.layers.map((m) => 1200 * Math.log2(fundamentalGiven(m.peaks, inharmonicity) / base)));
}

export interface KeyCents {
  readonly note: number;
  readonly cents: number;
}

/** Straight lines between keys that agree with their neighbours. */
function interpolateCents(keys: readonly KeyCents[], note: number): number {
  const after = keys.findIndex((key) => key.note >= note);
  if (after === 0) return keys[0]!.cents;
  if (after < 0) return keys.at(-1)!.cents;
  const low = keys[after - 1]!;
  const high = keys[after]!;
  return low.cents + ((note - low.note) / (high.note - low.note)) * (high.cents - low.cents);
}

function agreeWithNeighbours(keys: readonly KeyCents[]): KeyCents[] {
  const agreeing = keys.filter((key) => {
    const others = keys.filter((other) => other !== key);
    const near = others.sort((a, b) => Math.abs(a.note - key.note) - Math.abs(b.note - key.note)).slice(0, NEIGHBOURS);
    return near.length < 3 || Math.abs(key.cents - medianOf(near.map((k) => k.cents))) < OUTLIER_CENTS;
  });
  return agreeing.length > 0 ? agreeing : [...keys];
}

/** Cents of all 88 keys: measured ones, sorted by note, as they are, the rest from neighbours that agree; so too a key with the recording of another. */
export function fillKeyboard(measured: readonly KeyCents[]): number[] {
  const between = agreeWithNeighbours(measured);
  const own = new Map(measured.flatMap(({ note, cents }) => (Math.abs(cents - interpolateCents(between, note)) < OTHER_KEY_CENTS ? [[note, cents]] : [])));
  return Array.from({ length: NOTE_COUNT }, (_, i) => {
    const note = FIRST_NOTE + i;
    return own.get(note) ?? interpolateCents(between, note);
  });
}

/**
 * Tuning of all 88 keys from the measured strings of some.
 *
 * Measured keys keep their measured pitch. B follows a curve of bass and
 * treble bridge, moved towards what was measured below C7.
 *
 * @param measurements any number for each key; with none the typical tuning comes back
 */
export function fitTuning(measurements: readonly StringMeasurement[]): Tuning {
  const keys = byKey(measurements);
  if (keys.length === 0) return typicalTuning();
  const inharmonicity = stiffnessOf(keys);
  const measured = keys.map((key) => ({ note: key.note, cents: centsOf(key, inharmonicity[key.note - FIRST_NOTE]!) }));
  return { cents: fillKeyboard(measured), inharmonicity };
}

