import { expect, test } from 'vitest';
import type { Performance } from '../../model/performance.ts';
import { LOOK_AHEAD_SECONDS, PerformancePlayer, type PerformanceSink } from '../../ui/performance-player.ts';

type Sent = [what: string, key: number, time: number];

/** A sink that notes what it is sent, and a clock that the test turns. */
function stage(): { sink: PerformanceSink; sent: Sent[]; clock: { now: number } } {
  const sent: Sent[] = [];
  const sink: PerformanceSink = {
    noteOn: (note, _velocity, time) => sent.push(['on', note, time]),
    noteOff: (note, time) => sent.push(['off', note, time]),
    control: (controller, value, time) => sent.push([`control ${value}`, controller, time]),
    bend: (cents, note, time) => sent.push([`bend ${cents}`, note ?? 0, time]),
  };
  return { sink, sent, clock: { now: 10 } };
}

/** A note each half second, held for a quarter. */
function scale(notes: number): Performance {
  const events = Array.from({ length: notes }, (_, i) => [
    { seconds: i / 2, type: 'noteOn' as const, note: 60 + i, velocity: 0.5 },
    { seconds: i / 2 + 0.25, type: 'noteOff' as const, note: 60 + i },
  ]).flat();
  return { name: 'scale', seconds: events.at(-1).seconds, events };
}

function run(player: PerformancePlayer, clock: { now: number }, seconds: number, step = 0.03): void {
  for (let left = seconds; left > 0; left -= step) {
    clock.now += step;
    player.advance();
  }
}

test('events are sent once, in time, and ahead of their time', () => {
  const { sink, sent, clock } = stage();
  const player = new PerformancePlayer(scale(8), { ...sink, noteOn: (note, velocity, time) => {
    expect(time).toBeGreaterThanOrEqual(clock.now);
    expect(time).toBeLessThanOrEqual(clock.now + LOOK_AHEAD_SECONDS);
    sink.noteOn(note, velocity, time);
  } }, () => clock.now);
  player.play();
  run(player, clock, 5);
  const strikes = sent.filter(([what]) => what === 'on');
  expect(strikes.map(([, note]) => note)).toEqual([60, 61, 62, 63, 64, 65, 66, 67]);
  strikes.forEach(([, , time], i) => expect(time).toBeCloseTo(10 + LOOK_AHEAD_SECONDS + i / 2, 9));
});

test.each([
  [7, 127],
  [11, 127],
  [66, 0],
  [67, 0],
])('controller %d, once moved, is back at %d after it, and after a pause where it was', (controller, rest) => {
  const { sink, sent, clock } = stage();
  const { events, ...scaled } = scale(8);
  const player = new PerformancePlayer({ ...scaled, events: [{ seconds: 0, type: 'control', controller, value: 50 }, ...events] }, sink, () => clock.now);
  const moves = (): string[] => sent.flatMap(([what, key]) => (key === controller && what.startsWith('control') ? [what] : []));
  player.play();
  run(player, clock, 1);
  player.pause();
  expect(moves()).toEqual(['control 50', `control ${rest}`]);
  player.play();
  run(player, clock, 5);
  expect(moves()).toEqual(['control 50', `control ${rest}`, 'control 50', `control ${rest}`]);
});

test('at its end it stops by itself, lets go, and starts again from the beginning', () => {
  const { sink, sent, clock } = stage();
  const player = new PerformancePlayer(scale(2), sink, () => clock.now);
  player.play();
  run(player, clock, 3);
  expect(player.playing).toBe(false);
  expect(player.position).toBe(0.75);
  expect(sent.slice(-2).map(([what, controller]) => [what, controller])).toEqual([['control 0', 64], ['control 0', 123]]);
  sent.length = 0;
  player.play();
  run(player, clock, 3);
  expect(sent.filter(([what]) => what === 'on')).toHaveLength(2);
});

test('a pause lets go of keys and pedal after the last event that was sent, and no event is lost or doubled', () => {
  const { sink, sent, clock } = stage();
  const player = new PerformancePlayer(scale(6), sink, () => clock.now);
  player.play();
  run(player, clock, 1.1);
  player.pause();
  const release = sent.at(-1);
  expect(sent.slice(0, -2).every(([, , time]) => time <= release[2])).toBe(true);
  clock.now += 60;
  player.play();
  run(player, clock, 5);
  expect(sent.filter(([what]) => what === 'on').map(([, note]) => note)).toEqual([60, 61, 62, 63, 64, 65]);
});

test('after a page slept, the music goes on where it was and does not catch up in a burst', () => {
  const { sink, sent, clock } = stage();
  const player = new PerformancePlayer(scale(8), sink, () => clock.now);
  player.play();
  run(player, clock, 1);
  clock.now += 2;
  const before = sent.length;
  player.advance();
  expect(sent.length - before).toBeLessThanOrEqual(1);
  run(player, clock, 6);
  const times = sent.filter(([what]) => what === 'on').map(([, , time]) => time);
  expect(times).toHaveLength(8);
  for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBeGreaterThan(0.49);
});

