/** The knock as a graph. */
import * as tf from '@tensorflow/tfjs-core';
import { KNOCK_TAPS, TAPS_BEFORE, knockFilter, knockWindow } from '../../knock.ts';
import type { Spec } from '../../spec.ts';
import { KNOCK_WAVES } from '../../tensors.ts';
import { denseMatMul } from './batch-matmul.ts';
import type { Parameters } from './note-network.ts';
import type { Scene } from './scene.ts';

/** Low-rate samples `[S, samples]` of the knocks whose waveforms are weighted by `knock`, `[S, waves]`. */
export function mixedKnocks(spec: Spec, p: Parameters, knock: tf.Tensor2D): tf.Tensor2D {
  const window = Float32Array.from(knockWindow(spec.knock));
  return denseMatMul(knock, p.get(KNOCK_WAVES) as tf.Tensor2D).mul(tf.tensor2d(window, [1, window.length])) as tf.Tensor2D;
}

/** Sound of each strike's knock over the scene, `[strikes, length]`, without damper. */
export function knockSignal(spec: Spec, p: Parameters, scene: Scene, knock: tf.Tensor2D): tf.Tensor2D {
  const { samples, divisor } = spec.knock;
  const count = scene.start.length;
  const mixed = tf.pad2d(mixedKnocks(spec, p, knock), [[0, 0], [TAPS_BEFORE, KNOCK_TAPS - 1 - TAPS_BEFORE]]);
  const around = Array.from({ length: KNOCK_TAPS }, (_, tap) => tf.slice2d(mixed, [0, tap], [count, samples]));
  const filter = tf.transpose(tf.tensor2d(Float32Array.from(knockFilter(divisor)), [divisor, KNOCK_TAPS])) as tf.Tensor2D;
  const sound = denseMatMul(tf.stack(around, 2).reshape([count * samples, KNOCK_TAPS]), filter).reshape([count, samples * divisor]);
  return tf.concat(scene.start.map((start, s) => placed(sound as tf.Tensor2D, s, start, scene.length)), 0);
}

/** Row `s` of `sound` laid so that it begins with sample `start` of a stretch, `[1, length]`. */
function placed(sound: tf.Tensor2D, s: number, start: number, length: number): tf.Tensor2D {
  const from = Math.max(0, -start);
  const to = Math.max(0, start);
  const count = Math.min(sound.shape[1] - from, length - to);
  if (count <= 0) return tf.zeros([1, length]);
  return tf.pad2d(tf.slice2d(sound, [s, from], [1, count]), [[0, 0], [to, length - to - count]]);
}
