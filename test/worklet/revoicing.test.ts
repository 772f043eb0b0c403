/** What sounds goes over to another style, brightness or tuning. */
import { describe, expect, it } from 'vitest';
import { fundamental } from '../../model/tuning.ts';
import type { Engine } from '../../worklet/engine/engine.ts';
import { RATE, SMALL_SPEC, distance, peakOf, randomTimbre, randomWeights, render, smallPiano, withoutBeats } from './fixtures.ts';

const SUSTAIN = 64;

/** A piano of strings alone, whose decay a test can foresee. */
function strings(): Engine {
  const engine = smallPiano({ resonance: 0 });
  engine.setWaveNet(false);
  engine.setNoise(false);
  return engine;
}

/** Phase of a frequency in three of its periods from a sample on, as of a wave that began with the sound. */
function phaseAt(sound: Float32Array, from: number, frequency: number): number {
  const length = Math.round((3 * RATE) / frequency);
  let [re, im] = [0, 0];
  for (let n = 0; n < length; n++) {
    const window = 1 - Math.cos((2 * Math.PI * (n + 0.5)) / length);
    const angle = (2 * Math.PI * frequency * n) / RATE;
    re += window * (sound[from + n] ?? 0) * Math.cos(angle);
    im -= window * (sound[from + n] ?? 0) * Math.sin(angle);
  }
  return Math.atan2(im, re);
}

describe('a change of style', () => {
  it('takes what sounds along, without a click', () => {
    const [changed, kept] = [smallPiano(), smallPiano()];
    for (const engine of [changed, kept]) {
      engine.control(SUSTAIN, 127);
      for (let i = 0; i < 20; i++) engine.noteOn(30 + 3 * i, 0.6);
      render(engine, 4800);
    }
    changed.setStyle(randomTimbre(SMALL_SPEC, 77));
    const [a, b] = [render(changed, 9600), render(kept, 9600)];
    const jump = (samples: Float32Array): number => {
      let most = 0;
      for (let n = 2; n < samples.length; n++) most = Math.max(most, Math.abs(samples[n]! - 2 * samples[n - 1]! + samples[n - 2]!));
      return most;
    };
    expect(distance(a, b)).toBeGreaterThan(0.05 * peakOf(b));
    expect(jump(a)).toBeLessThan(1.5 * jump(b));
    expect(changed.voices).toBe(20);
  });

  it('ends at what the new style would have sounded like', () => {
    // In the same tuning: in another one it goes on at its phase.
    const style = { ...randomTimbre(SMALL_SPEC, 77), tuning: randomTimbre(SMALL_SPEC, 2).tuning };
    const [changed, fresh] = [strings(), strings()];
    fresh.setStyle(style);
    for (const engine of [changed, fresh]) engine.noteOn(60, 0.6);
    render(fresh, 4800);
    render(changed, 4800);
    changed.setStyle(style);
    render(fresh, 2400);
    render(changed, 2400);
    const expected = render(fresh, 4800);
    expect(distance(render(changed, 4800), expected)).toBeLessThan(1e-4 * peakOf(expected));
  });

  it('keeps no voice that has gone over: when all has died away it is exactly silent', () => {
    const engine = smallPiano();
    for (const note of [48, 60]) engine.noteOn(note, 0.8);
    render(engine, 4800);
    engine.setTone(2, 0);
    render(engine, 4800);
    for (const note of [48, 60]) engine.noteOff(note);
    render(engine, 5 * RATE);
    expect(engine.voices).toBe(0);
    render(engine, RATE);
    expect(peakOf(render(engine, RATE))).toBe(0);
  });

  it('in every block, as a knob that is dragged makes it, leaves the level as it is', () => {
    const [moved, still] = [strings(), strings()];
    for (const engine of [moved, still]) {
      engine.noteOn(45, 0.8);
      render(engine, 4800);
    }
    const heard = new Float32Array(RATE / 2);
    for (let at = 0; at < heard.length; at += 128) {
      // Too little to be heard by itself.
      moved.setTone(1e-6 * (1 + ((at / 128) % 2)), 0);
      moved.render(heard.subarray(at, Math.min(at + 128, heard.length)));
    }
    const expected = render(still, heard.length);
    expect(distance(heard, expected)).toBeLessThan(1e-3 * peakOf(expected));
  });

  it('moves the pitch of an old note to where it is to be, and no further', () => {
    const plain = randomTimbre(SMALL_SPEC, 2);
    const tuned = (cents: number): typeof plain => ({ ...plain, tuning: { ...plain.tuning, cents: Array.from(plain.tuning.cents, (own) => own + cents) } });
    const engine = smallPiano({ weights: withoutBeats(randomWeights(SMALL_SPEC, 1)), style: plain, resonance: 0 });
    engine.setWaveNet(false);
    engine.setNoise(false);
    const note = 45;
    const f0 = fundamental(plain.tuning, note);
    engine.noteOn(note, 0.9, 0);
    render(engine, 3 * RATE);
    const sound = new Float32Array(2 * RATE);
    const [steps, step] = [60, RATE / 60];
    for (let i = 0; i < steps; i++) {
      engine.setStyle(tuned((20 * (i + 1)) / steps));
      engine.render(sound.subarray(i * step, (i + 1) * step));
    }
    engine.render(sound.subarray(RATE));
    // By the turns of the fundamental in a tenth of a second.
    const length = RATE / 10;
    const expected = (f0 * length) / RATE;
    const heard = Array.from({ length: 18 }, (_, i) => {
      const turned = (phaseAt(sound, (i + 1) * length, f0) - phaseAt(sound, i * length, f0)) / (2 * Math.PI);
      return 1200 * Math.log2((turned - Math.round(turned - expected)) / expected);
    });
    expect(Math.min(...heard)).toBeGreaterThan(-4);
    expect(Math.max(...heard)).toBeLessThan(24);
    expect(heard.at(-1)).toBeGreaterThan(14);
  });
});
