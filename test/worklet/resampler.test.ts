import { describe, expect, it } from 'vitest';
import { Resampler } from '../../worklet/engine/resampler.ts';
import { RATE } from './fixtures.ts';

const TICK = 32;

/** Resamples the function `signal` of the model's sample. */
function resample(rate: number, frames: number, signal: (n: number) => number): { out: Float64Array; delay: number } {
  const resampler = new Resampler(RATE, rate, TICK);
  const tick = new Float32Array(TICK);
  let written = 0;
  const out = Float64Array.from({ length: frames }, () => {
    while (resampler.hungry) {
      for (let i = 0; i < TICK; i++) tick[i] = signal(written + i);
      written += TICK;
      resampler.push(tick);
    }
    return resampler.next();
  });
  return { out, delay: resampler.delay };
}

describe.each([22050, 32000, 44100, 47999, 88200, 96000])('the resampler to %i Hz', (rate) => {
  it.each([100, 1000, 8000])('keeps a tone of %i Hz within -70 dB', (frequency) => {
    const omega = (2 * Math.PI * frequency) / RATE;
    const { out, delay } = resample(rate, 4000, (n) => Math.sin(omega * n));
    for (let frame = 500; frame < out.length; frame++) {
      const expected = Math.sin(omega * ((frame * RATE) / rate - delay));
      expect(Math.abs(out[frame]! - expected)).toBeLessThan(3e-4);
    }
  });

  it('sounds nothing before its input does', () => {
    const onset = 1000;
    const { out } = resample(rate, rate / 10, (n) => (n >= onset ? 1 : 0));
    const first = out.findIndex((value) => value !== 0);
    expect(first).toBeGreaterThanOrEqual(Math.floor((onset * rate) / RATE));
    expect(out.at(-1)).toBeCloseTo(1, 4);
  });
});

describe('the resampler to 22050 Hz', () => {
  it('leaves out what is above half of its rate', () => {
    const { out } = resample(22050, 4000, (n) => Math.sin((2 * Math.PI * 14000 * n) / RATE));
    expect(Math.max(...out.slice(500).map(Math.abs))).toBeLessThan(1e-3);
  });
});
