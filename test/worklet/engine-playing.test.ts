import { describe, expect, it } from 'vitest';
import { damperContact, damperRate } from '../../model/damper.ts';
import type { Engine } from '../../worklet/engine/engine.ts';
import { RATE, distance, peakOf, render, rms, smallPiano } from './fixtures.ts';

const SUSTAIN = 64;

/** Level in dB of the last `seconds` of `samples` against the first. */
function fall(samples: Float32Array, seconds: number): number {
  const frames = Math.round(seconds * RATE);
  return 20 * Math.log10(rms(samples, samples.length - frames, samples.length) / rms(samples, 0, frames));
}

/** A piano of strings alone, whose decay a test can foresee. */
function strings(): Engine {
  const engine = smallPiano({ resonance: 0 });
  engine.setWaveNet(false);
  engine.setNoise(false);
  return engine;
}

describe('a strike', () => {
  it('is silent up to its sample, exactly, and sounds from there on', () => {
    for (const frame of [0, 1, 31, 32, 1000, 5001]) {
      const engine = smallPiano();
      engine.noteOn(60, 0.9, frame);
      const out = render(engine, frame + 200);
      expect(peakOf(out, 0, frame)).toBe(0);
      // At the very sample of the strike the attack is still closed.
      expect(Math.abs(out[frame + 1]!)).toBeGreaterThan(0);
    }
  });

  it('sounds at once without a frame, and with a frame of the past', () => {
    const engine = smallPiano();
    render(engine, 128);
    engine.noteOn(60, 0.9);
    engine.noteOn(64, 0.9, 3);
    expect(peakOf(render(engine, 32))).toBeGreaterThan(0);
    expect(engine.voices).toBe(2);
  });

  it('sounds at once where its frame is no number, and nothing waits behind it', () => {
    const [odd, plain] = [smallPiano(), smallPiano()];
    render(odd, 1000);
    render(plain, 1000);
    odd.noteOn(60, 0.5, NaN);
    plain.noteOn(60, 0.5);
    for (const engine of [odd, plain]) engine.noteOff(60, 3000);
    expect(render(odd, 9600)).toEqual(render(plain, 9600));
  });

  it('with velocity 0 releases the key', () => {
    const engine = strings();
    engine.noteOn(72, 0.9);
    render(engine, 4800);
    engine.noteOn(72, 0);
    expect(fall(render(engine, RATE / 4), 0.02)).toBeLessThan(-30);
    expect(engine.voices).toBeLessThanOrEqual(1);
  });

  it('outside of the keyboard, or with a velocity that is no number, is ignored', () => {
    const engine = smallPiano();
    for (const note of [20, 109, -1, 60.5, NaN, Infinity]) engine.noteOn(note, 1);
    engine.noteOn(60, NaN);
    expect(peakOf(render(engine, 256))).toBe(0);
  });

  it('can sound in 64 voices at once', () => {
    const engine = smallPiano();
    for (let i = 0; i < 64; i++) engine.noteOn(21 + i, 0.8);
    render(engine, 2048);
    expect(engine.voices).toBe(64);
  });

  it('waits its turn where there are more than eight in 128 samples, in order', () => {
    const engine = smallPiano();
    for (let i = 0; i < 20; i++) engine.noteOn(30 + i, 0.8);
    render(engine, 128);
    expect(engine.voices).toBe(8);
    render(engine, 128);
    expect(engine.voices).toBe(16);
    render(engine, 128);
    expect(engine.voices).toBe(20);
  });
});

describe('a release', () => {
  it('takes the damper down from its sample on', () => {
    const frame = 5003;
    const [held, released] = [strings(), strings()];
    for (const engine of [held, released]) engine.noteOn(60, 0.9);
    released.noteOff(60, frame);
    const [a, b] = [render(held, 10000), render(released, 10000)];
    expect(distance(a.subarray(0, frame + 1), b.subarray(0, frame + 1))).toBe(0);
    const step = damperRate(60) / RATE;
    for (const n of [frame + 1, frame + 100, frame + 4000]) {
      expect(b[n]!).toBeCloseTo(a[n]! * Math.exp(-step * (n - frame)), 6);
    }
  });

  it('does nothing above note 88, which has no damper', () => {
    const [held, released] = [strings(), strings()];
    for (const engine of [held, released]) engine.noteOn(95, 0.9);
    released.noteOff(95, 2000);
    expect(distance(render(held, 12000), render(released, 12000))).toBe(0);
  });

  it('waits for the pedal', () => {
    const [held, pedalled] = [strings(), strings()];
    for (const engine of [held, pedalled]) engine.noteOn(60, 0.9);
    pedalled.control(SUSTAIN, 127, 100);
    pedalled.noteOff(60, 1000);
    expect(distance(render(held, 12000), render(pedalled, 12000))).toBe(0);
    pedalled.control(SUSTAIN, 0);
    expect(fall(render(pedalled, RATE / 2), 0.02)).toBeLessThan(-40);
  });

  it('decays between free and damped under half a pedal', () => {
    const half = 64;
    const [held, pedalled] = [strings(), strings()];
    for (const engine of [held, pedalled]) engine.noteOn(60, 0.9);
    pedalled.control(SUSTAIN, half, 0);
    pedalled.noteOff(60, 1001);
    const [a, b] = [render(held, 9000), render(pedalled, 9000)];
    const rate = damperContact(half / 127) * damperRate(60);
    expect(damperContact(half / 127)).toBeCloseTo(0.5, 5);
    expect(b[8000]!).toBeCloseTo(a[8000]! * Math.exp((-rate * (8000 - 1001)) / RATE), 6);
  });
});

