import { expect, test } from 'vitest';
import { BAR_SECONDS, playDenseBar } from '../../bench/engine/dense-bar.ts';
import { sixteenNotes } from '../../bench/engine/render-speed.ts';
import { keysFor } from '../../bench/engine/shipped-piano.ts';
import { parseMidiFile } from '../../model/performance.ts';
import { Random } from '../../model/random.ts';

test('the texture for the command line holds 15 or 16 keys at any time but its ends', () => {
  const { events } = parseMidiFile(sixteenNotes(), 'sixteen.mid');
  const held = new Set<number>();
  const counts: number[] = [];
  for (const event of events) {
    if (event.type === 'noteOn') {
      expect(held.has(event.note)).toBe(false);
      held.add(event.note);
    } else if (event.type === 'noteOff') held.delete(event.note);
    if (event.seconds > 2 && event.seconds < 15.9) counts.push(held.size);
  }
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(15);
  expect(Math.max(...counts)).toBe(16);
  expect(held.size).toBe(0);
});

test('a dense bar releases all that it strikes, and lies within its time', () => {
  const times: number[] = [];
  const keys = { on: [] as number[], off: [] as number[] };
  playDenseBar(
    {
      noteOn: (note, velocity, time) => {
        expect(velocity).toBeGreaterThan(0);
        keys.on.push(note);
        times.push(time);
      },
      noteOff: (note, time) => {
        keys.off.push(note);
        expect(time).toBeGreaterThan(times.at(-1)!);
      },
      sustain: (_, time) => void times.push(time),
    },
    new Random(1),
    10,
  );
  expect(keys.off).toEqual(keys.on);
  expect(Math.min(...times)).toBe(10);
  expect(Math.max(...times)).toBeLessThan(10 + BAR_SECONDS);
});

test('64 notes are 64 different keys of the piano, and 128 are each of them twice', () => {
  expect(new Set(keysFor(64)).size).toBe(64);
  expect(keysFor(128).slice(64)).toEqual(keysFor(64));
  expect(keysFor(128).every((note) => note >= 21 && note <= 108)).toBe(true);
});
