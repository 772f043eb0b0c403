import { describe, expect, it } from 'vitest';
import { readerOf } from '../../model/audio/mono-reader.ts';
import { LevelReader, letRing } from '../../model/transcribe/ringing.ts';

const RATE = 8000;

/** A tone that is struck at each `at`, dies away by `fall` dB a second, and is damped at `until`; noise lies under all of it. */
function strikes(seconds: number, tones: readonly { at: number; until: number; fall: number }[], noise = 1e-5): Float32Array {
  return Float32Array.from({ length: seconds * RATE }, (_, n) => {
    const t = n / RATE;
    const tone = tones.reduce((sum, { at, until, fall }) => {
      if (t < at) return sum;
      const damper = t < until ? 0 : -200 * (t - until);
      return sum + 0.3 * 10 ** ((-fall * (t - at) + damper) / 20) * Math.sin(2 * Math.PI * 440 * t);
    }, 0);
    return tone + noise * Math.sin(n * n);
  });
}

async function levelsOf(sound: Float32Array, block = 3000): Promise<readonly number[]> {
  const reader = new LevelReader(readerOf(sound), RATE);
  // Windows overlap, as those of a network do.
  for (let from = 0; from < sound.length; from += block / 2) await reader.read(from, from + block);
  return reader.levels;
}

describe('notes that ring on', () => {
  const chord = [48, 55, 64].map((note, i) => ({ note, start: 1 + 0.01 * i, end: 1.8 + 0.1 * i }));
  const next = { note: 60, start: 6, end: 6.5 };

  it('last until they are damped, where the network lost them before', async () => {
    const levels = await levelsOf(strikes(8, [{ at: 1, until: 4, fall: 8 }, { at: 6, until: 7, fall: 8 }]));
    const rung = letRing([...chord, next], levels);
    for (const { end } of rung.slice(0, 3)) expect(Math.abs(end - 4)).toBeLessThan(0.35);
    expect(Math.abs(rung[3]!.end - 7)).toBeLessThan(0.35);
  });

  it('last until the next strike where nothing damps them, and until they are gone', async () => {
    const levels = await levelsOf(strikes(12, [{ at: 1, until: 6, fall: 5 }, { at: 6, until: 12, fall: 20 }]));
    const rung = letRing([...chord, next], levels);
    for (const { end } of rung.slice(0, 3)) expect(Math.abs(end - 6)).toBeLessThan(0.35);
    expect(Math.abs(rung[3]!.end - 8.5)).toBeLessThan(0.5);
  });

  it('are as they were where they end with their sound, in a room that rings after them, and over noise', async () => {
    const short = chord.map((note) => ({ ...note, end: 2 }));
    const damped = await levelsOf(strikes(8, [{ at: 1, until: 2, fall: 8 }, { at: 6, until: 6.5, fall: 8 }]));
    const noisy = await levelsOf(strikes(8, [{ at: 1, until: 2, fall: 8 }, { at: 6, until: 6.5, fall: 8 }], 3e-3));
    const room = await levelsOf(strikes(8, [{ at: 1, until: 8, fall: 35 }, { at: 6, until: 6.5, fall: 8 }]));
    for (const levels of [damped, noisy, room]) {
      for (const { end } of letRing([...short, next], levels).slice(0, 3)) expect(Math.abs(end - 2)).toBeLessThan(0.15);
    }
  });

  it('are left alone while others are played', async () => {
    const notes = Array.from({ length: 6 }, (_, i) => ({ note: 60 + i, start: i, end: i + 1.05 }));
    const levels = await levelsOf(strikes(6, [{ at: 0, until: 6, fall: 3 }]));
    expect(letRing(notes, levels).slice(0, 5)).toEqual(notes.slice(0, 5));
    expect(letRing([], levels)).toEqual([]);
  });
});
