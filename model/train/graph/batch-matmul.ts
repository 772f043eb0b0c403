/** Batched matrix product that stays on the fast path of every backend. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * a `[S, N, J]` times b `[S, J, M]` gives `[S, N, M]`.
 *
 * The WebAssembly backend is fast for plain 2-D products only (8 to 16 against
 * about 1 GFLOP/s), so there the batch is a loop and transposes are explicit.
 */
export function batchMatMul(a: tf.Tensor3D, b: tf.Tensor3D): tf.Tensor3D {
  if (tf.getBackend() === 'webgpu') return tf.matMul(a, b) as tf.Tensor3D;
  const product = tf.customGrad((...inputs) => {
    const [x, y, save] = inputs as unknown as [tf.Tensor3D, tf.Tensor3D, tf.GradSaveFunc];
    save([x, y]);
    return {
      value: loop(x, y),
      gradFunc: (dy, saved) => {
        const [sx, sy] = saved as [tf.Tensor3D, tf.Tensor3D];
        const dx = loop(dy as tf.Tensor3D, tf.transpose(sy, [0, 2, 1]));
        return [dx, loop(tf.transpose(sx, [0, 2, 1]), dy as tf.Tensor3D)];
      },
    };
  });
  return product(a, b) as tf.Tensor3D;
}

function loop(a: tf.Tensor3D, b: tf.Tensor3D): tf.Tensor3D {
  const as = tf.unstack(a) as tf.Tensor2D[];
  const bs = tf.unstack(b) as tf.Tensor2D[];
  return tf.stack(as.map((x, s) => tf.matMul(x, bs[s]!))) as tf.Tensor3D;
}

/** x `[N, J]` times w `[J, M]`, with a gradient made of plain 2-D products. */
export function denseMatMul(x: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D {
  const product = tf.customGrad((...inputs) => {
    const [a, b, save] = inputs as unknown as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
    save([a, b]);
    return {
      value: tf.matMul(a, b),
      gradFunc: (dy, saved) => {
        const [sa, sb] = saved as [tf.Tensor2D, tf.Tensor2D];
        return [tf.matMul(dy as tf.Tensor2D, tf.transpose(sb)), tf.matMul(tf.transpose(sa), dy as tf.Tensor2D)];
      },
    };
  });
  return product(x, w) as tf.Tensor2D;
}
