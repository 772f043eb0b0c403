import { describe, expect, it } from 'vitest';
import { createControls, type Controls } from '../../model/controls.ts';
import { addStrings, stringPower } from '../../model/reference/voice.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { Layout } from '../../worklet/engine/layout.ts';
import { Strings } from '../../worklet/engine/strings.ts';
import { RATE, SMALL_SPEC, distance, kernelBuilds } from './fixtures.ts';

const TICK = SMALL_SPEC.tick;

function controlsOf(frequencies: readonly number[]): Controls {
  const controls = createControls(SMALL_SPEC);
  controls.partialCount = frequencies.length;
  frequencies.forEach((frequency, i) => {
    controls.frequency[i] = frequency;
    controls.promptAmplitude[i] = 0.08;
    controls.aftersoundAmplitude[i] = 0.03;
    controls.promptRate[i] = 0.7 + i;
    controls.aftersoundRate[i] = 0.1 + 0.1 * i;
    controls.beat[i] = 0.2 * i;
  });
  // The bank itself has no attack.
  controls.attackRate = Infinity;
  return controls;
}

function ring(module: WebAssembly.Module, controls: Controls, age: number, ticks: number): [Float32Array, number] {
  const layout = new Layout();
  const strings = new Strings(layout, SMALL_SPEC, 1);
  const kernel = new Kernel(module, layout);
  strings.attach(kernel);
  strings.strike(0, controls, age);
  const out = new Float32Array(ticks * TICK);
  let power = 0;
  for (let tick = 0; tick < ticks; tick++) {
    power = strings.ring(0);
    out.set(kernel.floats(strings.tick(0), TICK), tick * TICK);
  }
  return [out, power];
}

describe.each(kernelBuilds())('strings, $name SIMD', ({ module }) => {
  const controls = controlsOf([27.5, 55.03, 82.6, 1046.5, 5000, 12000, 21000]);
  const seconds = 10;
  const samples = seconds * RATE;
  const expected = new Float64Array(samples);
  addStrings(SMALL_SPEC, { start: 0, controls, damper: new Float64Array(samples).fill(1) }, expected);

  it('stay in tune and in phase with the closed form for ten seconds', () => {
    const [out] = ring(module, controls, 0, samples / TICK);
    // The closed form is silent at the very onset: (1 - exp(-rate t)) at t = 0.
    expect(distance(out.subarray(1), expected.subarray(1))).toBeLessThan(5e-6);
  });

  it('report their mean power', () => {
    const [, power] = ring(module, controls, 0, 300);
    expect(power).toBeCloseTo(stringPower(controls, (300 * TICK) / RATE), 9);
  });

  it('can start at any age', () => {
    const age = 4711;
    const [out] = ring(module, controls, age, 100);
    expect(distance(out, expected.subarray(age, age + out.length))).toBeLessThan(2e-6);
  });
});
