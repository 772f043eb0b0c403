import { expect, test } from 'vitest';
import { parseMidi, writeMidi, type MidiData, type MidiEvent } from 'midi-file';
import { writeMidiFile } from '../../model/midi-file-writer.ts';
import { parseMidiFile, type PerformanceEvent } from '../../model/performance.ts';

const written = (events: readonly PerformanceEvent[]): PerformanceEvent[] => {
  const seconds = events.at(-1)!.seconds;
  return [...parseMidiFile(writeMidiFile({ name: 'bends', seconds, events }, 120), 'bends').events];
};

test('a wheel comes back from the file with its cents, also beyond two semitones', () => {
  const events: PerformanceEvent[] = [
    { seconds: 0, type: 'noteOn', note: 60, velocity: 1 },
    { seconds: 0.1, type: 'bend', cents: 350 },
    { seconds: 0.2, type: 'bend', cents: -1.5 },
    { seconds: 0.5, type: 'noteOff', note: 60 },
  ];
  const back = written(events);
  expect(back.map(({ type, seconds }) => [type, Math.round(1000 * seconds)])).toEqual([['noteOn', 0], ['bend', 100], ['bend', 200], ['noteOff', 500]]);
  expect(back.flatMap((event) => (event.type === 'bend' ? [event.cents] : []))).toEqual([expect.closeTo(350, 1), expect.closeTo(-1.5, 1)]);
});

test('bends of single keys make a file of MPE: each comes back on its own key', () => {
  const events: PerformanceEvent[] = [
    { seconds: 0, type: 'bend', cents: 30, note: 64 },
    { seconds: 0, type: 'noteOn', note: 60, velocity: 1 },
    { seconds: 0, type: 'noteOn', note: 64, velocity: 0.5 },
    { seconds: 0.2, type: 'control', controller: 64, value: 127 },
    { seconds: 0.3, type: 'bend', cents: -700, note: 60 },
    { seconds: 0.5, type: 'noteOff', note: 60 },
    { seconds: 0.5, type: 'noteOff', note: 64 },
  ];
  const back = written(events);
  const bends = back.flatMap((event) => (event.type === 'bend' ? [[event.note, event.cents]] : []));
  expect(bends).toEqual([[64, expect.closeTo(30, 0)], [60, expect.closeTo(-700, 0)]]);
  expect(back.filter(({ type }) => type !== 'bend').map(({ type }) => type)).toEqual(['noteOn', 'noteOn', 'control', 'noteOff', 'noteOff']);
});

test('sixteen and more notes at one time share the fifteen channels, and every key comes up', () => {
  const chord = Array.from({ length: 20 }, (_, i) => 40 + i);
  const events: PerformanceEvent[] = [
    { seconds: 0, type: 'bend', cents: 1, note: 40 },
    ...chord.map((note): PerformanceEvent => ({ seconds: 0, type: 'noteOn', note, velocity: 1 })),
    ...chord.map((note): PerformanceEvent => ({ seconds: 1, type: 'noteOff', note })),
  ];
  const held = new Set<number>();
  for (const event of written(events)) {
    if (event.type === 'noteOn') held.add(event.note);
    else if (event.type === 'noteOff') held.delete(event.note);
  }
  expect(held.size).toBe(0);
});

test('a key of an MPE keyboard that is struck again before it came up has as many ends as strikes', () => {
  const strike = (seconds: number): PerformanceEvent => ({ seconds, type: 'noteOn', note: 60, velocity: 1 });
  const events: PerformanceEvent[] = [{ seconds: 0, type: 'bend', cents: 30, note: 60 }, strike(0), strike(0.2), { seconds: 0.5, type: 'noteOff', note: 60 }];
  const [track] = parseMidi(writeMidiFile({ name: 'twice', seconds: 0.5, events }, 120)).tracks;
  const held = new Set<string>();
  for (const event of track!) {
    if (event.type === 'noteOn') held.add(`${event.channel} ${event.noteNumber}`);
    else if (event.type === 'noteOff') held.delete(`${event.channel} ${event.noteNumber}`);
  }
  expect([...held]).toEqual([]);
  expect(written(events).filter(({ type }) => type !== 'bend').map(({ type }) => type)).toEqual(['noteOn', 'noteOff', 'noteOn', 'noteOff']);
});

test('the file has the name of the performance, as far as MIDI has letters for it', () => {
  const [track] = parseMidi(writeMidiFile({ name: 'Größe ünd Été', seconds: 1, events: [] }, 120)).tracks;
  expect(track![0]).toMatchObject({ type: 'trackName', text: 'Grosse und Ete' });
});

test('without bends there is not a word about pitch in the file', () => {
  const file = writeMidiFile({ name: 'plain', seconds: 1, events: [{ seconds: 0, type: 'noteOn', note: 60, velocity: 1 }, { seconds: 1, type: 'noteOff', note: 60 }] }, 120);
  expect(parseMidi(file).tracks[0]!.map(({ type }) => type)).toEqual(['trackName', 'setTempo', 'noteOn', 'noteOff', 'endOfTrack']);
});

test('bends of an orchestra on several channels are not the piano’s', () => {
  const header: MidiData['header'] = { format: 0, numTracks: 1, ticksPerBeat: 480 };
  const bend = { deltaTime: 0, type: 'pitchBend', channel: 1, value: 4096 } as const;
  const note = (channel: number): MidiEvent[] => [
    { deltaTime: 0, type: 'noteOn', channel, noteNumber: 60 + channel, velocity: 80 },
    { deltaTime: 480, type: 'noteOff', channel, noteNumber: 60 + channel, velocity: 0 },
  ];
  const fileOf = (channels: number[]): Uint8Array => Uint8Array.from(writeMidi({ header, tracks: [[bend, ...channels.flatMap(note), { deltaTime: 0, type: 'endOfTrack' }]] }));
  expect(parseMidiFile(fileOf([1]), 'alone').events[0]).toEqual({ seconds: 0, type: 'bend', cents: 100 });
  expect(parseMidiFile(fileOf([1, 2]), 'together').events.some(({ type }) => type === 'bend')).toBe(false);
});
