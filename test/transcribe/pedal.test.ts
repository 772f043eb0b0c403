import { describe, expect, it } from 'vitest';
import { findPedal } from '../../model/transcribe/pedal.ts';
import type { HeardNote } from '../../model/transcribe/transcriber.ts';

const scale = (seconds: number): HeardNote[] => Array.from({ length: 8 }, (_, i) => ({ note: 60 + i, start: 0.5 * i, end: 0.5 * i + seconds }));

describe('the pedal', () => {
  it('is down while notes ring on that no finger holds, and up before the next ones do', () => {
    const notes = [
      { note: 48, start: 1, end: 2.9 },
      { note: 55, start: 1.5, end: 2.9 },
      { note: 60, start: 2, end: 3 },
      { note: 50, start: 4, end: 5.8 },
      { note: 57, start: 4.5, end: 6 },
    ];
    const strokes = findPedal(notes);
    expect(strokes).toHaveLength(2);
    const [first, second] = strokes as [(typeof strokes)[0], (typeof strokes)[0]];
    // After the strike that it holds, and as long as that is heard.
    expect(first.down).toBeGreaterThan(1);
    expect(first.down).toBeLessThan(1.1);
    expect(first.up).toBe(2.9);
    expect(second.down).toBeGreaterThan(4);
    expect(second.up).toBe(5.8);
  });

  it('is not needed for what hands can play: a scale, also legato, a chord, two hands far apart', () => {
    expect(findPedal(scale(0.45))).toEqual([]);
    expect(findPedal(scale(0.6))).toEqual([]);
    expect(findPedal([60, 64, 67].map((note, i) => ({ note, start: 0.02 * i, end: 3 })))).toEqual([]);
    expect(findPedal([{ note: 36, start: 0, end: 4 }, ...scale(0.45)])).toEqual([]);
    expect(findPedal([])).toEqual([]);
  });

  it('never goes down before it came up', () => {
    const strokes = findPedal(scale(1.2).concat(scale(1.2).map(({ note, start, end }) => ({ note: note - 5, start: start + 5, end: end + 5 }))));
    expect(strokes.length).toBeGreaterThan(1);
    strokes.forEach(({ down, up }, i) => {
      expect(up).toBeGreaterThan(down);
      if (i > 0) expect(down).toBeGreaterThan(strokes[i - 1]!.up);
    });
  });
});
