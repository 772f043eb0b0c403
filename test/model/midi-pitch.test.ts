import { beforeEach, describe, expect, it } from 'vitest';
import { MidiPitch } from '../../model/midi-pitch.ts';

/** What the target was told: the key where there is one. */
let told: (readonly [cents: number, note: number | undefined])[] = [];
let tuned: number[] = [];
let pitch: MidiPitch;
beforeEach(() => {
  [told, tuned] = [[], []];
  pitch = new MidiPitch({ bend: (cents, note) => told.push([cents, note]), tune: (cents) => tuned.push(cents) });
});

/** Chooses a registered parameter and enters its value. */
function rpn(channel: number, parameter: number, high: number, low?: number): void {
  pitch.control(channel, 101, 0);
  pitch.control(channel, 100, parameter);
  pitch.control(channel, 6, high);
  if (low !== undefined) pitch.control(channel, 38, low);
}

describe('the wheel', () => {
  it('reaches two semitones, its ends and its middle included', () => {
    for (const value of [0, 4096, 8192, 16383]) pitch.bend(0, value);
    expect(told.map(([cents]) => cents)).toEqual([-200, -100, 0, (200 * 8191) / 8192]);
    expect(told.every(([, note]) => note === undefined)).toBe(true);
  });

  it('reaches as far as RPN 0 says, in semitones and cents, from the channel that said so', () => {
    rpn(3, 0, 12, 50);
    pitch.bend(3, 0);
    pitch.bend(4, 0);
    expect(told).toEqual([[-1250, undefined], [-200, undefined]]);
  });

  it('keeps its range where a parameter of no number, or a foreign one, is chosen', () => {
    rpn(0, 0, 7);
    pitch.control(0, 101, 127);
    pitch.control(0, 100, 127);
    pitch.control(0, 6, 24);
    pitch.control(0, 99, 0);
    pitch.control(0, 98, 0);
    pitch.control(0, 6, 24);
    pitch.bend(0, 0);
    expect(told).toEqual([[-700, undefined]]);
  });

  it('moves at once where its range changes while it is bent', () => {
    pitch.bend(0, 0);
    rpn(0, 0, 12);
    expect(told.at(-1)).toEqual([-1200, undefined]);
  });

  it('knows what is about pitch alone', () => {
    expect([6, 38, 98, 99, 100, 101, 64, 121, 7].map((controller) => pitch.control(0, controller, 0))).toEqual([true, true, true, true, true, true, false, false, false]);
  });
});

describe('master tuning', () => {
  it('of RPN 1 is in steps of a hundredth of a cent and more, of RPN 2 in semitones, and both add up', () => {
    rpn(0, 1, 0x50, 0);
    expect(tuned.at(-1)).toBe(25);
    rpn(0, 1, 0x40, 0x20);
    expect(tuned.at(-1)).toBeCloseTo((100 * 32) / 8192, 12);
    rpn(0, 2, 62);
    expect(tuned.at(-1)).toBeCloseTo(-200 + (100 * 32) / 8192, 12);
  });

  it('comes by universal system exclusive too, and only whole', () => {
    pitch.exclusive([0xf0, 0x7f, 0x7f, 0x04, 0x03, 0x00, 0x20, 0xf7]);
    expect(tuned.at(-1)).toBe(-50);
    pitch.exclusive([0xf0, 0x7f, 0x00, 0x04, 0x04, 0x00, 0x42, 0xf7]);
    expect(tuned.at(-1)).toBe(150);
    for (const foreign of [[0xf0, 0x7e, 0x7f, 0x09, 0x01, 0xf7], [0xf0, 0x7f, 0x7f, 0x04, 0x01, 0, 0x40, 0xf7], [0xf0, 0x7f, 0x7f, 0x04], []]) pitch.exclusive(foreign);
    expect(tuned).toHaveLength(2);
  });
});

describe('MPE', () => {
  /** A lower zone of five members. */
  beforeEach(() => {
    rpn(0, 6, 5);
    told = [];
  });

  it('bends the note of a channel by up to 48 semitones, and no other', () => {
    pitch.noteOn(1, 60);
    pitch.noteOn(2, 64);
    pitch.bend(2, 8192 + 4096);
    expect(told).toEqual([[2400, 64]]);
  });

  it('gives a note the bend that its channel has before it is struck, and takes it from the next on that key', () => {
    pitch.bend(1, 0);
    pitch.noteOn(1, 60);
    pitch.noteOff(1, 60);
    pitch.noteOn(2, 60);
    expect(told).toEqual([[-4800, 60], [0, 60]]);
  });

  it('adds the bend of the manager to all of its zone, and to none beyond', () => {
    pitch.noteOn(1, 60);
    pitch.noteOn(5, 62);
    pitch.noteOn(6, 64);
    pitch.bend(1, 8192 + 2048);
    pitch.bend(0, 0);
    expect(told).toEqual([[1200, 60], [1000, 60], [-200, 62]]);
    pitch.bend(6, 0);
    expect(told.at(-1)).toEqual([-200, 64]);
  });

  it('lets a note that only rings on keep its pitch when its channel strikes another', () => {
    pitch.noteOn(1, 60);
    pitch.bend(1, 8192 + 2048);
    pitch.noteOff(1, 60);
    pitch.noteOn(1, 62);
    pitch.bend(1, 8192);
    expect(told).toEqual([[1200, 60], [1200, 62], [0, 62]]);
  });

  it('has one range for all members of a zone', () => {
    rpn(3, 0, 24);
    pitch.noteOn(1, 60);
    pitch.bend(1, 0);
    expect(told).toEqual([[-2400, 60]]);
  });

  it('has an upper zone, which takes channels from the lower one', () => {
    rpn(15, 6, 12);
    told = [];
    pitch.noteOn(14, 70);
    pitch.noteOn(3, 50);
    pitch.bend(14, 0);
    pitch.bend(15, 16383);
    expect(told[0]).toEqual([-4800, 70]);
    // Channel 4 is a member of the upper zone now.
    expect(told.slice(1).map(([cents, note]) => [Math.round(cents), note])).toEqual([[200, 50], [-4600, 70]].sort((a, b) => a[1]! - b[1]!));
  });

  it('ends where a zone of no members is asked for, and with it all bends', () => {
    pitch.noteOn(1, 60);
    pitch.bend(1, 0);
    rpn(0, 6, 0);
    expect(told.slice(-2)).toEqual([[0, undefined], [0, 60]]);
    expect(pitch.expressive).toBe(false);
    pitch.bend(1, 0);
    expect(told.at(-1)).toEqual([-200, undefined]);
  });

  it('is configured on the channels 1 and 16 alone', () => {
    rpn(0, 6, 0);
    rpn(4, 6, 5);
    expect(pitch.expressive).toBe(false);
  });
});
