import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { startBackend } from '../../model/train/backend.ts';
import { productLoss, spectralLoss } from '../../model/train/spectral-loss.ts';

const LENGTH = 1024;
const SIZES = [256, 64];

beforeAll(async () => {
  await startBackend('wasm');
});

/** The loss written out from its definition: float64 and a plain Fourier sum. */
function definition(output: Float64Array, target: Float64Array): number {
  const losses = SIZES.map((size) => {
    const magnitudes = (x: Float64Array): number[] => {
      const values: number[] = [];
      for (let start = 0; start + size <= x.length; start += size / 4) {
        for (let k = 0; k <= size / 2; k++) {
          let re = 0;
          let im = 0;
          for (let n = 0; n < size; n++) {
            const v = x[start + n]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
            re += v * Math.cos((2 * Math.PI * k * n) / size);
            im -= v * Math.sin((2 * Math.PI * k * n) / size);
          }
          values.push(Math.hypot(re, im));
        }
      }
      return values;
    };
    const a = magnitudes(output);
    const b = magnitudes(target);
    const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
    const floor = 1e-4 * Math.max(...b);
    return (
      (0.5 * mean(a.map((v, i) => Math.abs(v - b[i]!)))) / mean(b) +
      mean(a.map((v, i) => Math.abs(Math.log((v + floor) / (b[i]! + floor)))))
    );
  });
  return losses.reduce((sum, v) => sum + v, 0) / losses.length;
}

describe('the multi-scale spectral loss', () => {
  const random = new Random(3);
  const noise = (scale: number): Float64Array => Float64Array.from({ length: LENGTH }, () => scale * random.normal());
  const output = noise(0.1);
  const target = noise(0.05).map((v, n) => v + 0.2 * Math.sin(0.3 * n));
  const tensor = (x: Float64Array): tf.Tensor2D => tf.tensor2d(Float32Array.from(x), [1, LENGTH]);

  it('is what its definition says, by FFT and by matrix products', () => {
    const expected = definition(output, target);
    expect(spectralLoss(tensor(output), tensor(target), SIZES).dataSync()[0]! / expected).toBeCloseTo(1, 4);
    expect(productLoss(tensor(output), tensor(target), SIZES).dataSync()[0]! / expected).toBeCloseTo(1, 4);
  });

  it('is zero for equal sounds', () => {
    expect(spectralLoss(tensor(target), tensor(target), SIZES).dataSync()[0]).toBeLessThan(1e-6);
  });

  it('has the gradient that finite differences of its definition have', () => {
    for (const loss of [spectralLoss, productLoss]) {
      const gradient = tf.grad((x: tf.Tensor) => loss(x as tf.Tensor2D, tensor(target), SIZES))(tensor(output)).dataSync();
      for (const n of [40, 300, 511, 900]) {
        const nudged = (step: number): number => definition(output.map((v, i) => (i === n ? v + step : v)), target);
        const expected = (nudged(1e-6) - nudged(-1e-6)) / 2e-6;
        expect(gradient[n]! / expected).toBeCloseTo(1, 2);
      }
    }
  });
});
