import { describe, expect, it } from 'vitest';
import { InputError } from '../../model/input-error.ts';
import { parseMidiFile } from '../../model/performance.ts';
import { Random } from '../../model/random.ts';
import { damage, readOrInputError } from './damage.ts';
import { midiFile, tempo } from './files.ts';

const BEAT = 96;
const seconds = (bytes: Uint8Array): number[] => parseMidiFile(bytes, 'a.mid').events.map((event) => event.seconds);

describe('parseMidiFile', () => {
  it('reads notes, velocities and controllers, with running status', () => {
    const track = [0, 0x90, 60, 127, 48, 64, 1, 48, 60, 0, 0, 0xb0, 64, 127, 0, 0x80, 64, 64];
    expect(parseMidiFile(midiFile(0, BEAT, [track]), 'a.mid')).toEqual({
      name: 'a.mid',
      seconds: 0.5,
      events: [
        { seconds: 0, type: 'noteOn', note: 60, velocity: 1 },
        { seconds: 0.25, type: 'noteOn', note: 64, velocity: 1 / 127 },
        { seconds: 0.5, type: 'noteOff', note: 60 },
        { seconds: 0.5, type: 'control', controller: 64, value: 127 },
        { seconds: 0.5, type: 'noteOff', note: 64 },
      ],
    });
  });

  it('follows the tempo map of one track in all tracks', () => {
    // A beat at 120 a minute, half a beat at 60, then 240.
    const map = [...tempo(96, 1000000), ...tempo(48, 250000)];
    const notes = [96, 0x90, 60, 100, 24, 60, 0, 24, 60, 100, 96, 60, 0];
    const times = seconds(midiFile(1, BEAT, [map, notes]));
    [0.5, 0.75, 1, 1.25].forEach((time, i) => expect(times[i]).toBeCloseTo(time, 12));
  });

  it('changes the tempo before the notes of the same tick, whatever track they stand in', () => {
    const times = seconds(midiFile(1, BEAT, [[96, 0x90, 60, 100, 96, 60, 0], tempo(96, 1000000)]));
    expect(times).toEqual([0.5, 1.5]);
  });

  it('reads the SMPTE divisions, whose ticks no tempo changes', () => {
    const track = [...tempo(0, 1000000), 100, 0x90, 60, 100, 100, 60, 0];
    // 25 frames of 40 ticks: a tick is a millisecond.
    expect(seconds(midiFile(0, 0xe728, [track]))[1]).toBeCloseTo(0.2, 12);
    // 29 stands for 30000/1001 frames.
    expect(seconds(midiFile(0, 0xe328, [track]))[1]).toBeCloseTo((200 * 1001) / (30000 * 40), 12);
  });

  it('plays the tracks of format 2 one after the other, each in its own tempo', () => {
    const slow = [...tempo(0, 1000000), 0, 0x90, 60, 100, 96, 60, 0];
    const fast = [0, 0x90, 62, 100, 96, 62, 0];
    expect(seconds(midiFile(2, BEAT, [slow, fast]))).toEqual([0, 1, 1, 1.5]);
  });

  it('releases a key when the last channel that holds it lets go', () => {
    const left = [0, 0x90, 60, 100, 96, 60, 0];
    const right = [48, 0x91, 60, 90, 24, 60, 0];
    const { events } = parseMidiFile(midiFile(1, BEAT, [left, right]), 'a.mid');
    expect(events.map(({ type, seconds: time }) => [type, time])).toEqual([['noteOn', 0], ['noteOn', 0.25], ['noteOff', 0.5]]);
  });

  it('leaves out percussion', () => {
    const track = [0, 0x99, 36, 100, 0, 0x90, 60, 100, 10, 0xb9, 7, 100, 10, 0x90, 60, 0];
    expect(parseMidiFile(midiFile(0, BEAT, [track]), 'a.mid').events.length).toBe(2);
  });

  it('keeps volume and expression where one channel plays, but not the balance of several', () => {
    const track = (channel: number): number[] => [0, 0xb0 + channel, 7, 100, 0, 11, 90, 0, 64, 127, 0, 0x90 + channel, 60, 100, 96, 60, 0];
    const controllers = (...tracks: number[][]): number[] =>
      parseMidiFile(midiFile(1, BEAT, tracks), 'a.mid').events.flatMap((event) => (event.type === 'control' ? [event.controller] : []));
    expect(controllers(track(2))).toEqual([7, 11, 64]);
    expect(controllers(track(0), track(1))).toEqual([64, 64]);
  });

  it('plays of a channel without notes the pedals and nothing else', () => {
    const notes = [0, 0x90, 60, 100, 10, 60, 0];
    const plain = parseMidiFile(midiFile(1, 10, [notes]), 'plain.mid');
    // What templates set on every channel: volume, pan, bend, reset, and the ends of notes.
    const silent = [0, 0xb1, 7, 0, 0, 10, 64, 0, 0xe1, 0, 0, 0, 0xb1, 121, 0, 1, 123, 0, 0, 120, 0];
    expect(parseMidiFile(midiFile(1, 10, [notes, silent]), 'plain.mid').events).toEqual(plain.events);
    // Some pianos that record themselves write the pedals on a channel of their own.
    const pedals = [0, 0xb2, 64, 127, 5, 64, 0];
    const { events } = parseMidiFile(midiFile(1, 10, [notes, pedals]), 'pedals.mid');
    expect(events.flatMap((event) => (event.type === 'control' ? [[event.controller, event.value]] : []))).toEqual([[64, 127], [64, 0]]);
  });

  it('leaves the keys and pedals of other parts alone where a part lets go', () => {
    const first = [0, 0xb0, 64, 127, 0, 0x90, 60, 100, 40, 60, 0];
    const second = [0, 0xb1, 64, 0, 2, 0x91, 64, 100, 2, 0xb1, 64, 90, 2, 64, 0, 2, 123, 0, 2, 121, 0, 10, 0x91, 60, 90, 2, 60, 0];
    const { events } = parseMidiFile(midiFile(1, 10, [first, second]), 'duo.mid');
    const said = events.map((event) => {
      const what = event.type === 'control' ? `${event.controller}=${event.value}` : event.type === 'bend' ? 'bend' : `${event.note} ${event.type === 'noteOn' ? 'on' : 'off'}`;
      return `${Math.round(event.seconds * 20)}: ${what}`;
    });
    // The pedal of the first stays down; 64 comes up by the second's end of notes, and 60 when the first lets go of it.
    expect(said).toEqual(['0: 64=127', '0: 60 on', '2: 64 on', '8: 64 off', '20: 60 on', '40: 60 off']);
  });

  it('lets a key come up that a part ended without its note-off', () => {
    const first = [0, 0x90, 60, 100, 4, 0xb0, 123, 0];
    const second = [10, 0x91, 60, 100, 4, 60, 0, 0, 72, 90, 4, 72, 0];
    const { events } = parseMidiFile(midiFile(1, 10, [first, second]), 'ends.mid');
    expect(events.map((event) => event.type)).toEqual(['noteOn', 'noteOff', 'noteOn', 'noteOff', 'noteOn', 'noteOff']);
  });

  it('passes over foreign chunks and padding', () => {
    const file = midiFile(0, BEAT, [[0, 0x90, 60, 100]]);
    const foreign = [...Buffer.from('XFIH'), 0, 0, 0, 2, 1, 2];
    const bytes = Uint8Array.from([...file.subarray(0, 14), ...foreign, ...file.subarray(14), 0, 0]);
    expect(parseMidiFile(bytes, 'a.mid').events.length).toBe(1);
  });

  const note = [0, 0x90, 60, 100];
  it.each([
    ['nothing', new Uint8Array(0), 'is not a MIDI file'],
    ['another kind of file', Buffer.from('RIFF....WAVEfmt '), 'is not a MIDI file'],
    ['a truncated file', midiFile(0, BEAT, [note]).subarray(0, 24), 'is truncated'],
    ['a missing track', midiFile(1, BEAT, [note, note]).subarray(0, 14 + 16), 'is truncated'],
    ['format 3', midiFile(3, BEAT, [note]), 'has the unknown MIDI file format 3'],
    ['no division', midiFile(0, 0, [note]), 'has a time division of zero'],
    ['no notes', midiFile(0, BEAT, [[0, 0xb0, 64, 127]]), 'has no notes for a piano'],
    ['a data byte where a status should be', midiFile(0, BEAT, [[0, 60, 100]]), 'has a damaged track'],
    ['a status byte where data should be', midiFile(0, BEAT, [[0, 0x90, 60, 0x90]]), 'has a damaged track'],
    ['a day of music', midiFile(0, 1, [[0xff, 0xff, 0x7f, 0x90, 60, 100]]), 'lasts longer than 12 hours'],
    ['a huge file', new Uint8Array(2 ** 24 + 1), 'is larger than 16 MiB'],
  ])('refuses %s', (_, bytes, problem) => {
    expect(() => parseMidiFile(bytes, 'song.mid')).toThrow(InputError);
    expect(() => parseMidiFile(bytes, 'song.mid')).toThrow(problem);
  });

  it('gives an orderly performance or an InputError for any damage', async () => {
    const track = Array.from({ length: 40 }, (_, i) => [5, 0x90, 30 + i, 64, 90, 0x80, 30 + i, 0]).flat();
    const bytes = midiFile(1, BEAT, [tempo(3, 400000), track, track]);
    const random = new Random(13);
    for (let i = 0; i < 5000; i++) {
      const result = await readOrInputError(() => parseMidiFile(damage(bytes, random), 'damaged.mid'));
      if (result instanceof InputError) {
        expect(result.message).toMatch(/^damaged\.mid: [^\n]+$/);
        continue;
      }
      let last = 0;
      for (const event of result.events) {
        if (!(event.seconds >= last)) throw new Error('events are out of order');
        last = event.seconds;
      }
      expect(result.seconds).toBe(last);
    }
  });
});
