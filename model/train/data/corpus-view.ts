/** What training sees of a corpus, wherever it is kept. */
import type { Random } from '../../random.ts';
import { startPhases, type Tuning } from '../../tuning.ts';

/** One recorded strike. */
export interface TrainingNote {
  readonly note: number;
  /** 0..1. */
  readonly velocity: number;
  /** Length of the recording. */
  readonly samples: number;
  /** Mono at the model's rate; the strike begins at sample `onset`. */
  audio(): Float32Array;
  readonly onset: number;
}

export interface TrainingBank {
  readonly id: string;
  /** Row of the bank's embedding. */
  readonly row: number;
  readonly tuning: Tuning;
  /** What the partials of each of the 88 keys do that the network does not say, see `applyModes`. */
  readonly modes?: readonly (readonly number[])[];
  /** Notes to train on; those left out are not here. */
  readonly notes: readonly TrainingNote[];
  /** Share of the steps that this bank gets, relative to the others. */
  readonly weight: number;
  /**
   * How strongly each of the bank's strikes draws its embedding towards zero, 1 in the mean. A bank of few
   * recordings has few strikes and a large prior: in all, the pull is the same for every bank.
   */
  readonly prior: number;
}

/** A bank, drawn by weight. */
export function pickBank(banks: readonly TrainingBank[], random: Random): TrainingBank {
  return banks[random.weighted(banks.map((bank) => bank.weight))]!;
}

/** The phases of one key's partials, for the graph. */
export function phasesOf(bank: TrainingBank, note: number, partials: number): Float64Array {
  const phases = new Float64Array(partials);
  startPhases(bank.tuning, note, phases);
  return phases;
}
