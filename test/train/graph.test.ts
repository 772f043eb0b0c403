import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { damperRate } from '../../model/damper.ts';
import { renderReference, type ReferenceEvent } from '../../model/reference/render.ts';
import { startBackend } from '../../model/train/backend.ts';
import { decodeExcitation, excite } from '../../model/train/graph/decoder.ts';
import { productNoise } from '../../model/train/graph/noise.ts';
import type { Scene } from '../../model/train/graph/scene.ts';
import { parameterLayout, toTensors } from '../../model/train/parameters.ts';
import { createNoisePool } from '../../model/train/step.ts';
import { SMALL_SPEC as spec, keysOf, randomFlat, randomStyle, referenceModel, sceneOf } from './small-model.ts';

const LENGTH = 8192;
/** Seed of the training's noise pool, from whose first sample the reference also starts. */
const SEED = 1;
const RELEASE = 3000;

const strikes = [
  { note: 40, velocity: 0.7, start: 256 },
  { note: 64, velocity: 0.4, start: 1024 },
  { note: 95, velocity: 0.9, start: 2560 },
];

beforeAll(async () => {
  await startBackend('wasm');
});

function relativeError(actual: ArrayLike<number>, expected: Float64Array): number {
  let error = 0;
  let power = 0;
  expected.forEach((v, n) => {
    error += (actual[n]! - v) ** 2;
    power += v * v;
  });
  return Math.sqrt(error / power);
}

describe('the training graph', () => {
  const flat = randomFlat(spec, 5);
  const style = randomStyle(spec, 6);
  const events: ReferenceEvent[] = [
    { sample: 0, type: 'sustain', value: 0 },
    ...strikes.map(({ note, velocity, start }) => ({ sample: start, type: 'noteOn', note, velocity }) as const),
    { sample: RELEASE, type: 'noteOff', note: 40 },
  ];
  const reference = renderReference(referenceModel(spec, flat), style, events, { length: LENGTH, seed: SEED });

  function scene(): Scene {
    const damper = new Float32Array(strikes.length * LENGTH).fill(1);
    for (let n = RELEASE; n < LENGTH; n++) damper[n] = Math.exp((-damperRate(40) * (n - RELEASE)) / spec.sampleRate);
    return { ...sceneOf(spec, strikes, style, LENGTH), damper };
  }

  it('sounds like the float64 reference, to a relative error under 1e-4', () => {
    const p = toTensors(flat, parameterLayout(spec));
    const excitation = excite(spec, p, scene(), tf.tensor2d([[...style.embedding]]), createNoisePool(spec), keysOf(style, strikes));
    const output = decodeExcitation(spec, p, excitation.signal, excitation.decoderInput());
    const dry = reference.strings.map((v, n) => v + reference.knocks[n]! + reference.noise[n]!);
    expect(relativeError(excitation.signal.dataSync(), dry)).toBeLessThan(1e-4);
    expect(relativeError(output.dataSync(), reference.output)).toBeLessThan(1e-4);
    expect(relativeError(dry, reference.output)).toBeGreaterThan(0.01);
  });

  it('makes the same noise by matrix products as by loops', () => {
    const pool = createNoisePool(spec);
    const gains = tf.randomUniform([2, 9, spec.noise.bands], 0, 1, 'float32', 3) as tf.Tensor3D;
    const g = gains.dataSync();
    const expected = Float64Array.from({ length: 2 * 8 * spec.tick }, (_, at) => {
      const [example, n] = [Math.floor(at / (8 * spec.tick)), at % (8 * spec.tick)];
      const [i, share] = [Math.floor(n / spec.tick), (n % spec.tick) / spec.tick];
      let sum = 0;
      for (let b = 0; b < spec.noise.bands; b++) {
        const left = g[(example * 9 + i) * spec.noise.bands + b]!;
        const right = g[(example * 9 + i + 1) * spec.noise.bands + b]!;
        sum += (left * (1 - share) + right * share) * pool.signals[b * pool.length + 100 + n]!;
      }
      return sum;
    });
    expect(relativeError(productNoise(spec, gains, pool, 100).dataSync(), expected)).toBeLessThan(1e-5);
  });
});
