import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WaveFile } from 'wavefile';
import { cutClip } from '../../bench/quality/clip.ts';
import { distances } from '../../bench/quality/distances.ts';
import { Rivals, meanOfBands, nearestRecording } from '../../bench/quality/rivals.ts';
import type { Bank, Sample } from '../../model/corpus/corpus.ts';
import { equalTemperament, typicalTuning } from '../../model/tuning.ts';

const RATE = 48000;
const KEYS = [57, 60, 63, 66, 69];
const LAYERS = [1, 2] as const;
const tuning = typicalTuning();

/** A string that is the same at every key, but for its clock; a harder strike has more partials. */
function strike(note: number, layer: number): Float32Array {
  const f0 = equalTemperament(note);
  return Float32Array.from({ length: 2.4 * RATE }, (_, n) => {
    const periods = (n / RATE - 0.02) * f0;
    if (periods < 0) return 0;
    let sum = 0;
    for (let k = 1; k <= 6 * layer; k++) sum += Math.sin(2 * Math.PI * k * periods) / k;
    return 0.2 * sum * Math.exp(-periods / 200);
  });
}

let folder: string;
let bank: Bank;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rivals-'));
  const samples: Sample[] = [];
  for (const note of KEYS) {
    for (const layer of LAYERS) {
      const path = join(folder, `${note}-${layer}.wav`);
      const wav = new WaveFile();
      wav.fromScratch(1, RATE, '32f', strike(note, layer));
      await writeFile(path, wav.toBuffer());
      samples.push({ note, layer, velocityRange: [1, 127], velocity: 50 * layer, path, onsetSeconds: undefined });
    }
  }
  bank = { id: 'a-bank', name: 'A bank', kind: 'grand', naturalDynamics: true, licence: '', credit: '', source: '', samples };
});
afterAll(() => rm(folder, { recursive: true }));

describe('the nearest recording', () => {
  const trained = [60, 66].flatMap((note) => [40, 100].map((velocity) => ({ note, velocity })));

  test('is that of the nearest key before that of the nearest velocity', () => {
    expect(nearestRecording(trained, { note: 64, velocity: 45 })).toEqual({ note: 66, velocity: 40 });
    expect(nearestRecording(trained, { note: 60, velocity: 90 })).toEqual({ note: 60, velocity: 100 });
  });

  test('is the lower one of two', () => {
    expect(nearestRecording(trained, { note: 63, velocity: 70 })).toEqual({ note: 60, velocity: 40 });
  });
});

describe('the sampler', () => {
  const left = { note: 66, velocity: 100 };

  test('plays a left-out key from another one, and a string that is only faster there comes out as it was', async () => {
    const target = cutClip(strike(66, 2), RATE);
    const { mel, attack } = distances(target, await new Rivals(bank, tuning).sampler(left));
    expect(mel).toBeLessThan(0.3);
    expect(attack).toBeLessThan(0.5);
    const wrongLayer = distances(target, await new Rivals(bank, tuning).sampler({ ...left, velocity: 50 }));
    expect(wrongLayer.mel).toBeGreaterThan(3);
  });

  test('has no other recordings than those that training saw', async () => {
    const missing = { ...bank, samples: bank.samples.map((sample) => (sample.note === 66 ? { ...sample, path: join(folder, 'gone.wav') } : sample)) };
    await expect(new Rivals(missing, tuning).sampler(left)).resolves.toHaveLength(24000);
  });

  test('the mean of two equal neighbours is what they are, and keys that were trained have none', async () => {
    const rivals = new Rivals(bank, tuning);
    expect(await rivals.neighbours(left, cutClip(strike(66, 2), RATE))).toBeLessThan(0.3);
    expect(await rivals.neighbours({ note: 63, velocity: 100 }, cutClip(strike(63, 2), RATE))).toBeUndefined();
  });
});

test('the mean of bands lies halfway in dB, at the power of the target', () => {
  const target = Float64Array.of(2, 2);
  const mean = meanOfBands(target, Float64Array.of(1, 100), Float64Array.of(1, 1));
  expect(mean[1]! / mean[0]!).toBeCloseTo(10, 9);
  expect(mean[0]! + mean[1]!).toBeCloseTo(4, 9);
});
