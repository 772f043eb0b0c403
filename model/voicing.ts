/** What recordings tell of a piano beyond its embedding: levels and decay over keyboard and frequency. */
import type { Controls } from './controls.ts';
import { gainOf } from './decibels.ts';
import { noiseBands, type Spec } from './spec.ts';

/** Keys (MIDI notes) at which a voicing is set, an octave apart from A0; in between, it is linear. */
export const VOICING_KEYS: readonly number[] = Array.from({ length: 8 }, (_, i) => 21 + 12 * i);
/** Frequencies in Hz at which it is set, an octave apart; in between, it is linear over the logarithm of frequency. */
export const VOICING_FREQUENCIES: readonly number[] = Array.from({ length: 10 }, (_, i) => 31.25 * 2 ** i);

/** A row for each of `VOICING_KEYS`, with a value for each of `VOICING_FREQUENCIES`. */
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
}

/** Velocity, 0..1, at which touch changes nothing. */
export const MIDDLE_VELOCITY = 0.6;

/** Largest value of each curve, up and down. */
export const VOICING_LIMITS = { tones: 24, tonesTouch: 48, tonesForce: 48, strike: 24, body: 24, noiseTouch: 48, noiseForce: 48, decay: 2, fade: 2 } as const satisfies Record<keyof Voicing, number>;
export const VOICING_CURVES = Object.keys(VOICING_LIMITS) as readonly (keyof Voicing)[];

const ROWS = VOICING_KEYS.length;
const POINTS = VOICING_FREQUENCIES.length;

/** Numbers in one curve. */
export const VOICING_POINTS = ROWS * POINTS;

const plainCurve: VoicingCurve = VOICING_KEYS.map(() => VOICING_FREQUENCIES.map(() => 0));

/** Changes nothing. */
export const PLAIN_VOICING: Voicing = {
  tones: plainCurve,
  tonesTouch: plainCurve,
  tonesForce: plainCurve,
  strike: plainCurve,
  body: plainCurve,
  noiseTouch: plainCurve,
  noiseForce: plainCurve,
  decay: plainCurve,
  fade: plainCurve,
};

const within = (x: number, last: number): number => Math.max(0, Math.min(last, x));

/** Rows above the first at a key. */
function rowOf(note: number): number {
  return within((note - VOICING_KEYS[0]!) / 12, ROWS - 1);
}

/** Octaves above the first point at a frequency. */
function octaveOf(frequency: number): number {
  return within(Math.log2(frequency / VOICING_FREQUENCIES[0]!), POINTS - 1);
}

const shares = (at: number, count: number): number[] => Array.from({ length: count }, (_, i) => Math.max(0, 1 - Math.abs(at - i)));

/** By how much each row counts at a key; the sum is 1. */
export function voicingRows(note: number): number[] {
  return shares(rowOf(note), ROWS);
}

/** By how much each point counts at a frequency; the sum is 1. */
export function voicingPoints(frequency: number): number[] {
  return shares(octaveOf(frequency), POINTS);
}

function valueAt(curve: Float64Array, octave: number): number {
  const point = Math.min(POINTS - 2, Math.floor(octave));
  return curve[point]! + (curve[point + 1]! - curve[point]!) * (octave - point);
}

/** Changes the controls of strikes; allocates only in the constructor. */
export class VoicingMap {
  /** Octave of each noise band. */
  readonly #bands: Float64Array;
  /** All curves, `[rows][points]` each. */
  readonly #curves: Readonly<Record<keyof Voicing, Float64Array>>;
  /** What they are at one key. */
  readonly #here: Readonly<Record<keyof Voicing, Float64Array>>;
  #plain = true;

  constructor(spec: Spec) {
    this.#bands = Float64Array.from(noiseBands(spec), ({ centre }) => octaveOf(centre));
    const arrays = (size: number): Record<keyof Voicing, Float64Array> => ({
      tones: new Float64Array(size),
      tonesTouch: new Float64Array(size),
      tonesForce: new Float64Array(size),
      strike: new Float64Array(size),
      body: new Float64Array(size),
      noiseTouch: new Float64Array(size),
      noiseForce: new Float64Array(size),
      decay: new Float64Array(size),
      fade: new Float64Array(size),
    });
    this.#curves = arrays(VOICING_POINTS);
    this.#here = arrays(POINTS);
  }

  /** @param voicing undefined changes nothing */
  set(voicing: Voicing | undefined): void {
    this.#plain = voicing === undefined;
    if (voicing === undefined) return;
    for (const name of VOICING_CURVES) {
      for (let row = 0; row < ROWS; row++) this.#curves[name].set(voicing[name][row]!, row * POINTS);
    }
  }

  /** Changes the controls of a strike of this key. @param velocity 0..1 */
  apply(controls: Controls, note: number, velocity: number): void {
    if (this.#plain) return;
    const { tones, tonesTouch, tonesForce, strike, body, noiseTouch, noiseForce, decay, fade } = this.#here;
    const touch = velocity - MIDDLE_VELOCITY;
    const force = Math.max(0, touch);
    this.#goTo(note);
    for (let i = 0; i < controls.partialCount; i++) {
      const octave = octaveOf(controls.frequency[i]!);
      const gain = gainOf(valueAt(tones, octave) + touch * valueAt(tonesTouch, octave) + force * valueAt(tonesForce, octave));
      const faster = Math.exp(valueAt(decay, octave));
      controls.promptAmplitude[i] = gain * controls.promptAmplitude[i]!;
      controls.aftersoundAmplitude[i] = gain * controls.aftersoundAmplitude[i]!;
      controls.promptRate[i] = faster * controls.promptRate[i]!;
      controls.aftersoundRate[i] = faster * controls.aftersoundRate[i]!;
    }
    for (let b = 0; b < this.#bands.length; b++) {
      const octave = this.#bands[b]!;
      const louder = touch * valueAt(noiseTouch, octave) + force * valueAt(noiseForce, octave);
      controls.strikeAmplitude[b] = gainOf(valueAt(strike, octave) + louder) * controls.strikeAmplitude[b]!;
      controls.bodyAmplitude[b] = gainOf(valueAt(body, octave) + louder) * controls.bodyAmplitude[b]!;
      controls.bodyRate[b] = Math.exp(valueAt(fade, octave)) * controls.bodyRate[b]!;
    }
  }

  /** The curves at a key. */
  #goTo(note: number): void {
    const at = rowOf(note);
    const row = Math.min(ROWS - 2, Math.floor(at));
    const share = at - row;
    for (let c = 0; c < VOICING_CURVES.length; c++) {
      const name = VOICING_CURVES[c]!;
      const curve = this.#curves[name];
      const here = this.#here[name];
      for (let i = 0; i < POINTS; i++) {
        const below = curve[row * POINTS + i]!;
        here[i] = below + share * (curve[(row + 1) * POINTS + i]! - below);
      }
    }
  }
}
