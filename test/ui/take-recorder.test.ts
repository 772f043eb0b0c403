import { expect, test } from 'vitest';
import { parseMidiFile, type Performance } from '../../model/performance.ts';
import { writeMidiFile } from '../../model/midi-file-writer.ts';
import { TakeRecorder } from '../../ui/take-recorder.ts';

/** A recorder on a clock that the test turns. */
function studio(): { recorder: TakeRecorder; at: (seconds: number) => TakeRecorder } {
  let now = 0;
  const recorder = new TakeRecorder(() => now);
  const at = (seconds: number): TakeRecorder => {
    now = seconds;
    return recorder;
  };
  return { recorder, at };
}

test('a take begins with its first note, under the pedal that was down by then', () => {
  const { at } = studio();
  at(99).control(64, 100);
  at(100).start();
  at(101).control(64, 80);
  at(103).noteOn(60, 0.5);
  at(103.5).noteOff(60);
  at(104).control(64, 0);
  expect(at(110).stop('Take')).toEqual({
    name: 'Take',
    seconds: 1,
    events: [
      { seconds: 0, type: 'control', controller: 64, value: 80 },
      { seconds: 0, type: 'noteOn', note: 60, velocity: 0.5 },
      { seconds: 0.5, type: 'noteOff', note: 60 },
      { seconds: 1, type: 'control', controller: 64, value: 0 },
    ],
  });
});

test('keys and pedal that are down at its end go up, and a key that was down before it has no part in it', () => {
  const { at } = studio();
  at(0).noteOn(40, 0.5);
  at(1).start();
  at(2).noteOn(60, 0.5);
  at(2.5).control(64, 127);
  at(3).noteOff(40);
  const { events } = at(4).stop('Take')!;
  expect(events.some((event) => event.type !== 'control' && event.note === 40)).toBe(false);
  expect(events.slice(-2)).toEqual([
    { seconds: 2, type: 'noteOff', note: 60 },
    { seconds: 2, type: 'control', controller: 64, value: 0 },
  ]);
});

test('without a note there is no take, and outside of one nothing is written down', () => {
  const { recorder, at } = studio();
  at(0).noteOn(60, 0.5);
  expect(recorder.stop('Take')).toBeUndefined();
  at(1).start();
  at(2).control(64, 127);
  expect(at(3).stop('Take')).toBeUndefined();
});

test.each([
  ['a little early', 11.95, 0],
  ['on the beat', 12, 0],
  ['on the off-beat', 12.5, 0.5],
])('with a metronome, a first note %s keeps its place in the beat', (_, played, seconds) => {
  const { at } = studio();
  at(10).start();
  at(played).noteOn(60, 0.5);
  const take = at(20).stop('Take', { firstBeat: 10, secondsPerBeat: 1 })!;
  expect(take.events[0]!.seconds).toBeCloseTo(seconds, 9);
});

test('a take comes back from its MIDI file as it was, to a tick and a step of velocity', () => {
  const performance: Performance = {
    name: 'Take 1',
    seconds: 2.345,
    events: [
      { seconds: 0, type: 'control', controller: 64, value: 90 },
      { seconds: 0.1234, type: 'noteOn', note: 60, velocity: 0.43 },
      { seconds: 0.1234, type: 'noteOn', note: 64, velocity: 1 },
      { seconds: 1.9, type: 'noteOff', note: 60 },
      { seconds: 2, type: 'control', controller: 64, value: 0 },
      { seconds: 2.345, type: 'noteOff', note: 64 },
    ],
  };
  for (const beats of [37, 90, 240]) {
    const { events } = parseMidiFile(writeMidiFile(performance, beats), 'Take 1');
    expect(events).toHaveLength(performance.events.length);
    events.forEach((event, i) => {
      const { seconds, ...wanted } = performance.events[i]!;
      expect(Math.abs(event.seconds - seconds)).toBeLessThan(0.001);
      if (wanted.type === 'noteOn') expect(event).toMatchObject({ type: 'noteOn', note: wanted.note, velocity: Math.round(127 * wanted.velocity) / 127 });
      else expect(event).toMatchObject(wanted);
    });
  }
});
