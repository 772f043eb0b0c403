/** What a recording tells of a piano beyond the embedding: levels and decay over frequency, the same for all keys. */
import type { Controls } from './controls.ts';
import { noiseBands, type Spec } from './spec.ts';

/** Frequencies in Hz at which an equaliser is set, an octave apart; in between, it is linear over the logarithm of frequency. */
export const EQUALISER_FREQUENCIES: readonly number[] = Array.from({ length: 10 }, (_, i) => 31.25 * 2 ** i);

/** Each has a value for each of `EQUALISER_FREQUENCIES`. */
export interface Equaliser {
  /** dB by which partials are louder. */
  readonly tones: readonly number[];
  /** dB by which the strike's and the body's noise are louder. */
  readonly noise: readonly number[];
  /** Natural logarithm of the factor by which partials, and the body's noise, die away faster. */
  readonly decay: readonly number[];
}

export const EQUALISER_CURVES = ['tones', 'noise', 'decay'] as const;
/** Largest value of each curve, up and down. */
export const EQUALISER_LIMITS: Readonly<Record<keyof Equaliser, number>> = { tones: 24, noise: 24, decay: 2 };

/** Changes nothing. */
export const PLAIN_EQUALISER: Equaliser = {
  tones: EQUALISER_FREQUENCIES.map(() => 0),
  noise: EQUALISER_FREQUENCIES.map(() => 0),
  decay: EQUALISER_FREQUENCIES.map(() => 0),
};

const LAST = EQUALISER_FREQUENCIES.length - 1;

/** Octaves above the first point, no further than the last. */
function octaveOf(frequency: number): number {
  return Math.max(0, Math.min(LAST, Math.log2(frequency / EQUALISER_FREQUENCIES[0]!)));
}

function valueAt(curve: ArrayLike<number>, octave: number): number {
  const point = Math.min(LAST - 1, Math.floor(octave));
  return curve[point]! + (curve[point + 1]! - curve[point]!) * (octave - point);
}

/** By how much each point counts at a frequency in Hz; the sum is 1. */
export function equaliserWeights(frequency: number): number[] {
  const octave = octaveOf(frequency);
  return EQUALISER_FREQUENCIES.map((_, i) => Math.max(0, 1 - Math.abs(octave - i)));
}

const gainOf = (decibels: number): number => Math.exp((Math.LN10 / 20) * decibels);

/** Changes the controls of strikes; allocates only in the constructor. */
export class EqualiserMap {
  /** Gain and decay of each noise band, and the curves for partials. */
  readonly #noiseGain: Float64Array;
  readonly #noiseDecay: Float64Array;
  readonly #tones = new Float64Array(EQUALISER_FREQUENCIES.length);
  readonly #decay = new Float64Array(EQUALISER_FREQUENCIES.length);
  readonly #centres: Float64Array;
  #plain = true;

  constructor(spec: Spec) {
    this.#centres = Float64Array.from(noiseBands(spec), ({ centre }) => centre);
    this.#noiseGain = new Float64Array(this.#centres.length).fill(1);
    this.#noiseDecay = new Float64Array(this.#centres.length).fill(1);
  }

  set(equaliser: Equaliser = PLAIN_EQUALISER): void {
    this.#plain = EQUALISER_CURVES.every((curve) => equaliser[curve].every((value) => value === 0));
    this.#tones.set(equaliser.tones);
    this.#decay.set(equaliser.decay);
    for (let b = 0; b < this.#centres.length; b++) {
      const octave = octaveOf(this.#centres[b]!);
      this.#noiseGain[b] = gainOf(valueAt(equaliser.noise, octave));
      this.#noiseDecay[b] = Math.exp(valueAt(equaliser.decay, octave));
    }
  }

  apply(controls: Controls): void {
    if (this.#plain) return;
    for (let i = 0; i < controls.partialCount; i++) {
      const octave = octaveOf(controls.frequency[i]!);
      const gain = gainOf(valueAt(this.#tones, octave));
      const faster = Math.exp(valueAt(this.#decay, octave));
      controls.promptAmplitude[i] = gain * controls.promptAmplitude[i]!;
      controls.aftersoundAmplitude[i] = gain * controls.aftersoundAmplitude[i]!;
      controls.promptRate[i] = faster * controls.promptRate[i]!;
      controls.aftersoundRate[i] = faster * controls.aftersoundRate[i]!;
    }
    for (let b = 0; b < this.#centres.length; b++) {
      controls.strikeAmplitude[b] = this.#noiseGain[b]! * controls.strikeAmplitude[b]!;
      controls.bodyAmplitude[b] = this.#noiseGain[b]! * controls.bodyAmplitude[b]!;
      controls.bodyRate[b] = this.#noiseDecay[b]! * controls.bodyRate[b]!;
    }
  }
}
