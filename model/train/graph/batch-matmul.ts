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

/** Cuts the batch in this process's memory: the backend would copy the whole batch for each part of it. */
function loop(a: tf.Tensor3D, b: tf.Tensor3D): tf.Tensor3D {
  const [batch, n, j] = a.shape;
  const m = b.shape[2];
  const [left, right] = [a.dataSync(), b.dataSync()];
  const out = new Float32Array(batch * n * m);
  for (let s = 0; s < batch; s++) {
    const product = tf.tidy(() =>
      tf.matMul(tf.tensor2d(left.subarray(s * n * j, (s + 1) * n * j), [n, j]), tf.tensor2d(right.subarray(s * j * m, (s + 1) * j * m), [j, m])),
    );
    out.set(product.dataSync(), s * n * m);
    product.dispose();
  }
  return tf.tensor3d(out, [batch, n, m]);
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
