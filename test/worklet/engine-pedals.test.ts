import { describe, expect, it } from 'vitest';
import type { Engine } from '../../worklet/engine/engine.ts';
import { SOFT, SOSTENUTO, SUSTAIN } from '../../worklet/engine/engine.ts';
import { RATE, distance, peakOf, render, rms, smallPiano } from './fixtures.ts';

function strings(): Engine {
  const engine = smallPiano({ resonance: 0 });
  engine.setWaveNet(false);
  engine.setNoise(false);
  return engine;
}

/** Two pianos with the same strike at 0. */
function pair(note: number): [Engine, Engine] {
  const both: [Engine, Engine] = [strings(), strings()];
  for (const engine of both) engine.noteOn(note, 0.9, 0);
  return both;
}

describe('the sostenuto pedal', () => {
  it('holds the keys that are down as it goes down, until it comes up', () => {
    const [held, caught] = pair(52);
    caught.control(SOSTENUTO, 127, 1000);
    caught.noteOff(52, 2000);
    expect(distance(render(held, 12000), render(caught, 12000))).toBe(0);
    caught.control(SOSTENUTO, 0);
    held.noteOff(52);
    expect(distance(render(held, 12000), render(caught, 12000))).toBe(0);
    expect(rms(render(caught, RATE), 0.9 * RATE, RATE)).toBeLessThan(1e-4);
  });

  it('lets go of keys that go down later, and of keys that had come up', () => {
    for (const [on, off, down] of [[2000, 5000, 1000], [0, 1000, 2000]] as const) {
      const [without, pedalled] = [strings(), strings()];
      for (const engine of [without, pedalled]) {
        engine.noteOn(52, 0.9, on);
        engine.noteOff(52, off);
      }
      pedalled.control(SOSTENUTO, 127, down);
      expect(distance(render(without, RATE), render(pedalled, RATE))).toBe(0);
    }
  });

  it('holds a caught key that is struck and released again', () => {
    const [held, caught] = pair(60);
    caught.control(SOSTENUTO, 100, 500);
    for (const engine of [held, caught]) {
      engine.noteOff(60, 1000);
      engine.noteOn(60, 0.7, 3000);
    }
    held.control(SUSTAIN, 127, 500);
    caught.noteOff(60, 5000);
    expect(distance(render(held, RATE), render(caught, RATE))).toBe(0);
  });

  it('comes up with a reset of all controllers, and with a panic', () => {
    for (const lift of [(engine: Engine): void => engine.control(121, 0), (engine: Engine): void => engine.panic()]) {
      const engine = strings();
      engine.noteOn(52, 0.9, 0);
      engine.control(SOSTENUTO, 127, 100);
      engine.noteOff(52, 200);
      render(engine, 4800);
      lift(engine);
      render(engine, RATE);
      expect(engine.voices).toBe(0);
      engine.noteOn(52, 0.9);
      render(engine, 480);
      engine.noteOff(52);
      render(engine, RATE);
      expect(engine.voices).toBe(0);
    }
  });
});

describe('the una corda pedal', () => {
  /** Power above and below a frequency, by first differences against the whole: more is brighter. */
  const brightness = (samples: Float32Array): number => {
    let [difference, whole] = [0, 0];
    for (let n = 1; n < samples.length; n++) {
      difference += (samples[n]! - samples[n - 1]!) ** 2;
      whole += samples[n]! ** 2;
    }
    return difference / whole;
  };

  const strike = (note: number, depth: number): Float32Array => {
    const engine = smallPiano();
    engine.setWaveNet(false);
    engine.control(SOFT, depth, 0);
    engine.noteOn(note, 0.8, 10);
    return render(engine, RATE / 2);
  };

  it.each([33, 48, 60, 72, 84])('makes strikes of note %i softer and darker, by its depth', (note) => {
    const [open, half, down] = [0, 64, 127].map((depth) => strike(note, depth)) as [Float32Array, Float32Array, Float32Array];
    // The start alone: what the prompt sound loses, the aftersound gains in part.
    const level = (samples: Float32Array): number => 20 * Math.log10(rms(samples, 10, 0.08 * RATE));
    expect(level(half)).toBeLessThan(level(open) - 0.3);
    expect(level(down)).toBeLessThan(level(half) - 0.3);
    expect(level(down)).toBeGreaterThan(level(open) - 8);
    expect(brightness(half)).toBeLessThan(brightness(open));
    expect(brightness(down)).toBeLessThan(brightness(half));
  });

  it('changes nothing for strings that sound already', () => {
    const [without, pedalled] = pair(60);
    pedalled.control(SOFT, 127, 1000);
    expect(distance(render(without, 12000), render(pedalled, 12000))).toBe(0);
    expect(peakOf(render(without, 100))).toBeGreaterThan(0);
  });
});
