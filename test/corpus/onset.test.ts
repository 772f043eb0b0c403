import { describe, expect, it } from 'vitest';
import { findOnset } from '../../model/corpus/onset.ts';
import { CLIP_ONSET, CLIP_RATE, CLIP_SAMPLES, cutClip } from '../../model/corpus/notes.ts';
import { Random } from '../../model/random.ts';
import { synthesise } from './synthetic-note.ts';

const MILLISECOND = CLIP_RATE / 1000;

describe('the onset of a strike', () => {
  for (const [note, f0] of [['bass', 41], ['middle', 262], ['treble', 2093]] as const) {
    for (const lead of [5, 13, 40]) {
      it(`is found within a millisecond in the ${note} after ${lead} ms of noise`, () => {
        const clip = synthesise({ f0, inharmonicity: 4e-4, seed: lead, seconds: 0.5, lead: lead * MILLISECOND, noise: 3e-5 });
        // The bass rises over its first quarter period.
        expect(Math.abs(1000 * findOnset(clip, CLIP_RATE) - lead)).toBeLessThan(note === 'bass' ? 2 : 1);
      });
    }
  }

  it('is the blow and not the key that is heard before it', () => {
    const clip = synthesise({ f0: 262, inharmonicity: 4e-4, seed: 3, seconds: 0.5, lead: 30 * MILLISECOND, noise: 1e-5 });
    const random = new Random(9);
    const peak = clip.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    for (let n = 18 * MILLISECOND; n < 22 * MILLISECOND; n++) clip[n]! += 0.02 * peak * random.normal();
    expect(Math.abs(1000 * findOnset(clip, CLIP_RATE) - 30)).toBeLessThan(1);
  });

  it('is zero where the recording starts inside the strike, and in silence', () => {
    const clip = synthesise({ f0: 262, inharmonicity: 4e-4, seed: 3, seconds: 0.5, lead: 0, noise: 0 });
    expect(findOnset(clip.subarray(20 * MILLISECOND), CLIP_RATE)).toBe(0);
    expect(findOnset(new Float32Array(4800), CLIP_RATE)).toBe(0);
  });
});

describe('a clip', () => {
  it('has the onset 5 ms after its start, with silence where the recording has nothing', () => {
    const recording = Float32Array.from({ length: 9600 }, (_, n) => n + 1);
    expect(cutClip(recording, 0.1)[CLIP_ONSET]).toBe(4801);
    const early = cutClip(recording, 0.001);
    expect(early[CLIP_ONSET]).toBe(49);
    expect([...early.subarray(0, CLIP_ONSET - 48)].every((x) => x === 0)).toBe(true);
  });

  it('ends after 4 s at most, faded out', () => {
    const clip = cutClip(new Float32Array(10 * CLIP_RATE).fill(1), 1);
    expect(clip).toHaveLength(CLIP_SAMPLES);
    expect(clip.at(-1)).toBe(0);
    expect(clip[CLIP_SAMPLES - 2000]).toBe(1);
  });
});
