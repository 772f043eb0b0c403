/**
 * A penalty that keeps ways between pianos straight: a piano between two is between them in every control.
 *
 * The network only ever hears the banks' own embeddings, and between them it may do as it likes: all of a way may lie
 * in its middle. As in mixup (Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization"), mixed inputs are to
 * give mixed outputs.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random.ts';
import { FIRST_NOTE, NOTE_COUNT, type Spec } from '../spec.ts';
import { equalTemperament, typicalInharmonicity } from '../tuning.ts';
import { rawControls, type Parameters, type Strikes } from './graph/note-network.ts';
import { bankEmbeddings, keyOffsets } from './parameters.ts';

const STRIKES = 24;
const WEIGHT = 0.3;
/** Distance, in the square, of pianos that are one. */
const NOTHING = 1e-3;

/** Embeddings `[S, style size]` of the banks' keys. */
function embeddings(p: Parameters, notes: readonly number[], rows: readonly number[]): tf.Tensor2D {
  return bankEmbeddings(p, rows).add(keyOffsets(p, notes.map((note, s) => ({ row: rows[s]!, note }))));
}

/**
 * Mean square distance between what the network answers to random strikes somewhere between two banks each, and what lies
 * between its answers for these banks: as a share of the distance between those, so that nothing is won by pianos that
 * are all alike. Weighted.
 *
 * @param rows of the banks' embeddings
 */
export function crookedness(spec: Spec, p: Parameters, rows: readonly number[], random: Random): tf.Scalar {
  const note = Array.from({ length: STRIKES }, () => FIRST_NOTE + random.below(NOTE_COUNT));
  const strikes: Strikes = {
    note,
    velocity: note.map(() => random.between(0.1, 1)),
    f0: note.map(equalTemperament),
    inharmonicity: note.map(typicalInharmonicity),
  };
  const share = tf.tensor2d(note.map(() => random.between(0.1, 0.9)), [STRIKES, 1]);
  const [from, to] = [0, 1].map(() => embeddings(p, note, note.map(() => random.pick(rows)))) as [tf.Tensor2D, tf.Tensor2D];
  const mixed = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D => a.add(b.sub(a).mul(share));
  const answers = (z: tf.Tensor2D): tf.Tensor2D => rawControls(spec, p, strikes, z);
  const [a, b] = [answers(from), answers(to)];
  const off = answers(mixed(from, to)).sub(mixed(a, b)).square().mean();
  return off.div(a.sub(b).square().mean().add(NOTHING)).mul(WEIGHT);
}
