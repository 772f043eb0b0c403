import { expect, test } from 'vitest';
import { PlaybackGaps } from '../../ui/playback-gaps.ts';

test('gaps are told for ten seconds, those of its first two seconds are not, and without the browser’s count there are none', () => {
  const playbackStats = { underrunEvents: 7 };
  const gaps = new PlaybackGaps({ playbackStats } as unknown as AudioContext);
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
  expect(new PlaybackGaps({} as AudioContext).recent(0)).toBe(0);
});