test('seeking restores the pedal and strikes nothing that lies before the place', () => {
  const { sink, sent, clock } = stage();
  const { events, seconds } = scale(6);
  const pedalled: Performance = { name: 'pedal', seconds, events: [{ seconds: 0, type: 'control', controller: 64, value: 90 }, ...events] };
  const player = new PerformancePlayer(pedalled, sink, () => clock.now);
  player.play();
  run(player, clock, 0.2);
  sent.length = 0;
  player.seek(2);
  run(player, clock, 0.4);
  expect(sent).toContainEqual(['control 90', 64, expect.any(Number)]);
  expect(sent.filter(([what]) => what === 'on').map(([, note]) => note)).toEqual([64]);
  const released = sent.find(([what, controller]) => what === 'control 0' && controller === 123)!;
  const struck = sent.find(([what]) => what === 'on')!;
  expect(struck[2]).toBeGreaterThanOrEqual(released[2]);
});

test('the position runs with the clock and stays within the performance', () => {
  const { sink, clock } = stage();
  const player = new PerformancePlayer(scale(4), sink, () => clock.now);
  expect(player.position).toBe(0);
  player.seek(-5);
  expect(player.position).toBe(0);
  player.seek(99);
  expect(player.position).toBe(1.75);
  player.seek(0);
  player.play();
  run(player, clock, 1);
  expect(player.position).toBeCloseTo(1 - LOOK_AHEAD_SECONDS, 1);
});

test('at half the tempo notes lie twice as far apart, and a change takes effect without a jump', () => {
  const { sink, sent, clock } = stage();
  const player = new PerformancePlayer(scale(8), sink, () => clock.now);
  player.tempo = 0.5;
  player.play();
  run(player, clock, 2.1);
  const before = player.position;
  player.tempo = 2;
  expect(player.position).toBeCloseTo(before, 0);
  run(player, clock, 4);
  const times = sent.filter(([what]) => what === 'on').map(([, , time]) => time);
  expect(times).toHaveLength(8);
  expect(times[1]! - times[0]!).toBeCloseTo(1, 9);
  expect(times.at(-1)! - times.at(-2)!).toBeCloseTo(0.25, 9);
  for (let i = 1; i < times.length; i++) expect(times[i]!).toBeGreaterThan(times[i - 1]!);
});

test('a loop returns to its start on time, and lets go of the keys that its end cuts off', () => {
  const { sink, sent, clock } = stage();
  const player = new PerformancePlayer(scale(8), sink, () => clock.now);
  // The third note is cut off in the middle.
  player.loop = { start: 0.5, end: 1.1 };
  player.play();
  run(player, clock, 3);
  const strikes = sent.filter(([what]) => what === 'on');
  expect(strikes.slice(0, 6).map(([, note]) => note)).toEqual([61, 62, 61, 62, 61, 62]);
  expect(strikes[2]![2] - strikes[0]![2]).toBeCloseTo(0.6, 9);
  const cut = sent.find(([what, note]) => what === 'off' && note === 62)!;
  expect(cut[2]).toBeCloseTo(strikes[1]![2] + 0.1, 9);
  expect(player.position).toBeGreaterThanOrEqual(0.5);
  expect(player.position).toBeLessThanOrEqual(1.1);
  player.loop = undefined;
  run(player, clock, 6);
  expect(player.playing).toBe(false);
  expect(sent.filter(([what]) => what === 'on').at(-1)![1]).toBe(67);
});

test('a loop that is set behind the place takes the music back', () => {
  const { sink, sent, clock } = stage();
  const player = new PerformancePlayer(scale(8), sink, () => clock.now);
  player.play();
  run(player, clock, 3);
  player.loop = { start: 0, end: 1 };
  sent.length = 0;
  run(player, clock, 0.5);
  expect(sent.find(([what]) => what === 'on')![1]).toBe(60);
  expect(player.position).toBeLessThan(1);
});

test('bends are sent in time, go where playing stops, and stand as they were where it begins later', () => {
  const { sink, sent, clock } = stage();
  const bends = [{ seconds: 0.6, type: 'bend' as const, cents: 50 }, { seconds: 1.6, type: 'bend' as const, cents: -20, note: 61 }];
  const { events, seconds } = scale(8);
  const player = new PerformancePlayer({ name: 'bent', seconds, events: [...events, ...bends].sort((a, b) => a.seconds - b.seconds) }, sink, () => clock.now);
  const sentBends = (): [string, number][] => sent.filter(([what]) => what.startsWith('bend')).map(([what, key]) => [what, key]);
  player.play();
  run(player, clock, 1);
  expect(sentBends()).toEqual([['bend 50', 0]]);
  player.pause();
  expect(sentBends()).toEqual([['bend 50', 0], ['bend 0', 0]]);
  sent.length = 0;
  player.seek(2);
  player.play();
  expect(sentBends()).toEqual([['bend 50', 0], ['bend -20', 61]]);
});
