import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { renderReference, type ReferenceEvent } from '../../model/reference/render.ts';
import { startBackend } from '../../model/train/backend.ts';
import { decodeExcitation, excite } from '../../model/train/graph/decoder.ts';
import { parameterLayout, toTensors } from '../../model/train/parameters.ts';
import { createNoisePool, learningTensors } from '../../model/train/step.ts';
import { SMALL_SPEC as spec, keysOf, randomFlat, randomStyle, sceneOf } from './small-model.ts';

const LENGTH = 2048;
const STEP = 1e-4;

beforeAll(async () => {
  await startBackend('wasm');
});

describe('the gradient of the decoder', () => {
  const layout = parameterLayout(spec);
  const flat = randomFlat(spec, 7);
  const style = randomStyle(spec, 8);
  const random = new Random(9);
  /** A fixed random projection makes one number of the output, smooth in every parameter. */
  const projection = Float32Array.from({ length: LENGTH }, () => random.normal());
  const strikes = [
    { note: 50, velocity: 0.6, start: 0 },
    { note: 77, velocity: 0.8, start: 512 },
  ];
  const events: ReferenceEvent[] = strikes.map(({ note, velocity, start }) => ({ sample: start, type: 'noteOn', note, velocity }));
  const scene = sceneOf(spec, strikes, style, LENGTH);

  function referenceValue(parameters: Float64Array): number {
    const tensors = new Map(layout.map((s) => [s.name, parameters.subarray(s.offset, s.offset + s.size)]));
    const { output } = renderReference({ spec, tensors }, style, events, { length: LENGTH, seed: 1 });
    return output.reduce((sum, v, n) => sum + v * projection[n]!, 0);
  }

  it('agrees with finite differences of the float64 reference for parameters of every tensor', () => {
    const pool = createNoisePool(spec);
    const learning = learningTensors(spec, layout, 'all').filter((s) => /^(note|wavenet)\./.test(s.name));
    const constants = toTensors(flat, layout);
    const gradients = tf.grads((...tensors: tf.Tensor[]) => {
      const p = new Map([...constants, ...learning.map((s, i) => [s.name, tensors[i]!] as const)]);
      const excitation = excite(spec, p, scene, tf.tensor2d([[...style.embedding]]), pool, keysOf(style, strikes));
      return decodeExcitation(spec, p, excitation.signal, excitation.decoderInput()).mul(tf.tensor2d(projection, [1, LENGTH])).sum();
    })(learning.map((s) => constants.get(s.name)!));

    for (const [i, slice] of learning.entries()) {
      const gradient = gradients[i]!.dataSync() as Float32Array;
      const largest = gradient.reduce((best, g, at) => (Math.abs(g) > Math.abs(gradient[best]!) ? at : best), 0);
      const at = slice.offset + largest;
      const nudged = (step: number): number => {
        const parameters = Float64Array.from(flat);
        parameters[at]! += step;
        return referenceValue(parameters);
      };
      const expected = (nudged(STEP) - nudged(-STEP)) / (2 * STEP);
      expect(gradient[largest]! / expected, slice.name).toBeCloseTo(1, 2);
    }
  }, 120_000);
});
