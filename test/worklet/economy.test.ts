import { describe, expect, it } from 'vitest';
import { LoadGovernor, MOST_ECONOMY, audibleAmplitude, mostReleased } from '../../worklet/engine/economy.ts';
import { RATE, distance, peakOf, render, smallPiano } from './fixtures.ts';

describe('the load governor', () => {
  it('leaves more and more out while the thread is busy, faster when it is late', () => {
    const governor = new LoadGovernor();
    expect(governor.update(0.5)).toBe(false);
    expect(governor.update(0.8)).toBe(true);
    expect(governor.economy).toBe(1);
    governor.update(1.4);
    expect(governor.economy).toBe(3);
    for (let i = 0; i < 20; i++) governor.update(2);
    expect(governor.economy).toBe(MOST_ECONOMY);
  });

  it('brings things back one by one after a time of rest, and not on a moment of it', () => {
    const governor = new LoadGovernor();
    governor.update(1.2);
    for (let i = 0; i < 20; i++) governor.update(0.1);
    governor.update(0.6);
    for (let i = 0; i < 29; i++) governor.update(0.1);
    expect(governor.economy).toBe(2);
    governor.update(0.1);
    expect(governor.economy).toBe(1);
    for (let i = 0; i < 100; i++) governor.update(0.1);
    expect(governor.economy).toBe(0);
  });

  it('culls the faintest modes before it takes away voices', () => {
    const levels = Array.from({ length: MOST_ECONOMY + 1 }, (_, economy) => economy);
    for (const economy of levels.slice(1)) {
      const softer = audibleAmplitude(economy) > audibleAmplitude(economy - 1);
      const fewer = mostReleased(economy) < mostReleased(economy - 1);
      expect([softer, fewer]).toEqual(economy <= 4 ? [true, false] : [false, true]);
    }
  });
});

describe('an engine under economy', () => {
  it('differs by less than 49 dB under the peak while only modes are culled', () => {
    const full = smallPiano();
    const saving = smallPiano();
    saving.setEconomy(4);
    for (const engine of [full, saving]) for (const note of [40, 52, 64, 76]) engine.noteOn(note, 0.8, 100);
    const expected = render(full, RATE);
    expect(distance(render(saving, RATE), expected)).toBeLessThan(peakOf(expected) * 10 ** (-49 / 20));
  });

  it('lets at most eight released voices ring on, and keeps those whose keys are held', () => {
    const engine = smallPiano();
    engine.control(64, 127);
    for (let note = 30; note < 70; note++) engine.noteOn(note, 0.9, (note - 30) * 128);
    for (let note = 30; note < 60; note++) engine.noteOff(note, 40 * 128);
    render(engine, 41 * 128);
    expect(engine.voices).toBe(40);
    engine.setEconomy(MOST_ECONOMY);
    render(engine, 0.2 * RATE);
    expect(engine.voices).toBe(18);
  });
});

describe('a machine that is too slow', () => {
  /** Share of real time that all modes of 64 notes would take, and what is there without any. */
  const ALL = 2.4;
  const BASE = 0.15;

  it('gives up the faintest modes, then released voices, until it keeps up; held keys stay', () => {
    const [engine, full] = [smallPiano(), smallPiano()];
    const governor = new LoadGovernor();
    for (const piano of [engine, full]) {
      piano.control(64, 127);
      for (let i = 0; i < 64; i++) piano.noteOn(24 + i, 0.9, 30 * i);
      for (let i = 0; i < 50; i++) piano.noteOff(24 + i, 64 * 30);
    }
    const first: { modes?: number; voices?: number } = {};
    const loads: number[] = [];
    for (let report = 0; report < 20; report++) {
      render(engine, RATE / 20);
      render(full, RATE / 20);
      // Modes cost: what the economy leaves of them is what the thread has to do.
      const load = BASE + (ALL * engine.modes) / (64 * 2 * 12);
      loads.push(load);
      if (governor.update(load)) engine.setEconomy(governor.economy);
      if (engine.modes < full.modes) first.modes ??= report;
      if (engine.voices < 64) first.voices ??= report;
    }
    expect(full.voices).toBe(64);
    expect(loads[1]).toBeGreaterThan(1);
    expect(loads.at(-1)).toBeLessThan(1);
    expect(first.modes).toBeLessThanOrEqual(first.voices!);
    expect(engine.voices).toBeGreaterThanOrEqual(14);
    const held = new Uint8Array(88);
    engine.readLevels(held);
    for (let i = 50; i < 64; i++) expect(held[24 + i - 21]).toBeGreaterThan(0);
  });
});
