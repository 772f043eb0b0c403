import { describe, expect, test } from 'vitest';
import { STEP_SECONDS, attackSeconds, decayRatio, fallOf, levelCurve } from '../../bench/quality/envelope.ts';
import { compareKey, oneOfEachKey, type KeyComparison } from '../../bench/quality/keys.ts';
import { keysReport } from '../../bench/quality/keys-report.ts';
import { STRIKE_RATE } from '../../bench/quality/strike.ts';
import { unevenness, type VelocityResponse } from '../../bench/quality/velocities.ts';
import type { Sample } from '../../model/corpus/corpus.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../../model/spec.ts';
import { fundamental, partialFrequency, typicalTuning } from '../../model/tuning.ts';

const RATE = STRIKE_RATE;
const ONSET = 480;
const tuning = typicalTuning();

/** A stiff string that falls `rate` dB a second and rises over `attack` seconds. */
function string(note: number, { rate = 20, attack = 0.002, cents = 0, stiffness = 1, seconds = 3 } = {}): Float32Array {
  const f0 = fundamental(tuning, note) * 2 ** (cents / 1200);
  const b = tuning.inharmonicity[note - FIRST_NOTE]! * stiffness;
  const frequencies = Array.from({ length: 20 }, (_, i) => partialFrequency(f0, b, i + 1)).filter((frequency) => frequency < 11000);
  return Float32Array.from({ length: ONSET + seconds * RATE }, (_, n) => {
    const t = (n - ONSET) / RATE;
    if (t < 0) return 0;
    const sum = frequencies.reduce((total, frequency, i) => total + Math.sin(2 * Math.PI * frequency * t + i * i) / (i + 1), 0);
    return 0.05 * sum * 10 ** ((-rate * t) / 20) * Math.min(1, t / attack);
  });
}

describe('decay', () => {
  test('a sound that falls 20 dB a second takes one', () => {
    const fall = fallOf(levelCurve(string(60, { rate: 20 }), RATE, ONSET));
    expect(fall.decibels).toBe(20);
    expect(fall.seconds).toBeCloseTo(1, 1);
  });

  test('a sound that ends before is carried on at its own rate', () => {
    const curve = levelCurve(string(60, { rate: 4, seconds: 2 }), RATE, ONSET);
    const fall = fallOf(curve);
    expect(fall.decibels / fall.seconds).toBeCloseTo(4, 0);
    expect(decayRatio(levelCurve(string(60, { rate: 8, seconds: 2 }), RATE, ONSET), curve)).toBeCloseTo(2, 0);
  });

  test('half the rate is twice the time, whichever of the two is longer', () => {
    const [fast, slow] = [30, 15].map((rate) => levelCurve(string(60, { rate }), RATE, ONSET)) as [Float64Array, Float64Array];
    expect(decayRatio(fast, slow)).toBeCloseTo(2, 1);
    expect(decayRatio(slow, fast)).toBeCloseTo(0.5, 1);
  });

  test('a beat that comes back is not the end', () => {
    const dip = Float64Array.from({ length: 100 }, (_, i) => (i === 20 ? -40 : -i * 0.3));
    const seconds = (20 / 0.3) * STEP_SECONDS;
    expect(fallOf(dip).seconds).toBeLessThan(seconds);
    expect(fallOf(dip).seconds).toBeGreaterThan(seconds - 3 * STEP_SECONDS);
  });
});

describe('attack', () => {
  test.each([0.01, 0.03])('a rise over %f s takes seven tenths of that from its first to its eighth', (attack) => {
    const measured = attackSeconds(string(72, { rate: 1, attack }), RATE, ONSET, 523);
    expect(Math.abs(measured - 0.7 * attack)).toBeLessThan(0.003);
  });

  test('a slower rise is longer by what it is slower', () => {
    const [fast, slow] = [0.01, 0.02].map((attack) => attackSeconds(string(60, { rate: 1, attack }), RATE, ONSET, 262));
    expect(slow! - fast!).toBeCloseTo(0.007, 2);
  });
});

describe('a key', () => {
  const real = { audio: string(48), onset: ONSET };

  test('is as it is', () => {
    const same = compareKey(real, real, 48, tuning);
    expect(same).toMatchObject({ note: 48, decay: 1, attack: 0, cents: 0, inharmonicity: 1 });
  });

  test('that is sharper, stiffer and shorter is found so', () => {
    const other = compareKey(real, { audio: string(48, { cents: 5, stiffness: 1.2, rate: 40 }), onset: ONSET }, 48, tuning);
    expect(other.cents).toBeGreaterThan(4);
    expect(other.cents).toBeLessThan(7);
    expect(other.inharmonicity).toBeGreaterThan(1.15);
    expect(other.inharmonicity).toBeLessThan(1.25);
    expect(other.decay).toBeCloseTo(0.5, 1);
  });

  test('is heard in the layer nearest to velocity 80', () => {
    const sample = (note: number, layer: number, velocity: number): Sample => ({ note, layer, velocity, velocityRange: [1, 127], path: '', onsetSeconds: undefined });
    const chosen = oneOfEachKey([sample(64, 1, 30), sample(64, 2, 85), sample(60, 1, 120), sample(64, 3, 100)]);
    expect(chosen.map(({ note, velocity }) => [note, velocity])).toEqual([[60, 120], [64, 85]]);
  });
});

describe('all keys', () => {
  const key = (note: number, change: Partial<KeyComparison>): KeyComparison => ({ note, decay: 1, attack: 0, cents: 0, inharmonicity: 1, curves: [new Float64Array(0), new Float64Array(0)], ...change });
  const level = (i: number): number => -20 - 0.2 * i;
  const touch = (levels: readonly number[]): VelocityResponse => ({ levels, notLouder: [], notBrighter: [], leastRise: { level: 1, centroid: 1 }, range: 20 });
  const smooth = Array.from({ length: NOTE_COUNT }, (_, i) => level(i));

  test('are counted, a ratio below one like its inverse, and what cannot be measured is not', () => {
    const report = keysReport([key(40, { decay: 1.19 }), key(41, { decay: 0.79, inharmonicity: undefined }), key(42, { attack: -0.004, cents: 2.9 })], touch(smooth));
    expect(report.decay).toEqual({ keys: 3, within: 2, worst: 0.79, worstNote: 41 });
    expect(report.attack).toEqual({ keys: 3, within: 2, worst: -0.004, worstNote: 42 });
    expect(report.inharmonicity.keys).toBe(2);
    expect(report.cents).toMatchObject({ within: 3, worst: 2.9 });
    expect(report.even.within).toBe(NOTE_COUNT);
  });

  test('a key 3 dB above the line sticks out, its neighbours by half of that', () => {
    const off = unevenness(smooth.map((value, i) => (i === 30 ? value + 3 : value)));
    expect(off[30]).toBeCloseTo(3, 9);
    expect(off[29]).toBeCloseTo(-1.5, 9);
    expect(keysReport([], touch(smooth.map((value, i) => (i === 30 ? value + 3 : value)))).even).toMatchObject({ within: NOTE_COUNT - 1, worstNote: FIRST_NOTE + 30 });
  });
});
