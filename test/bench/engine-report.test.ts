import { describe, expect, test } from 'vitest';
import { distributionOf } from '../../bench/engine/distribution.ts';
import type { LiveRun } from '../../bench/engine/live.ts';
import { sectionsOf } from '../../bench/engine/report-sections.ts';
import { wasDisturbed, waveNetSpread, type EngineReport } from '../../bench/engine/report.ts';
import { tableOf } from '../../bench/engine/table.ts';

const calm = { underruns: 0, underrunSeconds: 0, lostSeconds: 0 };
const run: LiveRun = { ...calm, seconds: 30, stormMessages: 0, voices: 32, mostVoices: 48, load: 0.1, worstLoad: 0.2, economy: 0 };
const quanta = { wall: distributionOf([0.1, 0.2]), cpu: distributionOf([0.1, 0.2]), interrupted: 0, thread: 0.2 };
const good: EngineReport = {
  machine: { browser: '1', node: 'v20', cores: 2, busyBefore: 0 },
  control: { seconds: 20, before: calm, after: calm },
  offline: { 1: { realTimeFactor: 30, voices: 1 }, 32: { realTimeFactor: 9, voices: 32 } },
  waveNet: {
    1: { whole: 0.03, withoutWaveNet: 0.01, waveNet: 0.02, voices: 1 },
    64: { whole: 0.1, withoutWaveNet: 0.078, waveNet: 0.022, voices: 64 },
  },
  silence: { playing: 4, ringing: 4, silent: 0.5 },
  liveLatency: { timedFrames: distributionOf([1]), untimedMilliseconds: distributionOf([5]), outputMilliseconds: 30 },
  startUp: { script: 50, weights: 100, kernelCompile: 0.5, ready: 250, firstSound: 260 },
  render: 16,
  rates: {
    48000: {
      realTimeFactor: 9,
      latency: { firstSound: distributionOf([1]), audible: distributionOf([2]), stated: 0 },
      live: { ...calm, seconds: 60, dense: run, storm: { ...run, stormMessages: 60000 }, memoryGrowthBytes: 0, quanta: { dense: quanta, storm: quanta } },
    },
  },
};

const missed = (report: EngineReport): string[] =>
  sectionsOf(report).flatMap(({ rows }) => rows.flatMap(({ what, bar }) => (bar?.met === false ? [what.trim()] : [])));

/** The good report with the live part at 48 kHz changed. */
function withLive(change: Partial<EngineReport['rates'][number]['live']>): EngineReport {
  const rate = good.rates[48000]!;
  return { ...good, rates: { 48000: { ...rate, live: { ...rate.live, ...change } } } };
}

describe('the report of the engine', () => {
  test('misses no bar where all is well', () => {
    expect(missed(good)).toEqual([]);
  });

  test.each<[string, EngineReport]>([
    ['32 notes', { ...good, offline: { 32: { realTimeFactor: 3.9, voices: 32 } } }],
    ['anypiano render in Node, 16 notes', { ...good, render: 9.9 }],
    ['dense', withLive({ dense: { ...run, underruns: 1 } })],
    ['dense under a storm', withLive({ storm: { ...run, underruns: undefined } })],
    ['live at 48 kHz, 1 strikes', { ...good, liveLatency: { ...good.liveLatency, timedFrames: distributionOf([129]) } }],
    ['live at 48 kHz, 1 strikes', { ...good, liveLatency: { ...good.liveLatency, timedFrames: distributionOf([-1]) } }],
    ['dearest over cheapest', { ...good, waveNet: { ...good.waveNet, 64: { ...good.waveNet[64]!, waveNet: 0.03 } } }],
    ['pedal up: silence', { ...good, silence: { playing: 4, ringing: 4, silent: 5 } }],
    ['tails under the pedal', { ...good, silence: { playing: 4, ringing: 9, silent: 1 } }],
    ['storm, in processor time', withLive({ quanta: { dense: quanta, storm: { ...quanta, cpu: distributionOf([0.1, 1.1]) } } })],
  ])('misses the bar of "%s" alone where that fails', (what, report) => {
    expect(missed(report)).toEqual([what]);
  });

  test('spreads the WaveNet from its cheapest load to its dearest', () => {
    expect(waveNetSpread(good.waveNet)).toBeCloseTo(1.1, 9);
  });

  test('says that others disturbed the run where an idle context suffered, a quantum was interrupted or the machine stood still', () => {
    expect(wasDisturbed(good)).toBe(false);
    expect(wasDisturbed({ ...good, control: { ...good.control, after: { ...calm, underruns: 2 } } })).toBe(true);
    expect(wasDisturbed(withLive({ quanta: { dense: { ...quanta, interrupted: 1 }, storm: quanta } }))).toBe(true);
    expect(wasDisturbed(withLive({ lostSeconds: 2 }))).toBe(true);
  });

  test('does not blame others where the piano itself fell behind', () => {
    expect(wasDisturbed(withLive({ lostSeconds: 2, underruns: 40 }))).toBe(false);
  });
});

test('a table marks the bar that is missed, in columns', () => {
  const rows = [
    { what: 'short', measured: '5 s', bar: { text: 'at most 9', met: true } },
    { what: 'a longer one', measured: '11 s', bar: { text: 'at most 9', met: false } },
    { what: 'no bar', measured: '1' },
  ];
  const lines = tableOf([{ title: 'Title', rows }]);
  expect(lines[0]).toBe('Title');
  expect(lines[1]!.indexOf('bar: at most 9')).toBe(lines[2]!.indexOf('bar: at most 9'));
  expect(lines[1]).toMatch(/short +5 s +ok +bar/);
  expect(lines[2]).toMatch(/a longer one +11 s +MISSED +bar/);
  expect(lines[3]).toMatch(/no bar +1$/);
});
