/** The noise generator as a graph: constant band noise under learned gains. */
import * as tf from '@tensorflow/tfjs-core';
import type { Spec } from '../../spec.ts';
import { sharesMemory } from '../tensorflow.ts';

/** Unit-variance noise of every band, `[bands][length]`, drawn once and read at random offsets. */
export interface NoisePool {
  readonly bands: number;
  readonly length: number;
  readonly signals: Float32Array;
}

/**
 * Noise `[examples, length]` for band gains at the boundaries `[examples, ticks + 1, bands]`,
 * each drawn out linearly over the tick. All examples share one stretch of the pool.
 */
export function noiseSignal(spec: Spec, gains: tf.Tensor3D, pool: NoisePool, offset: number): tf.Tensor2D {
  return sharesMemory() ? loopNoise(spec, gains, pool, offset) : productNoise(spec, gains, pool, offset);
}

/** One matrix product for each tick: `[ticks, examples, bands] x [ticks, bands, tick]`. */
export function productNoise(spec: Spec, gains: tf.Tensor3D, pool: NoisePool, offset: number): tf.Tensor2D {
  const [examples, boundaries, bands] = gains.shape;
  const ticks = boundaries - 1;
  const values = new Float32Array(ticks * bands * spec.tick);
  for (let i = 0; i < ticks; i++) {
    for (let b = 0; b < bands; b++) {
      const from = b * pool.length + offset + i * spec.tick;
      values.set(pool.signals.subarray(from, from + spec.tick), (i * bands + b) * spec.tick);
    }
  }
  const noise = tf.tensor3d(values, [ticks, bands, spec.tick]);
  const share = tf.range(0, spec.tick).div(spec.tick).reshape([1, 1, spec.tick]);
  const at = (first: number): tf.Tensor =>
    tf.matMul(tf.transpose(tf.slice3d(gains, [0, first, 0], [examples, ticks, bands]), [1, 0, 2]), noise);
  const mixed = at(0).mul(tf.sub(1, share)).add(at(1).mul(share));
  return tf.transpose(mixed, [1, 0, 2]).reshape([examples, ticks * spec.tick]);
}

/** The same by plain loops, several times faster where tensors share this process's memory. */
function loopNoise(spec: Spec, gains: tf.Tensor3D, pool: NoisePool, offset: number): tf.Tensor2D {
  const [examples, boundaries, bands] = gains.shape;
  const { tick } = spec;
  const ticks = boundaries - 1;
  const length = ticks * tick;
  const run = tf.customGrad((...inputs) => {
    const g = (inputs[0] as tf.Tensor).dataSync();
    const out = new Float32Array(examples * length);
    visit((at, left, right, signal) => {
      const a = g[left]!;
      const slope = (g[right]! - a) / tick;
      if (a === 0 && slope === 0) return;
      for (let m = 0; m < tick; m++) out[at + m]! += (a + slope * m) * pool.signals[signal + m]!;
    });
    return {
      value: tf.tensor2d(out, [examples, length]),
      gradFunc: (dy: tf.Tensor) => {
        const d = dy.dataSync();
        const dGains = new Float32Array(examples * boundaries * bands);
        visit((at, left, right, signal) => {
          let sum = 0;
          let weighted = 0;
          for (let m = 0; m < tick; m++) {
            const v = d[at + m]! * pool.signals[signal + m]!;
            sum += v;
            weighted += v * m;
          }
          dGains[left]! += sum - weighted / tick;
          dGains[right]! += weighted / tick;
        });
        return tf.tensor3d(dGains, [examples, boundaries, bands]);
      },
    };
  });
  return run(gains) as tf.Tensor2D;

  /** Calls back for every example, tick and band with the places of its samples, gains and noise. */
  function visit(each: (at: number, left: number, right: number, signal: number) => void): void {
    for (let e = 0; e < examples; e++) {
      for (let i = 0; i < ticks; i++) {
        const left = (e * boundaries + i) * bands;
        for (let b = 0; b < bands; b++) {
          each(e * length + i * tick, left + b, left + bands + b, b * pool.length + offset + i * tick);
        }
      }
    }
  }
}
