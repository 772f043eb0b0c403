/** What recordings tell of a piano beyond its embedding: levels and decay over keyboard and frequency. */
import type { Controls } from './controls.ts';
import { gainOf } from './decibels.ts';
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

/** Changes the controls of strikes; allocates only in the constructor. */
export class VoicingMap {
  /** Centre of each noise band in Hz. */
  readonly #bands: Float64Array;
  /** All curves, `[rows][points]` each. */
  readonly #curves: Readonly<Record<keyof Voicing, Float64Array>>;
  /** What they are at one key. */
  readonly #here: Readonly<Record<keyof Voicing, Float64Array>>;
  #plain = true;

  constructor(spec: Spec) {
    this.#bands = Float64Array.from(noiseBands(spec), ({ centre }) => centre);
    this.#curves = curveArrays(({ keys, frequencies }) => keys.length * frequencies.length);
    this.#here = curveArrays(({ frequencies }) => frequencies.length);
  }

  /** @param voicing undefined changes nothing */
  set(voicing: Voicing | undefined): void {
    this.#plain = voicing === undefined;
    if (voicing === undefined) return;
    for (const name of VOICING_CURVES) {
      const points = VOICING_GRIDS[name].frequencies.length;
      for (let row = 0; row < voicing[name].length; row++) this.#curves[name].set(voicing[name][row]!, row * points);
    }
  }

  /** Changes the controls of a strike of this key. @param velocity 0..1 */
  apply(controls: Controls, note: number, velocity: number): void {
    if (this.#plain) return;
    const { tones, tonesTouch, tonesForce, strike, body, noiseTouch, noiseForce, decay, fade, tonesDetail, strikeDetail, bodyDetail } = this.#here;
    const touch = velocity - MIDDLE_VELOCITY;
    const force = Math.max(0, touch);
    this.#goTo(note);
    for (let i = 0; i < controls.partialCount; i++) {
      const at = pointOf(COARSE, controls.frequency[i]!);
      const louder = valueAt(tones, at) + valueAt(tonesDetail, pointOf(FINE, controls.frequency[i]!));
      const gain = gainOf(louder + touch * valueAt(tonesTouch, at) + force * valueAt(tonesForce, at));
      const faster = Math.exp(valueAt(decay, at));
      controls.promptAmplitude[i] = gain * controls.promptAmplitude[i]!;
      controls.aftersoundAmplitude[i] = gain * controls.aftersoundAmplitude[i]!;
      controls.promptRate[i] = faster * controls.promptRate[i]!;
      controls.aftersoundRate[i] = faster * controls.aftersoundRate[i]!;
    }
    for (let b = 0; b < this.#bands.length; b++) {
      const at = pointOf(COARSE, this.#bands[b]!);
      const fine = pointOf(FINE, this.#bands[b]!);
      const louder = touch * valueAt(noiseTouch, at) + force * valueAt(noiseForce, at);
      controls.strikeAmplitude[b] = gainOf(valueAt(strike, at) + valueAt(strikeDetail, fine) + louder) * controls.strikeAmplitude[b]!;
      controls.bodyAmplitude[b] = gainOf(valueAt(body, at) + valueAt(bodyDetail, fine) + louder) * controls.bodyAmplitude[b]!;
      controls.bodyRate[b] = Math.exp(valueAt(fade, at)) * controls.bodyRate[b]!;
    }
  }

  /** The curves at a key. */
  #goTo(note: number): void {
    for (let c = 0; c < VOICING_CURVES.length; c++) {
      const name = VOICING_CURVES[c]!;
      const curve = this.#curves[name];
      const here = this.#here[name];
      const at = rowOf(VOICING_GRIDS[name], note);
      const row = Math.min(VOICING_GRIDS[name].keys.length - 2, Math.floor(at));
      const share = at - row;
      for (let i = 0; i < here.length; i++) {
        const below = curve[row * here.length + i]!;
        here[i] = below + share * (curve[(row + 1) * here.length + i]! - below);
      }
    }
  }
}

function curveArrays(size: (grid: VoicingGrid) => number): Record<keyof Voicing, Float64Array> {
  return Object.fromEntries(VOICING_CURVES.map((name) => [name, new Float64Array(size(VOICING_GRIDS[name]))])) as Record<keyof Voicing, Float64Array>;
}
