import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { startBackend } from '../../model/train/backend.ts';
import { bandLoss } from '../../model/train/band-loss.ts';

const RATE = 48000;
const LENGTH = 2048;

/** Band powers of one frame by the definition, in float64: a Hann window, a plain Fourier sum, bands in equal ratios. */
function powers(frame: readonly number[]): number[] {
  const size = frame.length;
  const bin = RATE / size;
  const spectrum = Array.from({ length: size / 2 + 1 }, (_, k) => {
    let re = 0;
    let im = 0;
    frame.forEach((x, n) => {
      const w = x * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
      re += w * Math.cos((2 * Math.PI * k * n) / size);
      im += w * Math.sin((2 * Math.PI * k * n) / size);
    });
    return re * re + im * im;
  });
  const bands: number[] = [];
  const last = Math.min(size / 2, Math.round(18000 / bin));
  for (let low = Math.max(1, Math.round(90 / bin)); low < last; ) {
    const high = Math.min(last, Math.max(low + 1, Math.round(low * 1.25)));
    bands.push(spectrum.slice(low, high).reduce((sum, p) => sum + p, 0));
    low = high;
  }
  return bands;
}

function definition(output: readonly number[], target: readonly number[]): number {
  return [[256, 1], [1024, 0.5]].reduce((total, [size, weight]) => {
    const frames = (signal: readonly number[]): number[] =>
      Array.from({ length: (4 * LENGTH) / size! - 3 }, (_, f) => powers(signal.slice((f * size!) / 4, (f * size!) / 4 + size!))).flat();
    const t = frames(target);
    const floor = 1e-7 * Math.max(...t) + 1e-13;
    const errors = frames(output).map((p, i) => Math.log((p + floor) / (t[i]! + floor)));
    return total + (weight! * errors.reduce((sum, x) => sum + Math.sqrt(x * x + 4) - 2, 0)) / errors.length;
  }, 0);
}

beforeAll(() => startBackend('wasm'));

describe('the distance of band levels', () => {
  const random = new Random(5);
  const noise = (level: number): number[] => Array.from({ length: LENGTH }, (_, n) => level * random.normal() * Math.exp(-n / 600));
  const target = noise(0.1);
  const output = noise(0.15);
  const lossOf = (signal: readonly number[]): number =>
    tf.tidy(() => bandLoss(tf.tensor2d([[...signal], [...signal]]), tf.tensor2d([target, target]), RATE).dataSync()[0]!);

  it('is what its definition gives in float64', () => {
    expect(lossOf(output)).toBeCloseTo(definition(output, target), 4);
    expect(lossOf(target)).toBeCloseTo(0, 6);
  });

  it('has the gradient that finite differences of the definition say', () => {
    const gradient = tf.tidy(() =>
      tf.grad((x: tf.Tensor) => bandLoss(x as tf.Tensor2D, tf.tensor2d([target]), RATE))(tf.tensor2d([output])).dataSync(),
    );
    const direction = noise(0.01);
    const along = (step: number): number => definition(output.map((x, n) => x + step * direction[n]!), target);
    const expected = (along(1e-3) - along(-1e-3)) / 2e-3;
    expect(direction.reduce((sum, d, n) => sum + d * gradient[n]!, 0) / expected).toBeCloseTo(1, 2);
  });
});
