import { describe, expect, it } from 'vitest';
import { leftOut } from '../../model/corpus/split.ts';
import type { Sample } from '../../model/corpus/corpus.ts';

function samples(notes: readonly number[], layers: readonly number[]): Sample[] {
  return notes.flatMap((note) =>
    layers.map((layer) => ({ note, layer, velocityRange: [1, 127] as const, velocity: 80, path: '', onsetSeconds: 0 })),
  );
}

describe('what training never sees', () => {
  it('is layers 5, 10 and 15 of Salamander, on every key', () => {
    const layers = Array.from({ length: 16 }, (_, i) => i + 1);
    const all = samples([21, 24, 27, 30], layers);
    const out = all.filter(leftOut({ id: 'salamander-c5', samples: all }));
    expect(new Set(out.map((s) => s.layer))).toEqual(new Set([5, 10, 15]));
    expect(out).toHaveLength(12);
  });

  it('is every fourth sampled note of any other bank, in all its layers and whatever the order', () => {
    const all = samples([60, 21, 33, 24, 27, 30, 36, 39, 42], [1, 2]);
    const out = all.filter(leftOut({ id: 'other', samples: all }));
    expect(new Set(out.map((s) => s.note))).toEqual(new Set([30, 42]));
    expect(out).toHaveLength(4);
  });
});
