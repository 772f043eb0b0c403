import { describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { waveNet } from '../../model/reference/wavenet.ts';
import { conditioningSize, receptiveFieldRows, type Spec } from '../../model/spec.ts';
import { waveNetShape, type WaveNetShape } from '../../model/wavenet-shape.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { Layout } from '../../worklet/engine/layout.ts';
import { roundToPairs } from '../../worklet/engine/wavenet-packing.ts';
import { WaveNetKernel } from '../../worklet/engine/wavenet.ts';
import { SMALL_SPEC, kernelBuilds, randomWeights } from './fixtures.ts';

const MOST_ROWS = 1000;

function specOf(channels: number, dilations: readonly number[], fold = 4): Spec {
  return { ...SMALL_SPEC, waveNet: { ...SMALL_SPEC.waveNet, channels, dilations, fold } };
}

type Weights = WaveNetShape['weights'];

function kernelOf(module: WebAssembly.Module, spec: Spec, tensors: ReadonlyMap<string, Float32Array>, weights: Weights = 'float32'): WaveNetKernel {
  const layout = new Layout();
  const net = new WaveNetKernel(layout, { ...waveNetShape(spec), weights }, MOST_ROWS);
  net.load(new Kernel(module, layout), tensors);
  return net;
}

/** Runs rows in calls of `size` rows. */
function runIn(net: WaveNetKernel, input: Float32Array, size: number): Float32Array {
  const { inputs: fold } = net.shape;
  const rows = input.length / fold;
  const out = new Float32Array(input.length);
  for (let row = 0; row < rows; row += size) {
    const count = Math.min(size, rows - row);
    net.input.set(input.subarray(row * fold, (row + count) * fold));
    net.run(count);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < fold; j++) out[(row + i) * fold + j] = net.output[i * net.outputStride + j]!;
    }
  }
  return out;
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe.each(kernelBuilds())('WaveNet, $name SIMD', ({ module }) => {
  it.each<[number, Weights]>([
    ...[4, 12, 16, 24, 32].map((channels): [number, Weights] => [channels, 'float32']),
    ...[8, 16, 24, 32, 40].map((channels): [number, Weights] => [channels, 'paired']),
  ])('agrees with the float64 reference for %i channels, weights %s, and any number of rows a call', (channels, weights) => {
    const spec = specOf(channels, [1, 2, 4, 8, 150, 1, 3, 64]);
    const random32 = randomWeights(spec, channels).tensors;
    const tensors = weights === 'paired' ? roundToPairs(waveNetShape(spec), random32) : random32;
    const random = new Random(5);
    const ticks = 60;
    const samples = Float32Array.from({ length: ticks * spec.tick }, () => random.normal());
    const conditioning = Float32Array.from({ length: conditioningSize(spec) }, () => 0.3 * random.normal());
    const expected = waveNet(spec, tensors, samples, Array<Float32Array>(ticks).fill(conditioning)).flatMap((row) => [...row]);
    // The reference's rows end at their first output sample.
    const delayed = samples.map((_, n) => samples[n - spec.waveNet.fold + 1] ?? 0);
    const net = kernelOf(module, spec, tensors, weights);
    for (const size of [1, 5, 8, 32, 129, MOST_ROWS]) {
      net.reset();
      net.conditioning.set(conditioning);
      net.condition();
      expect(worst(runIn(net, delayed, size), expected)).toBeLessThan(2e-5);
    }
  });

  it('gives from its queues what a computation of the whole receptive field gives', () => {
    const spec = specOf(16, [1, 2, 4, 8, 16, 32, 1, 2, 4], 1);
    const { tensors } = randomWeights(spec, 9);
    // Without the past, a layer would see rows of bias where a fresh queue has zeros.
    for (const [name, tensor] of tensors) if (name.endsWith('bias')) tensor.fill(0);
    const random = new Random(6);
    const input = Float32Array.from({ length: 700 }, () => random.normal());
    const net = kernelOf(module, spec, tensors);
    net.condition();
    const queued = runIn(net, input, 8);
    const field = receptiveFieldRows(spec);
    for (const row of [field - 1, 300, 699]) {
      net.reset();
      const window = runIn(net, input.slice(row - field + 1, row + 1), field);
      expect(window[field - 1]).toBeCloseTo(queued[row]!, 5);
    }
  });

  it('takes a new conditioning vector from the next row on', () => {
    const spec = specOf(8, [1, 2, 4]);
    const { tensors } = randomWeights(spec, 3);
    const random = new Random(7);
    const samples = Float32Array.from({ length: 4 * spec.tick }, () => random.normal());
    const vectors = Array.from({ length: 4 }, () => Float32Array.from({ length: conditioningSize(spec) }, () => random.normal()));
    const expected = waveNet(spec, tensors, samples, vectors).flatMap((row) => [...row]);
    const delayed = samples.map((_, n) => samples[n - spec.waveNet.fold + 1] ?? 0);
    const net = kernelOf(module, spec, tensors);
    vectors.forEach((vector, tick) => {
      net.conditioning.set(vector);
      net.condition();
      const out = runIn(net, delayed.subarray(tick * spec.tick, (tick + 1) * spec.tick), 8);
      expect(worst(out, expected.slice(tick * spec.tick, (tick + 1) * spec.tick))).toBeLessThan(2e-5);
    });
  });

  it('refuses paired weights that are not rounded, and channels that do not come by eights', () => {
    const spec = specOf(8, [1, 2]);
    expect(() => kernelOf(module, spec, randomWeights(spec, 3).tensors, 'paired')).toThrow('not rounded to pairs');
    expect(() => kernelOf(module, specOf(12, [1, 2]), new Map(), 'paired')).toThrow('12 channels');
  });
});
