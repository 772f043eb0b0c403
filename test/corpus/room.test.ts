import { describe, expect, it } from 'vitest';
import { measureRoom } from '../../model/corpus/room.ts';
import { CLIP_ONSET, CLIP_RATE } from '../../model/corpus/notes.ts';
import { Random } from '../../model/random.ts';

/**
 * A knock of white noise that falls by 60 dB in `seconds`, under a string of 2.5 kHz, and the noise of a recording.
 *
 * @param wet share of the knock's power that comes with the room, the rest is over in some milliseconds
 */
function strike(seconds: number, wet: number, seed: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: CLIP_ONSET + 3 * CLIP_RATE }, (_, n) => {
    const t = (n - CLIP_ONSET) / CLIP_RATE;
    const floor = 1e-5 * random.normal();
    if (t < 0) return floor;
    const room = Math.sqrt((wet * 6 * Math.LN10) / seconds) * 10 ** ((-3 * t) / seconds);
    const knock = Math.sqrt((1 - wet) / 0.002) * Math.exp(-t / 0.004);
    return 0.01 * (room + knock) * random.normal() + 0.1 * Math.exp(-4 * t) * Math.sin(2 * Math.PI * 2500 * t) + floor;
  });
}

const clips = (seconds: number, wet: number): { note: number; audio: Float32Array }[] =>
  Array.from({ length: 6 }, (_, i) => ({ note: 97 + i, audio: strike(seconds, wet, i + 1) }));

describe('the room of a recording', () => {
  it.each([0.3, 0.6, 1])('rings for the %f s for which the knock does', (seconds) => {
    const room = measureRoom(clips(seconds, 1))!;
    expect(room.decaySeconds / seconds).toBeGreaterThan(0.88);
    expect(room.decaySeconds / seconds).toBeLessThan(1.12);
  });

  it('is louder the more of the knock comes late', () => {
    const [dry, wet] = [0.2, 0.9].map((share) => measureRoom(clips(0.6, share))!.level) as [number, number];
    expect(wet).toBeGreaterThan(1.3 * dry);
    expect(wet).toBeLessThanOrEqual(1);
  });

  it('stays within what a style may hold', () => {
    expect(measureRoom(clips(6, 1))!.decaySeconds).toBe(1.2);
    expect(measureRoom(clips(0.05, 1))!.decaySeconds).toBe(0.2);
  });

  it('is not known where no high key was recorded, or too few', () => {
    expect(measureRoom([])).toBeUndefined();
    expect(measureRoom(clips(0.6, 1).map(({ audio }) => ({ note: 60, audio })))).toBeUndefined();
    expect(measureRoom(clips(0.6, 1).slice(0, 1))).toBeUndefined();
  });
});
