/** Rows of an earlier time: the past tap of a dilated convolution. */
import * as tf from '@tensorflow/tfjs-core';
import { sharesMemory } from '../tensorflow.ts';

/** `[examples * rows, channels]` delayed by some rows within each example; zeros come in. */
export function delayRows(h: tf.Tensor2D, examples: number, delay: number): tf.Tensor2D {
  return sharesMemory() ? copyDelay(h, examples, delay) : padDelay(h, examples, delay);
}

function padDelay(h: tf.Tensor2D, examples: number, delay: number): tf.Tensor2D {
  const [total, channels] = h.shape;
  const rows = total / examples;
  const history = tf.pad3d(h.reshape([examples, rows, channels]) as tf.Tensor3D, [[0, 0], [delay, 0], [0, 0]]);
  return tf.slice3d(history, [0, 0, 0], [examples, rows, channels]).reshape([total, channels]);
}

/** The same as one copy of memory; tensor padding and slicing copy row by row. */
function copyDelay(h: tf.Tensor2D, examples: number, delay: number): tf.Tensor2D {
  const [total, channels] = h.shape;
  const size = (total / examples) * channels;
  const shift = Math.min(size, delay * channels);
  const run = tf.customGrad((...inputs) => {
    const source = (inputs[0] as tf.Tensor).dataSync() as Float32Array;
    const out = new Float32Array(source.length);
    for (let at = 0; at < out.length; at += size) out.set(source.subarray(at, at + size - shift), at + shift);
    return {
      value: tf.tensor2d(out, [total, channels]),
      gradFunc: (dy: tf.Tensor) => {
        const d = dy.dataSync() as Float32Array;
        const back = new Float32Array(d.length);
        for (let at = 0; at < back.length; at += size) back.set(d.subarray(at + shift, at + size), at);
        return tf.tensor2d(back, [total, channels]);
      },
    };
  });
  return run(h) as tf.Tensor2D;
}
