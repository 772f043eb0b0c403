/** The WaveNet decoder as a graph; the reference states its equations. */
import * as tf from '@tensorflow/tfjs-core';
import { GAIN_LIMIT, INPUT_LIMIT } from '../../level.ts';
import { conditioningSize, type Spec } from '../../spec.ts';
import { batchMatMul, denseMatMul } from './batch-matmul.ts';
import { delayRows } from './delay.ts';
import type { ControlTensors, Parameters } from './note-network.ts';
import { ages, boundaryDamper, ticksOf, type Scene } from './scene.ts';

/** Features of the voices under each decay, summed, at the boundaries: `[examples, ticks + 1, features * decays]`. */
export function decayedFeatures(spec: Spec, scene: Scene, controls: ControlTensors): tf.Tensor3D {
  const { examples, voices } = scene;
  const { decaySeconds, voiceFeatures } = spec.waveNet;
  const count = ticksOf(spec, scene) + 1;
  const { age, mask } = ages(spec, scene, spec.tick, count, 1);
  const damper = boundaryDamper(spec, scene, count);
  const held = damper ? mask.mul(damper) : mask;
  const decays = tf.exp(age.div(tf.tensor(decaySeconds).reshape([1, 1, -1])).neg()).mul(held);
  const perExample = decays.reshape([examples, voices, count * decaySeconds.length]);
  const weights = tf.transpose(perExample, [0, 2, 1]) as tf.Tensor3D;
  const features = controls.features.reshape([examples, voices, voiceFeatures]) as tf.Tensor3D;
  return batchMatMul(weights, features).reshape([examples, count, decaySeconds.length * voiceFeatures]);
}

/** Conditioning `[examples, ticks + 1, conditioningSize]`; `embedding` is `[examples, style size]`. */
export function conditioningTensor(
  spec: Spec,
  scene: Scene,
  controls: ControlTensors,
  embedding: tf.Tensor2D,
): tf.Tensor3D {
  const { examples } = scene;
  const count = ticksOf(spec, scene) + 1;
  const z = embedding.expandDims(1).tile([1, count, 1]);
  const ticks = count - 1;
  const pedal = new Float32Array(examples * count);
  for (let e = 0; e < examples; e++) {
    for (let i = 0; i < count; i++) pedal[e * count + i] = scene.pedal[e * ticks + Math.min(i, ticks - 1)]!;
  }
  return tf.concat([z, decayedFeatures(spec, scene, controls), tf.tensor3d(pedal, [examples, count, 1])], 2) as tf.Tensor3D;
}

/** Output gain, a factor, at each boundary: `[examples, ticks + 1]`. */
export function gainTensor(spec: Spec, p: Parameters, conditioning: tf.Tensor3D): tf.Tensor2D {
  const [examples, count] = conditioning.shape;
  const flat = conditioning.reshape([examples * count, conditioningSize(spec)]) as tf.Tensor2D;
  const gain = denseMatMul(flat, p.get('wavenet.gain.weight') as tf.Tensor2D).add(p.get('wavenet.gain.bias')!);
  return tf.exp(tf.minimum(gain, GAIN_LIMIT).mul(Math.LN10 / 20)).reshape([examples, count]);
}

/** Output e, `[examples, length]`, for an excitation and its level, both `[examples, length]`. */
export function waveNetSignal(
  spec: Spec,
  p: Parameters,
  excitation: tf.Tensor2D,
  level: tf.Tensor2D,
  conditioning: tf.Tensor3D,
): tf.Tensor2D {
  const { fold } = spec.waveNet;
  const [examples, length] = excitation.shape;
  const rows = length / fold;
  const ticks = length / spec.tick;
  const weight = (name: string): tf.Tensor2D => p.get(`wavenet.${name}`) as tf.Tensor2D;
  const perTick = tf
    .slice3d(conditioning, [0, 0, 0], [examples, ticks, conditioningSize(spec)])
    .reshape([examples * ticks, conditioningSize(spec)]) as tf.Tensor2D;

  const normalised = tf.clipByValue(excitation.div(level), -INPUT_LIMIT, INPUT_LIMIT) as tf.Tensor2D;
  const delayed = tf.slice2d(tf.pad2d(normalised, [[0, 0], [fold - 1, 0]]), [0, 0], [examples, length]);
  const h = denseMatMul(delayed.reshape([examples * rows, fold]), weight('input.weight')).add(weight('input.bias')) as tf.Tensor2D;
  return denseMatMul(gatedLayers(spec, p, h, perTick, examples), weight('head.weight'))
    .add(weight('head.bias'))
    .reshape([examples, length]) as tf.Tensor2D;
}

/**
 * The gated dilated convolutions: sums of the layers' activations, `[examples * rows, channels]`.
 *
 * @param input `[examples * rows, channels]`
 * @param perTick conditioning of each tick, `[examples * ticks, size]`
 */
export function gatedLayers(spec: Spec, p: Parameters, input: tf.Tensor2D, perTick: tf.Tensor2D, examples: number): tf.Tensor2D {
  const { channels, dilations } = spec.waveNet;
  const rows = input.shape[0];
  const ticks = perTick.shape[0];
  const weight = (name: string): tf.Tensor2D => p.get(`wavenet.${name}`) as tf.Tensor2D;
  let h = input;
  let skip = tf.zeros([rows, channels]) as tf.Tensor2D;
  dilations.forEach((dilation, layer) => {
    const past = delayRows(h, examples, dilation);
    const conv = weight(`${layer}.conv.weight`);
    const shared = denseMatMul(perTick, weight(`${layer}.conditioning.weight`)).add(weight(`${layer}.conv.bias`));
    // The halves of the gate apart: cutting the small weights is cheap, cutting their long products is not.
    const gate = (column: number): tf.Tensor2D => {
      const tap = (row: number): tf.Tensor2D => tf.slice2d(conv, [row, column], [channels, channels]);
      const offset = tf.slice(shared, [0, column], [ticks, channels]).expandDims(1);
      return denseMatMul(past, tap(0))
        .add(denseMatMul(h, tap(channels)))
        .reshape([ticks, rows / ticks, channels])
        .add(offset)
        .reshape([rows, channels]) as tf.Tensor2D;
    };
    const activation = tf.tanh(gate(0)).mul(tf.sigmoid(gate(channels))) as tf.Tensor2D;
    skip = skip.add(activation);
    // The last layer's residual leads nowhere.
    if (layer + 1 < dilations.length) h = h.add(denseMatMul(activation, weight(`${layer}.residual.weight`)).add(weight(`${layer}.residual.bias`)));
  });
  return skip;
}
