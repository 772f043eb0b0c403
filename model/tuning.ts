/**
 * Frequencies of a piano's strings, and the phases that they start with.
 *
 * Frequencies come from analysis of a recording and never from gradients: a spectral
 * loss is blind to the direction in which a partial is mistuned.
 */
import { FIRST_NOTE, NOTE_COUNT } from './spec.ts';

export interface Tuning {
  /** Cents that each key's f0 lies above equal temperament at A4 = 440 Hz; 88 values. */
  readonly cents: readonly number[];
  /** Inharmonicity coefficient B of each key; 88 values. */
  readonly inharmonicity: readonly number[];
  /**
   * Phases with which the first partials of each key start, in `PHASE_STEPS` of a turn; an empty list where nothing is
   * known of the key. Without it, all are as `partialPhase` says.
   */
  readonly phases?: readonly (readonly number[])[];
}

/** As `Tuning`, in arrays of any kind. */
export interface Tuned {
  readonly cents: ArrayLike<number>;
  readonly inharmonicity: ArrayLike<number>;
  readonly phases?: readonly ArrayLike<number>[];
}

/** Steps in a turn of a measured phase. */
export const PHASE_STEPS = 64;

/** f0 in Hz of a MIDI note in equal temperament at A4 = 440 Hz. */
export function equalTemperament(note: number): number {
  return 440 * 2 ** ((note - 69) / 12);
}

/** f0 in Hz of a key: the frequency that the first partial of a flexible string would have. */
export function fundamental(tuning: Pick<Tuned, 'cents'>, note: number): number {
  return equalTemperament(note) * 2 ** (tuning.cents[note - FIRST_NOTE]! / 1200);
}

/** Frequency in Hz of partial k = 1, 2, ... of a stiff string: f_k = k f0 sqrt(1 + B k^2) (Fletcher 1964). */
export function partialFrequency(f0: number, inharmonicity: number, k: number): number {
  return k * f0 * Math.sqrt(1 + inharmonicity * k * k);
}

/** Phase in radians of partial k: quadratic in k, so that partials do not add up to a click. */
export function partialPhase(k: number): number {
  return 2 * Math.PI * ((0.6180339887498949 * k * k) % 1);
}

/** Writes the phases in radians of a key's partials 1, 2, ... into `out`: measured ones first. */
export function startPhases({ phases }: Pick<Tuned, 'phases'>, note: number, out: Float64Array): void {
  const measured = phases?.[note - FIRST_NOTE];
  for (let i = 0; i < out.length; i++) {
    const steps = measured?.[i];
    out[i] = steps === undefined ? partialPhase(i + 1) : (2 * Math.PI * steps) / PHASE_STEPS;
  }
}

/**
 * Inharmonicity of a typical grand: B(m) = exp(aB m + bB) + exp(aT m + bT),
 * bass bridge plus treble bridge (Rigaud et al. 2013), measured on a Yamaha CF-3.
 */
export function typicalInharmonicity(note: number): number {
  return Math.exp(-0.102 * note - 6.91) + Math.exp(0.0934 * note - 13.63);
}

/** A piano in equal temperament with typical stiffness: the tuning where nothing is known. */
export function typicalTuning(): Tuning {
  const notes = Array.from({ length: NOTE_COUNT }, (_, i) => FIRST_NOTE + i);
  return { cents: notes.map(() => 0), inharmonicity: notes.map(typicalInharmonicity) };
}
