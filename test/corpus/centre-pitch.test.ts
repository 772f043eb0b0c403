import { describe, expect, it } from 'vitest';
import { pitchCorrection } from '../../model/corpus/centre-pitch.ts';
import { equalTemperament, typicalTuning } from '../../model/tuning.ts';
import { synthesise } from './synthetic-note.ts';

const RATE = 48000;
const LEAD = 240;
const tuning = typicalTuning();

function clip(note: number, cents: number, seed: number): Float32Array {
  return synthesise({
    f0: equalTemperament(note) * 2 ** (cents / 1200),
    inharmonicity: tuning.inharmonicity[note - 21]!,
    seed,
    seconds: 1.5,
    lead: LEAD,
    noise: 1e-5,
  });
}

describe('the last look at the pitch of a key', () => {
  it('finds how far a recording lies from the tuning, to half a cent', () => {
    for (const [note, cents] of [[30, -12], [60, 7], [90, 30], [107, -25]] as const) {
      expect(Math.abs(pitchCorrection([clip(note, cents, note)], LEAD, RATE, note, tuning) - cents)).toBeLessThan(0.5);
    }
  });

  it('goes half-way between flat and sharp recordings, and leaves out one that is far from the rest', () => {
    const clips = [-2, 0, 3, 30].map((cents, i) => clip(64, cents, i + 1));
    expect(Math.abs(pitchCorrection(clips, LEAD, RATE, 64, tuning) - 0.5)).toBeLessThan(0.5);
  });

  it('stays where nothing sounds', () => {
    expect(pitchCorrection([new Float32Array(RATE)], LEAD, RATE, 60, tuning)).toBe(0);
  });
});
