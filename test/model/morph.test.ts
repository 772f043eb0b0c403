import { describe, expect, it } from 'vitest';
import { interpolateStyles, mixStyles } from '../../model/morph.ts';
import { USUAL_ROOM } from '../../model/room.ts';
import { parseStyle, serialiseStyle, type Style } from '../../model/style.ts';
import { PLAIN_VOICING, VOICING_CURVES } from '../../model/voicing.ts';
import { randomModes, randomVoicing } from '../worklet/fixtures.ts';
import { plainStyle } from './files.ts';

const tuning = (cents: number, inharmonicity: number): { cents: number[]; inharmonicity: number[] } => ({
  cents: new Array<number>(88).fill(cents),
  inharmonicity: new Array<number>(88).fill(inharmonicity),
});

describe('interpolateStyles', () => {
  const a = plainStyle({ embedding: [0, 1, 2], tuning: tuning(-10, 1e-4), credit: 'A' });
  const b = plainStyle({ id: 'other', embedding: [4, 1, -2], tuning: tuning(30, 4e-4), credit: 'B' });

  it('gives the two ends exactly', () => {
    expect(interpolateStyles(a, b, 0)).toEqual(a);
    expect(interpolateStyles(a, b, 1)).toEqual(b);
  });

  it('goes straight in embedding and cents, and by ratio in inharmonicity', () => {
    const half = interpolateStyles(a, b, 0.5);
    expect(half.embedding).toEqual([2, 1, 0]);
    expect(half.tuning.cents[40]).toBe(10);
    expect(half.tuning.inharmonicity[40]).toBeCloseTo(2e-4, 12);
    const along = [0, 0.2, 0.4, 0.6, 0.8, 1].map((t) => interpolateStyles(a, b, t).embedding[0]!);
    // Mirrored, always forward, and slowest half-way, where the sound changes most.
    along.forEach((value, i) => expect(value + along[5 - i]!).toBeCloseTo(4, 12));
    const steps = along.slice(1).map((value, i) => value - along[i]!);
    expect(Math.min(...steps)).toBe(steps[2]);
    expect(steps[2]).toBeGreaterThan(0.3);
  });

  it('leaves a piano slowly near which the sound changes fast', () => {
    const hasty = { ...a, pace: 0.4 };
    const along = (from: Style, to: Style): number[] => [0, 0.2, 0.4, 0.6, 0.8, 1].map((t) => interpolateStyles(from, to, t).embedding[0]! / 4);
    const [plain, left, reached] = [along(a, b), along(hasty, b), along(b, hasty)];
    [1, 2, 3, 4].forEach((i) => {
      expect(left[i]!).toBeLessThan(plain[i]! - 0.02);
      // The same way from the other end.
      expect(reached[5 - i]!).toBeCloseTo(left[i]!, 12);
    });
    // Between two that are alike in this, nothing changes.
    expect(along(hasty, { ...b, pace: 0.4 })).toEqual(plain);
    expect(interpolateStyles(hasty, b, 0.5).pace).toBeGreaterThan(0);
  });

  it('goes straight from a voicing to none', () => {
    const voicing = randomVoicing(3);
    const half = interpolateStyles(plainStyle({ ...a, voicing }), b, 0.5).voicing!;
    for (const name of VOICING_CURVES) half[name].forEach((row, r) => row.forEach((value, i) => expect(value).toBeCloseTo(voicing[name][r]![i]! / 2, 12)));
    expect(interpolateStyles(plainStyle({ ...a, voicing }), plainStyle({ ...b, voicing: PLAIN_VOICING }), 0.5).voicing).toEqual(half);
    expect('voicing' in interpolateStyles(a, b, 0.5)).toBe(false);
  });

  it('goes straight from what is known of a key to nothing', () => {
    const modes = randomModes(2);
    const half = interpolateStyles(plainStyle({ ...a, modes }), b, 0.5).modes!;
    half.forEach((row, key) => expect(row).toEqual(modes[key]!.map((value) => value / 2)));
    expect(parseStyle(serialiseStyle(plainStyle({ ...a, modes: half })), 'half.json').modes).toEqual(half);
    expect('modes' in interpolateStyles(a, b, 0.5)).toBe(false);
  });

  it('names both credits and remains a style', () => {
    const half = interpolateStyles(a, b, 0.5);
    expect(half.credit).toBe('A; B');
    expect(parseStyle(serialiseStyle(half), 'half.json')).toEqual(half);
  });

  it('refuses styles of different models', () => {
    expect(() => interpolateStyles(a, plainStyle({ model: 'other-1' }), 0.5)).toThrow(RangeError);
  });
});

describe('mixStyles', () => {
  const parts = [[3, 0, 0], [0, 3, 0], [0, 0, 3]].map((embedding, i) => plainStyle({ id: `p${i}`, embedding }));
  const embeddingOf = (order: readonly number[], shares: readonly number[]): readonly number[] =>
    mixStyles(order.map((i) => ({ style: parts[i]!, share: shares[i]! }))).embedding;

  it('is interpolateStyles for two, and one piano where it has all', () => {
    expect(embeddingOf([0, 1], [3, 1])).toEqual(interpolateStyles(parts[0]!, parts[1]!, 0.25).embedding);
    expect(embeddingOf([0, 1, 2], [0, 5, 0])).toEqual([0, 3, 0]);
  });

  it('mixes three to equal parts, in whatever order', () => {
    for (const value of embeddingOf([0, 1, 2], [1, 1, 1])) expect(value).toBeCloseTo(1, 12);
    embeddingOf([0, 1, 2], [1, 2, 4]).forEach((value, i) => expect(embeddingOf([2, 0, 1], [1, 2, 4])[i]).toBeCloseTo(value, 12));
  });

  it('knows of paces, and is still interpolateStyles for two, and the same in whatever order', () => {
    const paced = parts.map((style, i) => ({ ...style, pace: 0.3 * i - 0.2 }));
    const mixed = (order: readonly number[], shares: readonly number[]): readonly number[] => mixStyles(order.map((i) => ({ style: paced[i]!, share: shares[i]! }))).embedding;
    mixed([0, 1], [3, 1]).forEach((value, i) => expect(value).toBeCloseTo(interpolateStyles(paced[0]!, paced[1]!, 0.25).embedding[i]!, 12));
    mixed([0, 1, 2], [1, 2, 4]).forEach((value, i) => expect(mixed([2, 0, 1], [1, 2, 4])[i]).toBeCloseTo(value, 12));
    const [slow, , hasty] = mixed([0, 1, 2], [1, 1, 1]);
    expect(hasty).toBeGreaterThan(slow! + 0.3);
  });
});

describe('the room between two pianos', () => {
  it('rings for a time in equal ratios, and where one piano knows no room it has the usual one', () => {
    const [small, large] = [0.3, 1.2].map((decaySeconds) => plainStyle({ room: { decaySeconds, highDecaySeconds: decaySeconds / 10, level: decaySeconds / 2 } }));
    const between = interpolateStyles(small!, large!, 0.5).room!;
    expect(between.decaySeconds).toBeCloseTo(0.6, 9);
    expect(between.highDecaySeconds).toBeCloseTo(0.06, 9);
    expect(between.level).toBeCloseTo(0.375, 9);
    expect(interpolateStyles(plainStyle({}), large!, 0.5).room!.decaySeconds).toBeCloseTo(Math.sqrt(USUAL_ROOM.decaySeconds * 1.2), 9);
    expect(interpolateStyles(plainStyle({}), plainStyle({}), 0.5).room).toBeUndefined();
  });
});
