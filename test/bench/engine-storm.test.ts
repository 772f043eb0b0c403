import { describe, expect, test } from 'vitest';
import { STORM_MIX, Storm } from '../../bench/engine/storm.ts';
import { playMidi } from '../../worklet/midi-message.ts';

const MESSAGES = 40000;

/** Kinds by status byte, as the MIDI standard has them. */
function kindOf([status = 0, , velocity = 0]: Uint8Array): keyof typeof STORM_MIX {
  switch (status >> 4) {
    case 0x8:
      return 'noteOff';
    case 0x9:
      return velocity === 0 ? 'noteOnOfNothing' : 'noteOn';
    case 0xb:
      return 'controller';
    case 0xc:
      return 'programChange';
    case 0xe:
      return 'pitchBend';
    default:
      throw new Error(`status ${status} does not belong to the storm`);
  }
}

function messages(seed: number): Uint8Array[] {
  const storm = new Storm(seed);
  return Array.from({ length: MESSAGES }, () => storm.next());
}

describe('the storm', () => {
  const all = messages(1);

  test('has each kind of message as often as its mix says, within four standard deviations', () => {
    expect(Object.values(STORM_MIX).reduce((sum, share) => sum + share, 0)).toBe(100);
    for (const [kind, percentage] of Object.entries(STORM_MIX)) {
      const share = percentage / 100;
      const count = all.filter((message) => kindOf(message) === kind).length;
      expect(Math.abs(count - share * MESSAGES)).toBeLessThan(4 * Math.sqrt(MESSAGES * share * (1 - share)));
    }
  });

  test('uses all channels, all 128 notes, and data bytes of seven bits only', () => {
    expect(new Set(all.map(([status = 0]) => status & 15)).size).toBe(16);
    expect(new Set(all.filter((message) => kindOf(message) === 'noteOn').map(([, note]) => note)).size).toBe(128);
    expect(all.every((message) => [...message.subarray(1)].every((byte) => byte < 128))).toBe(true);
  });

  test('moves the pedal often and silences everything seldom', () => {
    const controllers = all.filter((message) => kindOf(message) === 'controller').map(([, number]) => number!);
    const share = (chosen: (number: number) => boolean): number => controllers.filter(chosen).length / controllers.length;
    expect(share((number) => number === 64)).toBeGreaterThan(0.25);
    expect(share((number) => number >= 120)).toBeGreaterThan(0);
    expect(share((number) => number >= 120)).toBeLessThan(0.01);
  });

  test('is the same for the same seed and another for another', () => {
    expect(messages(1)).toEqual(all);
    expect(messages(2)).not.toEqual(all);
  });

  test('sends about half at once, and the rest up to 30 ms ahead or 10 ms late', () => {
    const storm = new Storm(3);
    const delays = Array.from({ length: MESSAGES }, () => storm.nextDelay());
    const timed = delays.filter((delay) => delay !== undefined);
    expect(timed.length / MESSAGES).toBeCloseTo(0.5, 1);
    expect(Math.min(...timed)).toBeGreaterThanOrEqual(-0.01);
    expect(Math.min(...timed)).toBeLessThan(0);
    expect(Math.max(...timed)).toBeLessThan(0.03);
    expect(Math.max(...timed)).toBeGreaterThan(0.025);
  });

  test('leaves keys held that nothing releases, as a reader of its messages finds', () => {
    const held = new Set<number>();
    for (const message of all.slice(0, 1000)) {
      playMidi(
        { noteOn: (note, velocity) => (velocity > 0 ? held.add(note) : held.delete(note)), noteOff: (note) => held.delete(note), control: () => undefined },
        message,
      );
    }
    expect(held.size).toBeGreaterThan(10);
    expect(held.size).toBeLessThan(118);
  });
});
