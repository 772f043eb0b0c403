/** What every user of the graphs needs of TensorFlow.js, in Node and in the browser; the backend is started elsewhere. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';

/** True where tensors live in this process's memory, so that plain loops may read them inside a step. */
export function sharesMemory(): boolean {
  return tf.getBackend() !== 'webgpu';
}
