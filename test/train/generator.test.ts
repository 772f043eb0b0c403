import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { mixtureLogDensity, mixtures } from '../../model/reference/generator.ts';
import type { Spec } from '../../model/spec.ts';
import { decoderTensors } from '../../model/tensors.ts';
import { startBackend } from '../../model/train/backend.ts';
import { mixtureLoss, mixtureOutputs } from '../../model/train/graph/generator.ts';
import { waveNetShape } from '../../model/wavenet-shape.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { Layout } from '../../worklet/engine/layout.ts';
import { roundToPairs } from '../../worklet/engine/wavenet-packing.ts';
import { WaveNetKernel } from '../../worklet/engine/wavenet.ts';
import { kernelBuilds } from '../worklet/fixtures.ts';
import { SMALL_SPEC, randomFlat } from './small-model.ts';
import { parameterLayout, view } from '../../model/train/parameters.ts';

const spec: Spec = {
  ...SMALL_SPEC,
  waveNet: { ...SMALL_SPEC.waveNet, fold: 1, dilations: [1, 2, 4, 8, 1, 2] },
  generator: { makes: 'residual', divisor: 2, components: 2, colour: 8 },
};
const TICKS = 12;
const ROWS_A_TICK = spec.tick / 2;
const ROWS = TICKS * ROWS_A_TICK;
const shape = waveNetShape(spec);
const { inputs, conditioning: size } = shape;

const flat = randomFlat(spec, 3);
const layout = parameterLayout(spec);
const names = decoderTensors(spec).filter(({ name }) => name.startsWith('wavenet.'));
const tensors = roundToPairs(shape, new Map(names.map(({ name }) => [name, view(flat, layout.find((slice) => slice.name === name)!).slice()])));

const random = new Random(9);
const audio = Float32Array.from({ length: ROWS }, () => 0.8 * random.normal());
const strings = Float32Array.from({ length: ROWS }, () => random.normal());
const conditioning = Float32Array.from({ length: TICKS * size }, () => 0.5 * random.normal());
/** What enters each row: the sample before, and the strings. */
const rows = Array.from({ length: ROWS }, (_, n) => [audio[n - 1] ?? 0, strings[n]!]);
const conditionOf = (row: number): Float32Array => vectors[Math.floor(row / ROWS_A_TICK)]!;
const vectors = Array.from({ length: TICKS }, (_, tick) => conditioning.subarray(tick * size, (tick + 1) * size));
/** The first rows do not count. */
const SKIPPED = 5;
const counts = audio.map((_, n) => (n < SKIPPED ? 0 : 1));

function meanLoss(outputs: readonly ArrayLike<number>[]): number {
  const all = outputs.map((output, n) => -mixtureLogDensity(output, audio[n]!)).slice(SKIPPED);
  return all.reduce((sum, loss) => sum + loss, 0) / all.length;
}

function graphLoss(p: ReadonlyMap<string, tf.Tensor>): tf.Scalar {
  const input = tf.tensor3d(rows.flat(), [1, ROWS, inputs]);
  const outputs = mixtureOutputs(spec, p, input, tf.tensor3d(conditioning, [1, TICKS, size]));
  return mixtureLoss(outputs, tf.tensor2d(audio, [ROWS, 1]), tf.tensor2d(counts, [ROWS, 1]));
}

const asTensors = (): Map<string, tf.Tensor> => new Map(names.map(({ name, shape: dimensions }) => [name, tf.tensor(tensors.get(name)!, [...dimensions])]));

function referenceLoss(changed: ReadonlyMap<string, ArrayLike<number>>): number {
  return meanLoss(mixtures(spec, changed, rows, conditionOf));
}

beforeAll(async () => {
  await startBackend('wasm');
});

describe('the likelihood of a generator', () => {
  it('is the same from the graph, from the kernel row by row, and from the reference', () => {
    const expected = referenceLoss(tensors);
    expect(Math.abs((tf.tidy(() => graphLoss(asTensors())).dataSync()[0] ?? NaN) - expected)).toBeLessThan(1e-4);
    for (const { module } of kernelBuilds()) {
      const memory = new Layout();
      const net = new WaveNetKernel(memory, shape, 1);
      net.load(new Kernel(module, memory), tensors);
      const outputs = rows.map((row, n) => {
        net.conditioning.set(conditionOf(n));
        net.condition();
        net.input.set(row);
        net.run(1);
        return net.output.slice(0, shape.outputs);
      });
      expect(Math.abs(meanLoss(outputs) - expected)).toBeLessThan(1e-4);
    }
  });

  it('has the gradient of the reference, by finite differences', () => {
    const p = asTensors();
    const learning = names.map(({ name }) => name).filter((name) => !name.startsWith(`wavenet.${spec.waveNet.dilations.length - 1}.residual`));
    const { grads } = tf.valueAndGrads((...given: tf.Tensor[]) => graphLoss(new Map([...p, ...learning.map((name, i) => [name, given[i]!] as const)])))(learning.map((name) => p.get(name)!));
    const pick = new Random(4);
    for (const name of ['wavenet.input.weight', 'wavenet.0.conv.weight', 'wavenet.3.conv.bias', 'wavenet.2.conditioning.weight', 'wavenet.4.residual.weight', 'wavenet.head.weight', 'wavenet.head.bias']) {
      const gradient = grads[learning.indexOf(name)]!.dataSync();
      const original = Float64Array.from(tensors.get(name)!);
      const at = pick.below(original.length);
      const step = 1e-4;
      const moved = (by: number): number => referenceLoss(new Map([...tensors, [name, original.map((w, i) => (i === at ? w + by : w))] as const] as [string, ArrayLike<number>][]));
      const expected = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(gradient[at]! - expected), `${name}[${at}]`).toBeLessThan(1e-4 + 2e-3 * Math.abs(expected));
    }
  });

  it('is that of the logistic distribution, whose values are known', () => {
    // At its mean: -ln(1 / (4 s)); of two equal ones the same.
    expect(mixtureLogDensity([0, 1.5, Math.log(0.2)], 1.5)).toBeCloseTo(-Math.log(0.8), 12);
    expect(mixtureLogDensity([0, 0, 1.5, 1.5, Math.log(0.2), Math.log(0.2)], 1.5)).toBeCloseTo(-Math.log(0.8), 12);
  });
});
