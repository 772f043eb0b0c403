import { expect, test } from 'vitest';
import { PlaybackGaps } from '../../ui/playback-gaps.ts';

test('gaps are told for ten seconds, those of the first two seconds in which it runs are not, and without the browser’s count there are none', () => {
  const playbackStats = { underrunEvents: 5 };
  const context = { playbackStats, state: 'suspended' };
  const gaps = new PlaybackGaps(context as unknown as AudioContext);
  expect(gaps.recent(-20)).toBe(0);
  playbackStats.underrunEvents = 7;
  expect(gaps.recent(-10)).toBe(0);
  context.state = 'running';
  expect(gaps.recent(-9)).toBe(0);
  playbackStats.underrunEvents = 8;
  expect(gaps.recent(-8)).toBe(0);
  playbackStats.underrunEvents = 10;
  expect(gaps.recent(1)).toBe(2);
  playbackStats.underrunEvents = 11;
  expect(gaps.recent(6)).toBe(3);
  expect(gaps.recent(10.5)).toBe(3);
  expect(gaps.recent(11)).toBe(1);
  expect(gaps.recent(16)).toBe(0);
  expect(new PlaybackGaps({ state: 'running' } as AudioContext).recent(0)).toBe(0);
});
