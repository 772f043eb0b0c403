import { describe, expect, it } from 'vitest';
import { etude } from '../../model/etude.ts';

describe('the étude', () => {
  const { events, seconds } = etude();
  const struck = events.flatMap((event) => (event.type === 'noteOn' ? [event] : []));

  it('strikes every key once in a minute, and none while another is down', () => {
    expect(struck.map(({ note }) => note).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 88 }, (_, key) => 21 + key));
    expect(Math.abs(seconds - 60)).toBeLessThan(0.1);
    let down: number | undefined;
    for (const event of events) {
      if (event.type === 'noteOn') {
        expect(down).toBeUndefined();
        down = event.note;
      } else if (event.type === 'noteOff') {
        expect(event.note).toBe(down);
        down = undefined;
      }
    }
  });

  it('spans keyboard and touch in each of its halves', () => {
    for (const half of [struck.filter((event) => event.seconds < 30), struck.filter((event) => event.seconds >= 30)]) {
      const notes = half.map(({ note }) => note);
      expect(Math.min(...notes)).toBeLessThan(24);
      expect(Math.max(...notes)).toBeGreaterThan(105);
      for (const low of [21, 48, 75]) {
        const velocities = half.filter(({ note }) => note >= low && note < low + 27).map(({ velocity }) => velocity);
        expect(Math.min(...velocities)).toBeLessThan(0.4);
        expect(Math.max(...velocities)).toBeGreaterThan(0.8);
      }
    }
  });
});
