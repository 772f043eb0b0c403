import { describe, expect, it } from 'vitest';
import { resample } from '../../../model/audio/resample.ts';
import { sine } from './fixtures.ts';

describe('resample', () => {
  it.each([
    [44100, 48000],
    [48000, 44100],
    [96000, 48000],
    [22050, 48000],
    [48000, 16000],
    [44056, 48000],
  ])('keeps pitch, phase and level from %i to %i Hz', (from, to) => {
    const resampled = resample(sine(1000, from, from), from, to);
    const expected = sine(1000, to, to);
    expect(resampled.length).toBe(to);
    // The recording begins and ends in the middle of a sound, so the filter rings there.
    let worst = 0;
    for (let i = 1000; i < to - 1000; i++) worst = Math.max(worst, Math.abs(resampled[i]! - expected[i]!));
    expect(worst).toBeLessThan(1e-5);
  });

  it('removes what the lower rate cannot hold', () => {
    const resampled = resample(sine(30000, 96000, 96000), 96000, 48000);
    expect(Math.max(...resampled.subarray(1000, -1000))).toBeLessThan(1e-5);
  });

  it('stays in tune over a long recording', () => {
    const from = 8000;
    const resampled = resample(sine(440, from, 30 * from), from, 48000);
    expect(resampled.length).toBe(30 * 48000);
    let worst = 0;
    for (let i = 5000; i < resampled.length - 5000; i++) {
      worst = Math.max(worst, Math.abs(resampled[i]! - 0.5 * Math.sin((2 * Math.PI * 440 * i) / 48000)));
    }
    expect(worst).toBeLessThan(1e-5);
  });

  it('leaves a recording of the right rate alone', () => {
    const samples = sine(440, 48000, 100);
    expect(resample(samples, 48000, 48000)).toBe(samples);
  });
});
