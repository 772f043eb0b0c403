import { describe, expect, it } from 'vitest';
import { createControls, type Controls } from '../../model/controls.ts';
import { Random } from '../../model/random.ts';
import type { Spec } from '../../model/spec.ts';
import { KNOCK_WAVES } from '../../model/tensors.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { Knocks } from '../../worklet/engine/knocks.ts';
import { Layout } from '../../worklet/engine/layout.ts';
import { SMALL_SPEC, distance, kernelBuilds, rms } from './fixtures.ts';

const SPEC: Spec = { ...SMALL_SPEC, knock: { waves: 3, samples: 70, divisor: 12 } };
const { waves, samples, divisor } = SPEC.knock;
const LENGTH = samples * divisor;
const random = new Random(6);
const tensor = Float32Array.from({ length: waves * samples }, () => random.normal());
const shape = [0.7, -1.2, 0.4];

function controlsOf(amplitude: number): Controls {
  const controls = createControls(SPEC);
  controls.knockAmplitude = amplitude;
  controls.knockShape.set(shape);
  return controls;
}

/** The mixture between its samples, by the sum of all sincs under a window of 16 samples, written anew. */
function soundAt(n: number): number {
  const bessel = (x: number): number => Array.from({ length: 30 }, (_, k) => k).reduce((sum, k) => sum + ((x / 2) ** k / Array.from({ length: k }, (_, i) => i + 1).reduce((a, b) => a * b, 1)) ** 2, 0);
  let sum = 0;
  for (let i = 0; i < samples; i++) {
    const away = n / divisor - i;
    if (Math.abs(away) > 8 || Math.floor(n / divisor) - i > 7) continue;
    const onset = i < 8 ? (1 - Math.cos((Math.PI * i) / 8)) / 2 : 1;
    const end = i > 0.8 * samples ? (1 - Math.cos((Math.PI * (samples - i)) / (0.2 * samples))) / 2 : 1;
    const value = onset * end * shape.reduce((total, weight, w) => total + weight * tensor[w * samples + i]!, 0);
    sum += value * (away === 0 ? 1 : Math.sin(Math.PI * away) / (Math.PI * away)) * (bessel(5.65 * Math.sqrt(1 - (away / 8) ** 2)) / bessel(5.65));
  }
  return sum;
}

describe.each(kernelBuilds())('knocks, $name SIMD', ({ module }) => {
  const outAddress = (layout: Layout): number => layout.floats(2 * LENGTH);
  const set = (): { knocks: Knocks; out: Float32Array; address: number } => {
    const layout = new Layout();
    const knocks = new Knocks(layout, SPEC);
    const address = outAddress(layout);
    knocks.reserve(layout, 2);
    const kernel = new Kernel(module, layout);
    knocks.load(kernel, new Map([[KNOCK_WAVES, tensor]]));
    return { knocks, out: kernel.floats(address, 2 * LENGTH), address };
  };
  const expected = Float64Array.from({ length: LENGTH }, (_, n) => soundAt(n));

  it('are a mixture of the waveforms, read at the rate of the model in ticks of any length', () => {
    const { knocks, out, address } = set();
    knocks.strike(0, controlsOf(0.5), 0);
    for (let at = 0, count = 1; at < 2 * LENGTH; at += count, count = Math.min(32, 2 * LENGTH - at)) knocks.add(0, address + 4 * at, count);
    expect(distance(out.subarray(0, LENGTH), expected.map((x) => 0.5 * x))).toBeLessThan(2e-6);
    expect(rms(out, LENGTH, 2 * LENGTH)).toBe(0);
    expect(knocks.power(0)).toBe(0);
  });

  it('go on where they are struck at an age, and add to what is there', () => {
    const { knocks, out, address } = set();
    out.fill(1);
    knocks.strike(1, controlsOf(1), 100.4);
    knocks.add(1, address, 32);
    expect(distance(out.subarray(0, 32), expected.subarray(100, 132).map((x) => 1 + x))).toBeLessThan(2e-6);
    const power = expected.subarray(100, 132).reduce((sum, x) => sum + x * x, 0) / 32;
    expect(knocks.power(1) / power).toBeCloseTo(1, 4);
  });

  it.each([
    ['of amplitude 0', 0, 0, true],
    ['that have ended', 1, LENGTH + 5, true],
    ['that are switched off', 1, 0, false],
  ])('%s are not heard', (_, amplitude, age, enabled) => {
    const { knocks, out, address } = set();
    knocks.enabled = enabled;
    knocks.strike(0, controlsOf(amplitude), age);
    knocks.add(0, address, 64);
    expect(rms(out, 0, 64)).toBe(0);
  });
});