describe('a restrike under the pedal', () => {
  it('lets what rings ring on', () => {
    const engine = strings();
    const [first, second] = [strings(), strings()];
    engine.control(SUSTAIN, 127);
    first.control(SUSTAIN, 127);
    for (const piano of [engine, first]) {
      piano.noteOn(60, 0.9, 0);
      piano.noteOff(60, 3000);
    }
    for (const piano of [engine, second]) piano.noteOn(60, 0.5, 9600);
    const both = render(engine, 20000);
    const [a, b] = [render(first, 20000), render(second, 20000)];
    expect(distance(both, a.map((value, n) => value + b[n]!))).toBeLessThan(1e-6);
    expect(engine.voices).toBe(2);
  });

  it('lets the quietest of a key go where there would be more than four', () => {
    const engine = strings();
    engine.control(SUSTAIN, 127);
    for (let i = 0; i < 8; i++) {
      engine.noteOn(60, 0.9);
      render(engine, 2400);
    }
    expect(engine.voices).toBe(4);
  });
});

describe('where all voices are used', () => {
  it('the quietest one fades, the loudest stays', () => {
    const engine = strings();
    engine.noteOn(40, 1);
    for (let i = 0; i < 62; i++) engine.noteOn(45 + (i % 31), 0.5);
    engine.noteOn(44, 0.05);
    render(engine, 2048);
    expect(engine.voices).toBe(64);
    const levels = new Uint8Array(88);
    engine.noteOn(43, 0.5);
    render(engine, 512);
    engine.readLevels(levels);
    expect(engine.voices).toBe(64);
    expect(levels[43 - 21]).toBeGreaterThan(0);
    expect(levels[40 - 21]).toBeGreaterThan(0);
    expect(levels[44 - 21]).toBe(0);
  });

  it('many strikes at once still come, without a click', () => {
    const engine = strings();
    engine.control(SUSTAIN, 127);
    for (let i = 0; i < 300; i++) engine.noteOn(21 + (i % 88), 0.2, i * 16);
    const out = render(engine, RATE / 2);
    let steepest = 0;
    for (let n = 1; n < out.length; n++) steepest = Math.max(steepest, Math.abs(out[n]! - out[n - 1]!));
    expect(engine.voices).toBeGreaterThanOrEqual(64);
    expect(steepest).toBeLessThan(0.5 * peakOf(out));
  });
});

describe('silence on demand', () => {
  const cases: [string, (engine: Engine) => void][] = [
    ['panic', (engine): void => engine.panic()],
    ['all sound off', (engine): void => engine.control(120, 0)],
  ];
  it.each(cases)('comes within 10 ms of %s, without a click', (_, silence) => {
    const engine = smallPiano();
    engine.control(SUSTAIN, 127);
    for (let i = 0; i < 30; i++) engine.noteOn(30 + 2 * i, 0.8);
    const before = render(engine, 9600);
    silence(engine);
    const after = render(engine, 9600);
    expect(Math.abs(after[0]! - before[before.length - 1]!)).toBeLessThan(0.3 * peakOf(before));
    expect(peakOf(after, 480)).toBeLessThan(1e-3 * peakOf(before));
    expect(engine.voices).toBe(0);
  });

  it('forgets what was to come in a panic, and lifts keys and pedal', () => {
    const engine = smallPiano();
    engine.control(SUSTAIN, 127);
    engine.noteOn(60, 0.9, 20000);
    render(engine, 128);
    engine.panic();
    // The pedal has made a noise, and the WaveNet remembers it for a moment.
    render(engine, 2400);
    expect(peakOf(render(engine, 30000))).toBe(0);
    expect(engine.sustain).toBe(0);
  });

  it('all notes off releases all keys, and the pedal goes on holding', () => {
    const engine = strings();
    engine.noteOn(60, 0.9);
    engine.control(SUSTAIN, 127);
    render(engine, 2400);
    engine.control(123, 0);
    expect(fall(render(engine, 9600), 0.05)).toBeGreaterThan(-12);
    engine.control(121, 0);
    expect(fall(render(engine, RATE / 2), 0.02)).toBeLessThan(-40);
  });

  it('comes back to exact zero when all has died away', () => {
    const engine = smallPiano();
    engine.noteOn(108, 0.9);
    engine.noteOn(60, 0.9);
    engine.noteOff(60, 2000);
    render(engine, 30 * RATE);
    expect(engine.voices).toBe(0);
    expect(peakOf(render(engine, 1000))).toBe(0);
    engine.noteOn(60, 0.9);
    expect(peakOf(render(engine, 1000))).toBeGreaterThan(0.001);
  });
});

describe('a strike softer than any that the model has heard', () => {
  it('is the softest that was heard, and falls on by 1.25 dB for each dB of velocity', () => {
    const [softest, softer] = [strings(), strings()];
    softest.noteOn(60, 13 / 127, 0);
    softer.noteOn(60, 4 / 127, 0);
    const gain = (4 / 13) ** 1.25;
    const expected = render(softest, RATE / 2).map((sample) => gain * sample);
    expect(distance(render(softer, RATE / 2), expected)).toBeLessThan(1e-5 * peakOf(expected));
  });

  it('is louder the harder it is', () => {
    const levels = Array.from({ length: 20 }, (_, i) => {
      const engine = strings();
      engine.noteOn(48, (i + 2) / 127, 0);
      const sound = render(engine, RATE / 4);
      return rms(sound, 0, sound.length);
    });
    levels.slice(0, 12).forEach((level, i) => expect(levels[i + 1]).toBeGreaterThan(level));
  });
});
