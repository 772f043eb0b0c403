/** The WaveNet as a generator: likelihood of the samples that it should have drawn, each from those before it. */
import * as tf from '@tensorflow/tfjs-core';
import { NARROWEST } from '../../generator/mixture.ts';
import { waveNetConditioningSize, type Spec } from '../../spec.ts';
import { denseMatMul } from './batch-matmul.ts';
import type { Parameters } from './note-network.ts';
import { gatedLayers } from './wavenet.ts';

/** What the network gives for each row, `[examples * rows, 3 * components]`: logits, means, logarithms of the spreads. */
export function mixtureOutputs(spec: Spec, p: Parameters, input: tf.Tensor3D, conditioning: tf.Tensor3D): tf.Tensor2D {
  const [examples, rows, inputs] = input.shape;
  const weight = (name: string): tf.Tensor2D => p.get(`wavenet.${name}`) as tf.Tensor2D;
  const perTick = conditioning.reshape([examples * conditioning.shape[1], waveNetConditioningSize(spec)]) as tf.Tensor2D;
  const h = denseMatMul(input.reshape([examples * rows, inputs]), weight('input.weight')).add(weight('input.bias')) as tf.Tensor2D;
  return denseMatMul(gatedLayers(spec, p, h, perTick, examples), weight('head.weight')).add(weight('head.bias'));
}

/**
 * Mean negative log likelihood in nats of the rows that count.
 *
 * @param outputs of `mixtureOutputs`
 * @param target, counts `[examples * rows, 1]`; a row counts with weight 1 or 0
 */
export function mixtureLoss(outputs: tf.Tensor2D, target: tf.Tensor2D, counts: tf.Tensor2D): tf.Scalar {
  const [rows, width] = outputs.shape;
  const components = width / 3;
  const part = (i: number): tf.Tensor2D => tf.slice2d(outputs, [0, i * components], [rows, components]);
  const logSpread = tf.maximum(part(2), NARROWEST);
  const distance = tf.abs(target.sub(part(1)).div(tf.exp(logSpread)));
  // ln of the logistic density, symmetrical about its mean.
  const logDensity = distance.neg().sub(logSpread).sub(tf.log(tf.exp(distance.neg()).add(1)).mul(2));
  const logits = part(0);
  const likelihood = logSumExp(logits.add(logDensity)).sub(logSumExp(logits));
  return tf.sum(likelihood.mul(counts)).div(tf.maximum(tf.sum(counts), 1)).neg() as tf.Scalar;
}

function logSumExp(x: tf.Tensor): tf.Tensor {
  // A constant shift: it changes no gradient.
  const shift = tf.tidy(() => tf.max(x.clone(), 1, true));
  return tf.log(tf.sum(tf.exp(x.sub(shift)), 1, true)).add(shift);
}
