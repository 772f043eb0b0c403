/**
 * The style encoder: log-mel frames of a passage to an embedding.
 *
 * A non-causal stack of dilated convolutions (a TCN, Bai et al. 2018), pooled
 * over time by mean and standard deviation, so that z says which piano sounds
 * and little of what is played.
 */
import * as tf from '@tensorflow/tfjs-core';
import { MEL_BANDS, type LogMel } from '../../log-mel.ts';
import type { TensorShape } from '../../tensors.ts';
import type { Spec } from '../../spec.ts';
import { denseMatMul } from './batch-matmul.ts';
import type { Parameters } from './note-network.ts';


const CHANNELS = 64;
const DILATIONS = [1, 2, 4, 8];
const KERNEL = 3;
/** The embedding stays within these bounds. */
export const EMBEDDING_LIMIT = 4;

/** Tensors of the encoder, in file order. */
export function encoderTensors(spec: Spec): TensorShape[] {
  return [
    { name: 'encoder.input.weight', shape: [MEL_BANDS, CHANNELS] },
    { name: 'encoder.input.bias', shape: [CHANNELS] },
    ...DILATIONS.flatMap((_, i) => [
      { name: `encoder.${i}.conv.weight`, shape: [KERNEL * CHANNELS, CHANNELS] },
      { name: `encoder.${i}.conv.bias`, shape: [CHANNELS] },
    ]),
    { name: 'encoder.output.weight', shape: [2 * CHANNELS, spec.style.size] },
    { name: 'encoder.output.bias', shape: [spec.style.size] },
  ];
}

const silu = (x: tf.Tensor): tf.Tensor2D => x.mul(tf.sigmoid(x)) as tf.Tensor2D;

/** Each row to mean 0 and variance 1 (layer normalisation, Ba et al. 2016, without gain). */
function normalise(x: tf.Tensor2D): tf.Tensor2D {
  const centred = x.sub(tf.mean(x, 1, true));
  return centred.div(tf.sqrt(tf.mean(centred.square(), 1, true).add(1e-5)));
}

/** Embedding `[1, style size]` of one passage. */
export function encode(p: Parameters, passage: LogMel): tf.Tensor2D {
  const frames = tf.tensor2d(passage.values, [passage.frames, MEL_BANDS]);
  const weight = (name: string): tf.Tensor2D => p.get(`encoder.${name}`) as tf.Tensor2D;
  const dense = (x: tf.Tensor2D, name: string): tf.Tensor2D =>
    denseMatMul(x, weight(`${name}.weight`)).add(weight(`${name}.bias`));
  let h = silu(normalise(dense(frames, 'input')));
  DILATIONS.forEach((dilation, i) => {
    const padded = tf.pad2d(h, [[dilation, dilation], [0, 0]]);
    const taps = [0, 1, 2].map((tap) => tf.slice2d(padded, [tap * dilation, 0], [passage.frames, CHANNELS]));
    h = h.add(silu(normalise(dense(tf.concat(taps, 1) as tf.Tensor2D, `${i}.conv`))));
  });
  const mean = tf.mean(h, 0, true);
  const deviation = tf.sqrt(tf.mean(h.sub(mean).square(), 0, true).add(1e-5));
  const pooled = normalise(tf.concat([mean, deviation], 1) as tf.Tensor2D);
  const z = dense(pooled, 'output');
  return tf.tanh(z.div(EMBEDDING_LIMIT)).mul(EMBEDDING_LIMIT);
}
