import { describe, expect, it } from 'vitest';
import { mixModes } from '../../model/key-modes.ts';
import type { Timbre } from '../../worklet/engine/strike.ts';
import { SMALL_SPEC, distance, peakOf, randomModes, randomTimbre, render, smallPiano } from './fixtures.ts';

describe('a key whose strings were measured', () => {
  const style = randomTimbre(SMALL_SPEC, 2);
  const [own, other] = [randomModes(3), randomModes(4)];
  const played = (timbre: Partial<Timbre>): Float32Array => {
    const piano = smallPiano({ style: { ...style, ...timbre } });
    for (const note of [30, 43, 62]) piano.noteOn(note, 0.8, 0);
    return render(piano, 24000);
  };

  it('sounds on the way to another piano as one whose strings were mixed before', () => {
    const mixed = own.map((row, key) => {
      const between = new Array<number>(Math.max(row.length, other[key]!.length)).fill(0);
      mixModes(row, other[key]!, 0.4, between);
      return between;
    });
    const moving = played({ modes: own, modesTowards: { modes: other, share: 0.4 } });
    const peak = peakOf(moving);
    expect(distance(moving, played({ modes: mixed }))).toBeLessThan(1e-6 * peak);
    expect(distance(moving, played({ modes: own }))).toBeGreaterThan(0.01 * peak);
  });

  it('forgets them with the next piano', () => {
    const piano = smallPiano({ style: { ...style, modes: own, modesTowards: { modes: other, share: 0.4 } } });
    piano.setStyle(style);
    piano.noteOn(43, 0.8, 0);
    const fresh = smallPiano({ style });
    fresh.noteOn(43, 0.8, 0);
    const [a, b] = [render(piano, 9600), render(fresh, 9600)];
    expect(distance(a, b)).toBeLessThan(1e-6 * peakOf(b));
  });
});
