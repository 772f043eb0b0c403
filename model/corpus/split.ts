/** Which strikes training never sees, so that quality can be measured on them. */
import type { Bank, Sample } from './corpus.ts';

const SALAMANDER = 'salamander-c5';
/** Whole layers: how well the model plays velocities between those it knows. */
const LEFT_OUT_LAYERS: readonly number[] = [5, 10, 15];
/** Every fourth sampled note: how well it plays keys between those it knows. */
const NOTE_PERIOD = 4;
const NOTE_PHASE = 3;

/**
 * Says which samples of a bank are left out of training: layers 5, 10 and 15
 * of Salamander, and the fourth, eighth, ... sampled note of every other bank.
 */
export function leftOut(bank: Pick<Bank, 'id' | 'samples'>): (sample: Pick<Sample, 'note' | 'layer'>) => boolean {
  if (bank.id === SALAMANDER) return (sample) => LEFT_OUT_LAYERS.includes(sample.layer);
  const notes = [...new Set(bank.samples.map((sample) => sample.note))].sort((a, b) => a - b);
  const out = new Set(notes.filter((_, index) => index % NOTE_PERIOD === NOTE_PHASE));
  return (sample) => out.has(sample.note);
}
