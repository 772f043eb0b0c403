/** What recordings tell of a piano beyond its embedding: levels and decay over keyboard and frequency. */
import type { Controls } from './controls.ts';
import { gainOf } from './decibels.ts';
import { KNOCK_FREQUENCY } from './knock.ts';
import { noiseBands, type Spec } from './spec.ts';

/** Where a curve is set: at these keys (MIDI notes) and frequencies (Hz), both evenly laid out from the first on; linear in between. */
export interface VoicingGrid {
  readonly keys: readonly number[];
  readonly frequencies: readonly number[];
  /** Semitones between two keys. */
  readonly semitones: number;
  /** Frequencies in an octave. */
  readonly perOctave: number;
}

function grid(semitones: number, perOctave: number): VoicingGrid {
  const keys = Array.from({ length: Math.floor(87 / semitones) + 1 }, (_, i) => 21 + semitones * i);
  const frequencies = Array.from({ length: 9 * perOctave + 1 }, (_, i) => 31.25 * 2 ** (i / perOctave));
  return { keys, frequencies, semitones, perOctave };
}

/** What any music tells: octaves of the keyboard by octaves of frequency. */
export const COARSE: VoicingGrid = grid(12, 1);
/** What keys that are heard alone tell: minor thirds by thirds of an octave. */
export const FINE: VoicingGrid = grid(3, 3);

/** A row for each key of a grid, with a value for each of its frequencies. */
export type VoicingCurve = readonly (readonly number[])[];

export interface Voicing {
  /** dB by which partials are louder. */
  readonly tones: VoicingCurve;
  /** dB by which they are louder still for each unit of velocity above `MIDDLE_VELOCITY`, and softer below. */
  readonly tonesTouch: VoicingCurve;
  /** As `tonesTouch`, but only above: hard strikes are brighter than soft ones foretell. */
  readonly tonesForce: VoicingCurve;
  /** dB by which the noise of the strike is louder. */
  readonly strike: VoicingCurve;
  /** dB by which the noise of the body is louder. */
  readonly body: VoicingCurve;
  /** dB by which both noises are louder still for each unit of velocity above `MIDDLE_VELOCITY`, and softer below. */
  readonly noiseTouch: VoicingCurve;
  /** As `noiseTouch`, but only above. */
  readonly noiseForce: VoicingCurve;
  /** Natural logarithm of the factor by which partials die away faster. */
  readonly decay: VoicingCurve;
  /** Natural logarithm of the factor by which the noise of the body dies away faster. */
  readonly fade: VoicingCurve;
  /** What `tones` leaves out, on the fine grid. */
  readonly tonesDetail: VoicingCurve;
  /** What `strike` leaves out, on the fine grid. */
  readonly strikeDetail: VoicingCurve;
  /** What `body` leaves out, on the fine grid. */
  readonly bodyDetail: VoicingCurve;
}

/** Velocity, 0..1, at which touch changes nothing. */
export const MIDDLE_VELOCITY = 0.6;

/** Largest value of each curve, up and down. */
export const VOICING_LIMITS = { tones: 24, tonesTouch: 48, tonesForce: 48, strike: 24, body: 24, noiseTouch: 48, noiseForce: 48, decay: 2, fade: 2, tonesDetail: 24, strikeDetail: 24, bodyDetail: 24 } as const satisfies Record<keyof Voicing, number>;
export const VOICING_CURVES = Object.keys(VOICING_LIMITS) as readonly (keyof Voicing)[];

/** Where each curve is set. */
export const VOICING_GRIDS = {
  tones: COARSE, tonesTouch: COARSE, tonesForce: COARSE, strike: COARSE, body: COARSE, noiseTouch: COARSE, noiseForce: COARSE, decay: COARSE, fade: COARSE,
  tonesDetail: FINE, strikeDetail: FINE, bodyDetail: FINE,
} as const satisfies Record<keyof Voicing, VoicingGrid>;

/** Changes nothing. */
export const PLAIN_VOICING: Voicing = mapVoicing((name) => VOICING_GRIDS[name].keys.map(() => VOICING_GRIDS[name].frequencies.map(() => 0)));

