import { describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { generate } from '../../model/reference/generator.ts';
import { receptiveFieldRows, waveNetConditioningSize, waveNetWidths, type Generated, type Spec } from '../../model/spec.ts';
import { waveNetShape } from '../../model/wavenet-shape.ts';
import { Generator, generatorState } from '../../worklet/engine/generator.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { Layout } from '../../worklet/engine/layout.ts';
import { roundToPairs } from '../../worklet/engine/wavenet-packing.ts';
import { SMALL_SPEC, distance, kernelBuilds, peakOf, randomWeights, rms } from './fixtures.ts';

const ROWS = 16;
const SEED = 7;

function generatorSpec(makes: Generated, components: number, channels = 8): Spec {
  return {
    ...SMALL_SPEC,
    waveNet: { ...SMALL_SPEC.waveNet, fold: 1, channels, dilations: [1, 2, 4, 8, 16, 1, 2, 4] },
    generator: { makes, divisor: 2, components, colour: makes === 'residual' ? 8 : 0 },
  };
}

interface Made {
  readonly generator: Generator;
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

function make(module: WebAssembly.Module, spec: Spec, seed: number): Made {
  const shape = waveNetShape(spec);
  const tensors = roundToPairs(shape, randomWeights(spec, seed).tensors);
  const layout = new Layout();
  const generator = new Generator(layout, shape, ROWS, SEED);
  generator.load(new Kernel(module, layout), tensors);
  return { generator, tensors };
}

/** A conditioning vector for each run, and what enters beside. */
function material(spec: Spec, runs: number): { conditioning: Float32Array[]; beside: Float32Array } {
  const random = new Random(3);
  const noise = (length: number, scale: number): Float32Array => Float32Array.from({ length }, () => scale * random.normal());
  return {
    conditioning: Array.from({ length: runs }, () => noise(waveNetConditioningSize(spec), 0.4)),
    beside: noise(runs * ROWS * (waveNetWidths(spec).inputs - 1), 1),
  };
}

function run(generator: Generator, { conditioning, beside }: ReturnType<typeof material>): Float32Array {
  const others = beside.length / conditioning.length;
  const out = new Float32Array(conditioning.length * ROWS);
  conditioning.forEach((c, i) => {
    generator.conditioning.set(c);
    generator.condition();
    generator.beside.set(beside.subarray(i * others, (i + 1) * others));
    expect(generator.run(ROWS)).toBe(ROWS);
    out.set(generator.samples, i * ROWS);
  });
  return out;
}

describe.each(kernelBuilds())('A generator, $name SIMD', ({ module }) => {
  it.each<[Generated, number, number]>([
    ['residual', 2, 1],
    ['residual', 1, 0.7],
    ['autoregressive', 3, 1],
  ])('draws from its queues what a computation of the whole receptive field for every sample draws: %s, %i components, temperature %f', (makes, components, temperature) => {
    const spec = generatorSpec(makes, components);
    const { generator, tensors } = make(module, spec, 4);
    generator.temperature = temperature;
    const runs = Math.ceil((4 * receptiveFieldRows(spec)) / ROWS);
    const given = material(spec, runs);
    const others = given.beside.length / (runs * ROWS);
    const expected = generate(spec, tensors, {
      beside: Array.from({ length: runs * ROWS }, (_, n) => given.beside.subarray(n * others, (n + 1) * others)),
      conditionOf: (n) => given.conditioning[Math.floor(n / ROWS)]!,
      temperature,
      state: generatorState(SEED),
    });
    const drawn = run(generator, given);
    expect(rms(drawn, 0, drawn.length)).toBeGreaterThan(0.3);
    expect(distance(drawn, expected)).toBeLessThan(1e-5 * peakOf(drawn));
  });

  it('draws the same again after a reset with the same seed, and something else with another', () => {
    const spec = generatorSpec('residual', 2);
    const { generator } = make(module, spec, 5);
    const given = material(spec, 10);
    const first = run(generator, given);
    generator.reset();
    generator.seed(SEED);
    expect(distance(run(generator, given), first)).toBe(0);
    generator.reset();
    expect(distance(run(generator, given), first)).toBeGreaterThan(0.1);
  });

  it('is calmer at a lower temperature, and the same each time at none', () => {
    const spec = generatorSpec('autoregressive', 1);
    const { generator } = make(module, spec, 6);
    const given = material(spec, 40);
    const levels = [1, 0.5, 0].map((temperature) => {
      generator.reset();
      generator.temperature = temperature;
      return run(generator, given);
    });
    const [full, half, none] = levels.map((samples) => rms(samples, 0, samples.length));
    expect(half).toBeLessThan(full!);
    expect(none).toBeLessThan(half!);
    generator.reset();
    expect(distance(run(generator, given), levels[2]!)).toBe(0);
  });

  it('stops at the first sample that is no number', () => {
    const spec = generatorSpec('residual', 2);
    const { generator } = make(module, spec, 6);
    generator.beside.fill(0);
    generator.condition();
    generator.beside[5] = NaN;
    expect(generator.run(ROWS)).toBe(5);
  });
});
