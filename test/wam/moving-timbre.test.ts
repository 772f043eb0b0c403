import { describe, expect, it } from 'vitest';
import { mixModes } from '../../model/key-modes.ts';
import { interpolateStyles } from '../../model/morph.ts';
import { NOTE_COUNT } from '../../model/spec.ts';
import type { Style } from '../../model/style.ts';
import { MovingTimbre } from '../../ui/wam/moving-timbre.ts';
import type { TunableTimbre } from '../../ui/wam/protocol.ts';
import { plainStyle } from '../model/files.ts';
import { SMALL_SPEC, randomModes, randomTimbre } from '../worklet/fixtures.ts';

function piano(seed: number, pace: number): { style: Style; timbre: TunableTimbre } {
  const { embedding, keys, levels, tuning } = randomTimbre(SMALL_SPEC, seed);
  const numbers = (x: ArrayLike<number>): number[] => Array.from(x);
  const style = plainStyle({ embedding: numbers(embedding), keys: keys!.map(numbers), levels: numbers(levels!), tuning, modes: randomModes(seed), pace, room: { decaySeconds: 0.2 * seed, highDecaySeconds: 0.05, level: 0.5 } });
  return { style, timbre: { ...style, evenCents: new Array<number>(NOTE_COUNT).fill(0), pace } };
}

describe('a timbre that moves in place', () => {
  const [a, b] = [piano(1, 0.2), piano(2, -0.1)];

  it.each([0, 0.2, 0.5, 0.7, 0.9])('is what interpolateStyles makes, at %s of the way', (t) => {
    const moving = new MovingTimbre(a.timbre);
    // It comes from elsewhere, and nothing of that may be left.
    moving.set(b.timbre, a.timbre, 0.3, 0);
    moving.set(a.timbre, b.timbre, t, 0);
    const style = interpolateStyles(a.style, b.style, t);
    const same = (own: ArrayLike<number>, expected: readonly number[] = []): void =>
      Array.from(own).forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? 0, 9));
    same(moving.embedding, style.embedding);
    same(moving.levels, style.levels);
    same(moving.tuning.cents, style.tuning.cents);
    same(moving.tuning.inharmonicity, style.tuning.inharmonicity);
    moving.keys.forEach((key, i) => same(key, style.keys![i]));
    moving.modes.forEach((row, i) => {
      const { modes, share } = moving.modesTowards;
      const between = new Array<number>(Math.max(row.length, modes[i]!.length)).fill(0);
      mixModes(row, modes[i]!, share, between);
      same(between, style.modes![i]);
    });
    expect(moving.tuning.phases).toEqual(style.tuning.phases);
    expect(moving.room.decaySeconds).toBeCloseTo(style.room!.decaySeconds, 9);
  });
});
