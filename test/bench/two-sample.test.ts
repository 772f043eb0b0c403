import { describe, expect, test } from 'vitest';
import { trainClassifier } from '../../bench/quality/classifier.ts';
import { CLIP_LENGTH, CLIP_RATE } from '../../bench/quality/distances.ts';
import { fingerprint } from '../../bench/quality/fingerprint.ts';
import { accuracy, tellApart, type Pair } from '../../bench/quality/two-sample.ts';
import { Random } from '../../model/random.ts';
import { equalTemperament } from '../../model/tuning.ts';

const VELOCITY = 80;
/** Deviation of the share of heads in as many throws as there are independent strikes. */
const COIN = Math.sqrt(0.25 / 160);
const KEYS = Array.from({ length: 80 }, (_, i) => 24 + i);

/** Strings and noise of one piano; `seed` draws its phases, its noise and what its keys differ by. */
function strike(note: number, seed: number): Float64Array {
  const random = new Random(1000 * seed + note);
  const out = Float64Array.from({ length: CLIP_LENGTH }, (_, n) => (n < 96 ? 0 : 0.002 * random.normal() * Math.exp(-(n - 96) / 2400)));
  const f0 = equalTemperament(note);
  for (let k = 1; k * f0 < 11000 && k <= 30; k++) {
    const amplitude = (1 + 0.15 * random.normal()) / k;
    const phase = random.between(0, 2 * Math.PI);
    const decay = 2 + 0.3 * k;
    const step = (2 * Math.PI * k * f0) / CLIP_RATE;
    for (let n = 96; n < CLIP_LENGTH; n++) out[n]! += 0.1 * amplitude * Math.exp((-decay * (n - 96)) / CLIP_RATE) * Math.sin(phase + step * (n - 96));
  }
  return out;
}

/** One pole: treble above 1 kHz is raised against the bass by `decibels`. */
function tilted(clip: Float64Array, decibels: number): Float64Array {
  const share = 1 - Math.exp((-2 * Math.PI * 1000) / CLIP_RATE);
  const gain = 10 ** (decibels / 20);
  let low = 0;
  return clip.map((x) => {
    low += share * (x - low);
    return low + gain * (x - low);
  });
}

/** Two poles at 3 kHz. */
function muffled(clip: Float64Array): Float64Array {
  const share = 1 - Math.exp((-2 * Math.PI * 3000) / CLIP_RATE);
  let [first, second] = [0, 0];
  return clip.map((x) => {
    first += share * (x - first);
    second += share * (first - second);
    return second;
  });
}

const piano = KEYS.map((note) => strike(note, 1));
const again = KEYS.map((note) => strike(note, 2));

function pairs(change: (clip: Float64Array) => Float64Array, part: 'second' | 'attack'): Pair[] {
  return KEYS.map((note, i) => ({
    note,
    a: fingerprint(piano[i]!, note, VELOCITY)[part],
    b: fingerprint(change(again[i]!), note, VELOCITY)[part],
  }));
}

describe.each(['second', 'attack'] as const)('by the %s', (part) => {
  test('nobody tells two draws of one piano apart', () => {
    const share = accuracy(tellApart(pairs((clip) => clip, part)));
    expect(Math.abs(share - 0.5)).toBeLessThan(2.5 * COIN);
  });

  test('a tilt of 3 dB is told', () => {
    expect(accuracy(tellApart(pairs((clip) => tilted(clip, 3), part)))).toBeGreaterThan(0.5 + 3 * COIN);
  });

  test('a low-pass is heard far more often than not', () => {
    expect(accuracy(tellApart(pairs(muffled, part)))).toBeGreaterThan(0.85);
  });

  test('level is none of the things that tell', () => {
    const plain = fingerprint(piano[10]!, 50, VELOCITY)[part];
    const quiet = fingerprint(piano[10]!.map((x) => 0.1 * x), 50, VELOCITY)[part];
    plain.forEach((value, i) => expect(quiet[i]!).toBeCloseTo(value, 6));
  });
});

test('a classifier learns an exclusive or, and noise teaches it nothing about what it has not seen', () => {
  const random = new Random(3);
  const draw = (truth: (x: number, y: number) => boolean): { features: Float64Array; label: 0 | 1 }[] =>
    Array.from({ length: 400 }, () => {
      const [x, y] = [random.between(-1, 1), random.between(-1, 1)];
      return { features: Float64Array.of(x, y), label: truth(x, y) ? 1 : 0 };
    });
  const share = (truth: (x: number, y: number) => boolean): number => {
    const classify = trainClassifier(draw(truth), 1);
    return accuracy(draw(truth).map(({ features, label }) => Number(classify(features) > 0 === (label === 1))));
  };
  expect(share((x, y) => x * y > 0)).toBeGreaterThan(0.85);
  expect(Math.abs(share(() => random.chance(0.5)) - 0.5)).toBeLessThan(0.08);
});

test('all strikes of a key stand on one side: what a key alone has cannot be used', () => {
  // Each key carries a mark of its own that says which kind it is; over keys the marks say nothing.
  const random = new Random(5);
  const marked = Array.from({ length: 30 }, (_, key) => {
    const mark = Float64Array.from({ length: 12 }, () => random.normal());
    return [0, 1, 2, 3].map(() => ({ note: key, a: mark, b: mark.map((x) => -x) }));
  }).flat();
  expect(Math.abs(accuracy(tellApart(marked)) - 0.5)).toBeLessThan(0.12);
});

test('one key alone is refused', () => {
  expect(() => tellApart([{ note: 60, a: Float64Array.of(0), b: Float64Array.of(1) }])).toThrow('two keys');
});