/** A voicing, curve by curve. */
export function mapVoicing(curve: (name: keyof Voicing) => VoicingCurve): Voicing {
  return Object.fromEntries(VOICING_CURVES.map((name) => [name, curve(name)])) as unknown as Voicing;
}

const within = (x: number, last: number): number => Math.max(0, Math.min(last, x));

/** Rows above the first at a key. */
function rowOf({ keys, semitones }: VoicingGrid, note: number): number {
  return within((note - keys[0]!) / semitones, keys.length - 1);
}

/** Points above the first at a frequency. */
function pointOf({ frequencies, perOctave }: VoicingGrid, frequency: number): number {
  return within(perOctave * Math.log2(frequency / frequencies[0]!), frequencies.length - 1);
}

const shares = (at: number, count: number): number[] => Array.from({ length: count }, (_, i) => Math.max(0, 1 - Math.abs(at - i)));

/** By how much each row counts at a key; the sum is 1. */
export function voicingRows(grid: VoicingGrid, note: number): number[] {
  return shares(rowOf(grid, note), grid.keys.length);
}

/** By how much each point counts at a frequency; the sum is 1. */
export function voicingPoints(grid: VoicingGrid, frequency: number): number[] {
  return shares(pointOf(grid, frequency), grid.frequencies.length);
}

function valueAt(curve: Float64Array, at: number): number {
  const point = Math.min(curve.length - 2, Math.floor(at));
  return curve[point]! + (curve[point + 1]! - curve[point]!) * (at - point);
}

/** Points of the fine grid for each of the coarse one. */
const FINER = FINE.perOctave / COARSE.perOctave;
const LOWEST = FINE.frequencies[0]!;
const KNOCK_POINT = pointOf(FINE, KNOCK_FREQUENCY);
/** Of each of `VOICING_CURVES`. */
const GRIDS: readonly VoicingGrid[] = VOICING_CURVES.map((name) => VOICING_GRIDS[name]);
const TONES = VOICING_CURVES.indexOf('tones');
const TONES_TOUCH = VOICING_CURVES.indexOf('tonesTouch');
const TONES_FORCE = VOICING_CURVES.indexOf('tonesForce');
const STRIKE = VOICING_CURVES.indexOf('strike');
const BODY = VOICING_CURVES.indexOf('body');
const NOISE_TOUCH = VOICING_CURVES.indexOf('noiseTouch');
const NOISE_FORCE = VOICING_CURVES.indexOf('noiseForce');
const DECAY = VOICING_CURVES.indexOf('decay');
const FADE = VOICING_CURVES.indexOf('fade');
const TONES_DETAIL = VOICING_CURVES.indexOf('tonesDetail');
const STRIKE_DETAIL = VOICING_CURVES.indexOf('strikeDetail');
const BODY_DETAIL = VOICING_CURVES.indexOf('bodyDetail');

/** Changes the controls of strikes; allocates only in the constructor. */
export class VoicingMap {
  /** Place of each noise band on the fine grid. */
  readonly #bands: Float64Array;
  /** All curves, `[rows][points]` each, in the order of `VOICING_CURVES`. */
  readonly #curves: readonly Float64Array[];
  /** What they are at one key. */
  readonly #here: readonly Float64Array[];
  /** All that makes a strike louder, in dB on the fine grid, which has every point of the coarse one. */
  readonly #tones = new Float64Array(FINE.frequencies.length);
  readonly #strike = new Float64Array(FINE.frequencies.length);
  readonly #body = new Float64Array(FINE.frequencies.length);
  #plain = true;

  constructor(spec: Spec) {
    this.#bands = Float64Array.from(noiseBands(spec), ({ centre }) => pointOf(FINE, centre));
    this.#curves = GRIDS.map(({ keys, frequencies }) => new Float64Array(keys.length * frequencies.length));
    this.#here = GRIDS.map(({ frequencies }) => new Float64Array(frequencies.length));
  }

