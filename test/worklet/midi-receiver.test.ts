import { describe, expect, it } from 'vitest';
import { peakNear, spectrumOf } from '../../model/corpus/spectrum.ts';
import { MidiReceiver } from '../../worklet/midi-receiver.ts';
import type { Engine } from '../../worklet/engine/engine.ts';
import { RATE, peakOf, render, smallPiano } from './fixtures.ts';

/** An engine without noise, and what plays it. */
function keyboard(): { engine: Engine; send: (...bytes: number[]) => void } {
  const engine = smallPiano();
  engine.setNoise(false);
  engine.setWaveNet(false);
  const receiver = new MidiReceiver(engine);
  return { engine, send: (...bytes) => receiver.receive(bytes) };
}

/** Frequency of the strongest partial near one. */
const near = (samples: Float32Array, hertz: number): number => peakNear(spectrumOf(samples, RATE), hertz, 0.03 * hertz)?.frequency ?? NaN;
/** The same a moment later: a pitch that has arrived. */
function heard(engine: Engine, hertz: number): number {
  render(engine, RATE / 8);
  return near(render(engine, RATE / 2), hertz);
}
const cents = (a: number, b: number): number => 1200 * Math.log2(a / b);

describe('MIDI messages', () => {
  it('of an MPE keyboard bend the notes that sound, each by itself', () => {
    const { engine, send } = keyboard();
    for (const [controller, value] of [[101, 0], [100, 6], [6, 15]] as const) send(0xb0, controller, value);
    send(0x91, 60, 100);
    send(0x92, 69, 100);
    render(engine, RATE / 8);
    const before = render(engine, RATE);
    // A semitone and two down, out of 48.
    for (const [status, semitones] of [[0xe2, 1], [0xe1, -2]] as const) {
      const value = Math.round(8192 + (8192 * semitones) / 48);
      send(status, value & 0x7f, value >> 7);
    }
    render(engine, RATE / 8);
    const after = render(engine, RATE);
    // The steps of 14 bits over 96 semitones are half a cent wide, and the partials of both notes touch each other.
    expect(Math.abs(cents(near(after, 440 * 2 ** (1 / 12)), near(before, 440)) - 100)).toBeLessThan(1);
    expect(Math.abs(cents(near(after, 261.6 * 2 ** (-2 / 12)), near(before, 261.6)) + 200)).toBeLessThan(1);
  });

  it('of an MPE keyboard keep a note that another finger has struck since', () => {
    const [two, one] = [keyboard(), keyboard()];
    for (const { send } of [two, one]) {
      for (const [controller, value] of [[101, 0], [100, 6], [6, 15]] as const) send(0xb0, controller, value);
      send(0x91, 60, 100);
      send(0x92, 60, 100);
    }
    // The first finger leaves: nothing is heard of it.
    two.send(0x81, 60, 64);
    expect(render(two.engine, RATE / 2)).toEqual(render(one.engine, RATE / 2));
    for (const { send } of [two, one]) send(0x82, 60, 64);
    expect(peakOf(render(two.engine, 3 * RATE).subarray(2 * RATE))).toBeLessThan(1e-3);
    // Without MPE any channel lets it go.
    const plain = keyboard();
    plain.send(0x91, 60, 100);
    plain.send(0x92, 60, 100);
    plain.send(0x81, 60, 64);
    expect(peakOf(render(plain.engine, 3 * RATE).subarray(2 * RATE))).toBeLessThan(1e-3);
  });

  // Beside one that nobody bends, since a pitch moves a little as the modes of its partials die away.
  it('of a wheel bend all notes, and a wheel at rest none', () => {
    const [{ engine, send }, plain] = [keyboard(), keyboard()];
    for (const piano of [send, plain.send]) piano(0x90, 69, 100);
    send(0xe0, 0, 0x60);
    expect(cents(heard(engine, 440 * 2 ** (1 / 12)), heard(plain.engine, 440))).toBeCloseTo(100, 0);
    send(0xe0, 0, 0x40);
    expect(cents(heard(engine, 440), heard(plain.engine, 440))).toBeCloseTo(0, 0);
  });

  it('that the chart calls not understood change nothing, bit for bit', () => {
    const [one, other] = [keyboard(), keyboard()];
    const strange = [
      [0xa0, 60, 90],
      [0xd0, 90],
      ...[1, 2, 10, 74, 91, 124, 125, 126, 127].map((controller) => [0xb0, controller, 127]),
      // Data entry behind an NRPN, and behind none.
      [0xb0, 99, 1], [0xb0, 98, 8], [0xb0, 6, 90],
      [0xb0, 101, 127], [0xb0, 100, 127], [0xb0, 6, 90], [0xb0, 38, 9],
      // An RPN of no meaning to a piano: modulation depth.
      [0xb0, 101, 0], [0xb0, 100, 5], [0xb0, 6, 90],
      [0xf0, 0x7e, 0x7f, 0x09, 0x01, 0xf7],
      [0xf1, 4], [0xf2, 1, 1], [0xf3, 1], [0xf6], [0xf8], [0xfa], [0xfb], [0xfc], [0xfe], [0xff],
      // Keys that a piano does not have.
      [0x90, 20, 90], [0x90, 109, 90],
    ];
    for (const { send } of [one, other]) send(0x90, 60, 100);
    for (const message of strange) one.send(...message);
    const plain = render(other.engine, RATE / 2);
    expect(plain.some((x) => Math.abs(x) > 1e-3)).toBe(true);
    expect(render(one.engine, RATE / 2)).toEqual(plain);
  });

  it('of master tuning tune the piano, by a registered parameter and by system exclusive', () => {
    const [{ engine, send }, plain] = [keyboard(), keyboard()];
    for (const piano of [send, plain.send]) piano(0x90, 69, 100);
    for (const [controller, value] of [[101, 0], [100, 1], [6, 0x60], [38, 0]] as const) send(0xb0, controller, value);
    send(0xf0, 0x7f, 0x7f, 0x04, 0x03, 0, 0x20, 0xf7);
    // 50 cents up by the one, 50 down by the other, then down alone.
    expect(cents(heard(engine, 440), heard(plain.engine, 440))).toBeCloseTo(0, 0);
    send(0xb0, 6, 0x40);
    expect(cents(heard(engine, 440 * 2 ** (-0.5 / 12)), heard(plain.engine, 440))).toBeCloseTo(-50, 0);
  });
});
