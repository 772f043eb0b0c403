import { describe, expect, it } from 'vitest';
import { createControls } from '../../model/controls.ts';
import { noiseSignals } from '../../model/reference/noise.ts';
import { noisePower } from '../../model/reference/voice.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { Layout } from '../../worklet/engine/layout.ts';
import { Noise } from '../../worklet/engine/noise.ts';
import { RATE, SMALL_SPEC, distance, kernelBuilds, peakOf, rms } from './fixtures.ts';

const TICK = SMALL_SPEC.tick;
const BANDS = SMALL_SPEC.noise.bands;
const SEED = 11;

describe.each(kernelBuilds())('noise, $name SIMD', ({ module }) => {
  it('follows the powers of its voices in every band, linear within a tick', () => {
    const controls = createControls(SMALL_SPEC);
    for (let b = 0; b < BANDS; b++) {
      controls.strikeAmplitude[b] = 0.02 / (1 + b);
      controls.strikeRate[b] = 60 + b;
      controls.bodyAmplitude[b] = 0.004;
      controls.bodyRate[b] = 3 + 0.1 * b;
      controls.riseRate[b] = 40 * 2 ** b;
    }
    const layout = new Layout();
    const noise = new Noise(layout, SMALL_SPEC, 1, SEED);
    noise.load(new Kernel(module, layout));
    const powers = new Float64Array(BANDS);
    const ticks = 600;
    const signals = noiseSignals(SMALL_SPEC, SEED, ticks * TICK);
    const gain = (b: number, boundary: number): number =>
      boundary === 0 ? 0 : Math.sqrt(noisePower(controls, b, (boundary * TICK) / RATE));
    const out = new Float32Array(ticks * TICK);
    const expected = new Float64Array(ticks * TICK);
    noise.strike(0, controls, TICK);
    for (let tick = 0; tick < ticks; tick++) {
      const power = noise.addVoice(0, 1);
      expect(noise.closeBoundary(powers)).toBeCloseTo(power, 6);
      expect(powers.reduce((sum, p) => sum + p, 0)).toBeCloseTo(power, 6);
      noise.run();
      out.set(noise.samples, tick * TICK);
      for (let b = 0; b < BANDS; b++) {
        const [from, to] = [gain(b, tick), gain(b, tick + 1)];
        for (let m = 0; m < TICK; m++) expected[tick * TICK + m]! += (from + ((to - from) * m) / TICK) * signals[b]![tick * TICK + m]!;
      }
    }
    expect(distance(out, expected)).toBeLessThan(1e-4 * peakOf(expected));
  });

  it('has unit variance in every band', () => {
    for (const signal of noiseSignals(SMALL_SPEC, SEED, 8 * RATE)) expect(rms(signal, RATE, 8 * RATE)).toBeCloseTo(1, 0);
  });
});
