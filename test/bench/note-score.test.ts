import { describe, expect, it } from 'vitest';
import { scoreNotes } from '../../bench/quality/note-score.ts';
import { Sampler } from '../../bench/quality/sampler.ts';
import { CLIP_ONSET, CLIP_RATE, type Clip } from '../../model/corpus/notes.ts';
import type { Performance, PerformanceEvent } from '../../model/performance.ts';
import { sine } from '../model/audio/fixtures.ts';

const performance = (events: readonly PerformanceEvent[]): Performance => ({ name: 'p', seconds: 3, events });
const strikes = (...list: readonly (readonly [seconds: number, note: number, velocity: number])[]): Performance =>
  performance(list.map(([seconds, note, velocity]) => ({ seconds, type: 'noteOn', note, velocity })));

describe('the score of a transcription', () => {
  const truth = strikes([0.5, 60, 0.2], [1, 64, 0.4], [1.5, 67, 0.6], [2, 72, 0.8]);

  it('is full for the truth itself', () => {
    expect(scoreNotes(truth, truth)).toEqual({ precision: 1, recall: 1, f1: 1, velocity: expect.closeTo(1, 12) as number });
  });

  it('counts what is late, wrong, missing and heard twice', () => {
    const heard = strikes([0.54, 60, 0.9], [1.06, 64, 0.4], [1.5, 68, 0.6], [1.99, 72, 0.1], [2.01, 72, 0.1], [2.5, 50, 0.5]);
    const { precision, recall, f1, velocity } = scoreNotes(truth, heard);
    expect([precision, recall]).toEqual([2 / 6, 2 / 4]);
    expect(f1).toBeCloseTo((2 * (1 / 3) * (1 / 2)) / (1 / 3 + 1 / 2), 12);
    expect(velocity).toBeCloseTo(-1, 12);
  });

  it('is zero where nothing is heard', () => {
    expect(scoreNotes(truth, strikes())).toEqual({ precision: 0, recall: 0, f1: 0, velocity: 0 });
  });
});

describe('the sampler', () => {
  const audio = new Float32Array(CLIP_RATE);
  audio.set(sine(440, CLIP_RATE, CLIP_RATE - CLIP_ONSET), CLIP_ONSET);
  const clip = { sample: { note: 69, velocity: 64 }, gain: 0, audio } as unknown as Clip;
  const play = (events: readonly PerformanceEvent[]): Float32Array => new Sampler([clip]).play(performance(events), 2);
  const level = (sound: Float32Array, from: number): number => {
    const part = sound.subarray(from * CLIP_RATE, (from + 0.05) * CLIP_RATE);
    return 10 * Math.log10(part.reduce((sum, sample) => sum + sample ** 2, 1e-12) / part.length);
  };

  it('plays recordings at their time, and at the pitch of other keys', () => {
    const strike = (note: number): Float32Array => play([{ seconds: 0.5, type: 'noteOn', note, velocity: 64 / 127 }]);
    expect(strike(69).findIndex((sample) => sample !== 0)).toBeGreaterThanOrEqual(0.5 * CLIP_RATE);
    expect(level(strike(69), 0.6)).toBeCloseTo(-9, 0);
    const crossings = (sound: Float32Array): number => sound.subarray(0.6 * CLIP_RATE, 0.8 * CLIP_RATE).reduce((sum, sample, n, all) => sum + Number(sample >= 0 && (all[n - 1] ?? 0) < 0), 0);
    expect(crossings(strike(69))).toBeCloseTo(88, -1);
    expect(crossings(strike(81))).toBeCloseTo(176, -1);
  });

  it('is softer at a lower velocity, damped when the key comes up, and not under the pedal', () => {
    const down: PerformanceEvent = { seconds: 0.1, type: 'noteOn', note: 69, velocity: 64 / 127 };
    const up: PerformanceEvent = { seconds: 0.3, type: 'noteOff', note: 69 };
    const pedal: PerformanceEvent = { seconds: 0, type: 'control', controller: 64, value: 127 };
    expect(level(play([{ ...down, velocity: 32 / 127 }]), 0.2)).toBeCloseTo(level(play([down]), 0.2) - (36 * 32) / 127, 1);
    expect(level(play([down, up]), 0.8)).toBeLessThan(level(play([down]), 0.8) - 60);
    expect(level(play([pedal, down, up]), 0.8)).toBeCloseTo(level(play([down]), 0.8), 5);
  });
});
