/** What the loss adds to the distance in sound. */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random.ts';
import type { Spec } from '../spec.ts';
import { dynamicsPenalty } from './graph/dynamics.ts';
import type { Parameters } from './graph/note-network.ts';

const DYNAMICS_WEIGHT = 0.05;
/** Draws the encoder's embedding and the bank's learned one together. */
const AGREEMENT_WEIGHT = 0.1;
const KEY_WEIGHT = 0.02;
/** Keeps embeddings near zero, where the encoder still tells pianos apart. */
const EMBEDDING_WEIGHT = 0.01;

/**
 * Louder strikes are louder and brighter, and embeddings `[N, style size]` stay small.
 *
 * @param priors of each embedding's bank, see `TrainingBank`
 */
export function penalties(spec: Spec, p: Parameters, embeddings: tf.Tensor2D, priors: readonly number[], random: Random): tf.Scalar {
  return dynamicsPenalty(spec, p, embeddings, random)
    .mul(DYNAMICS_WEIGHT)
    .add(embeddings.square().mul(tf.tensor2d([...priors], [priors.length, 1])).mean().mul(EMBEDDING_WEIGHT));
}

/** Keeps what keys add to the embedding, `[N, style size]`, small: only what is odd in a key. */
export function oddness(offsets: tf.Tensor2D): tf.Scalar {
  return offsets.square().mean().mul(KEY_WEIGHT);
}

/** Between what the encoder hears in a bank and what was learned for it, both `[1, style size]`. */
export function agreement(encoded: tf.Tensor2D, learned: tf.Tensor2D): tf.Scalar {
  return encoded.sub(learned).square().mean().mul(AGREEMENT_WEIGHT);
}