  /** @param voicing undefined changes nothing */
  set(voicing: Voicing | undefined): void {
    this.#plain = voicing === undefined;
    if (voicing === undefined) return;
    VOICING_CURVES.forEach((name, c) => voicing[name].forEach((row, i) => this.#curves[c]!.set(row, i * row.length)));
  }

  /** Changes the controls of a strike of this key. @param velocity 0..1 */
  apply(controls: Controls, note: number, velocity: number): void {
    if (this.#plain) return;
    this.#goTo(note);
    this.#hit(velocity - MIDDLE_VELOCITY);
    const tones = this.#tones;
    const decay = this.#here[DECAY]!;
    const last = tones.length - 1;
    // Written out: a number that goes through a call may be put into a box on the heap.
    for (let i = 0; i < controls.partialCount; i++) {
      const at = Math.max(0, Math.min(last, FINE.perOctave * Math.log2(controls.frequency[i]! / LOWEST)));
      const point = Math.min(last - 1, Math.floor(at));
      const gain = gainOf(tones[point]! + (tones[point + 1]! - tones[point]!) * (at - point));
      const octave = Math.min(decay.length - 2, Math.floor(at / FINER));
      const faster = Math.exp(decay[octave]! + (decay[octave + 1]! - decay[octave]!) * (at / FINER - octave));
      controls.promptAmplitude[i] = gain * controls.promptAmplitude[i]!;
      controls.aftersoundAmplitude[i] = gain * controls.aftersoundAmplitude[i]!;
      controls.promptRate[i] = faster * controls.promptRate[i]!;
      controls.aftersoundRate[i] = faster * controls.aftersoundRate[i]!;
    }
    const fade = this.#here[FADE]!;
    controls.knockAmplitude *= gainOf(valueAt(this.#strike, KNOCK_POINT));
    for (let b = 0; b < this.#bands.length; b++) {
      const at = this.#bands[b]!;
      controls.strikeAmplitude[b] = gainOf(valueAt(this.#strike, at)) * controls.strikeAmplitude[b]!;
      controls.bodyAmplitude[b] = gainOf(valueAt(this.#body, at)) * controls.bodyAmplitude[b]!;
      controls.bodyRate[b] = Math.exp(valueAt(fade, at / FINER)) * controls.bodyRate[b]!;
    }
  }

  /** The curves at a key. */
  #goTo(note: number): void {
    for (let c = 0; c < this.#here.length; c++) {
      const curve = this.#curves[c]!;
      const here = this.#here[c]!;
      const grid = GRIDS[c]!;
      const at = rowOf(grid, note);
      const row = Math.min(grid.keys.length - 2, Math.floor(at));
      const share = at - row;
      for (let i = 0; i < here.length; i++) {
        const below = curve[row * here.length + i]!;
        here[i] = below + share * (curve[(row + 1) * here.length + i]! - below);
      }
    }
  }

  /** Levels at that key of a strike so far above the middle velocity. */
  #hit(touch: number): void {
    const force = Math.max(0, touch);
    const here = this.#here;
    const tones = here[TONES]!;
    const strike = here[STRIKE]!;
    const body = here[BODY]!;
    const last = tones.length - 1;
    for (let i = 0; i <= last; i++) {
      const noise = touch * here[NOISE_TOUCH]![i]! + force * here[NOISE_FORCE]![i]!;
      tones[i] = tones[i]! + touch * here[TONES_TOUCH]![i]! + force * here[TONES_FORCE]![i]!;
      strike[i] = strike[i]! + noise;
      body[i] = body[i]! + noise;
    }
    for (let i = 0; i < this.#tones.length; i++) {
      const below = Math.min(last - 1, Math.floor(i / FINER));
      const share = i / FINER - below;
      this.#tones[i] = here[TONES_DETAIL]![i]! + tones[below]! + share * (tones[below + 1]! - tones[below]!);
      this.#strike[i] = here[STRIKE_DETAIL]![i]! + strike[below]! + share * (strike[below + 1]! - strike[below]!);
      this.#body[i] = here[BODY_DETAIL]![i]! + body[below]! + share * (body[below + 1]! - body[below]!);
    }
  }
}
