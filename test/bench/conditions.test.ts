import { expect, test } from 'vitest';
import { CONDITIONS, recordedAs, type Condition } from '../../bench/quality/conditions.ts';
import { toMono } from '../../model/audio/recording.ts';

const RATE = 48000;
const SECONDS = 31;
/** A minor chord that swells, with a tone far above what 16 kHz can hold. */
const sound = Float32Array.from({ length: SECONDS * RATE }, (_, n) => {
  const swell = 0.2 * (1 - Math.cos((2 * Math.PI * n) / (2 * RATE)));
  return [220, 261.63, 329.63, 12000].reduce((sum, f) => sum + swell * 0.4 * Math.sin((2 * Math.PI * f * n) / RATE), 0);
});

/** dB of a tone in the third second. */
function toneLevel(heard: Float32Array, frequency: number): number {
  let [re, im] = [0, 0];
  for (let n = 2 * RATE; n < 3 * RATE; n++) {
    re += heard[n]! * Math.cos((2 * Math.PI * frequency * n) / RATE);
    im += heard[n]! * Math.sin((2 * Math.PI * frequency * n) / RATE);
  }
  return 10 * Math.log10((re * re + im * im) / (RATE / 2) ** 2 + 1e-20);
}

/** Change of the chord's A and of the high tone, in dB. */
const CHANGES: Readonly<Record<Condition, readonly [number, number]>> = {
  'as it is': [0, 0],
  '16 kHz': [0, -80],
  'MP3, 96 kb/s': [0, 0],
  '20 dB softer': [-20, -20],
  'noise at -45 dB': [0, 0],
  // The sum of 0.5 and 0.35, 29 samples later: 48 degrees at 220 Hz, and a quarter of a turn at 12 kHz.
  stereo: [-2.17, -4.29],
  '30 s': [0, 0],
};

test.each(CONDITIONS)('a recording, %s, keeps what it should', async (condition) => {
  const recording = await recordedAs(condition, sound, RATE);
  expect(recording.channels).toHaveLength(condition === 'stereo' ? 2 : 1);
  const heard = toMono(recording);
  expect(Math.abs(heard.length / RATE - (condition === '30 s' ? 30 : SECONDS))).toBeLessThan(0.1);
  const [low, high] = CHANGES[condition];
  // The encoder delays and thins out what is masked.
  const tolerance = condition === 'MP3, 96 kb/s' ? 1.5 : 0.1;
  expect(Math.abs(toneLevel(heard, 220) - toneLevel(sound, 220) - low)).toBeLessThan(tolerance);
  const change = toneLevel(heard, 12000) - toneLevel(sound, 12000);
  if (high < -60) expect(change).toBeLessThan(high + 20);
  else expect(Math.abs(change - high)).toBeLessThan(2 * tolerance);
});

test('the noise has the level that it is named after', async () => {
  const noisy = (await recordedAs('noise at -45 dB', sound, RATE)).channels[0]!;
  const peak = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const rms = Math.sqrt(noisy.reduce((sum, sample, n) => sum + (sample - sound[n]!) ** 2, 0) / noisy.length);
  expect(20 * Math.log10(rms / peak)).toBeCloseTo(-45, 1);
});
