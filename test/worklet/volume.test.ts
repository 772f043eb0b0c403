import { describe, expect, it } from 'vitest';
import { EXPRESSION, RESET_CONTROLLERS, VOLUME, type Engine } from '../../worklet/engine/engine.ts';
import { RATE, render, rms, smallPiano } from './fixtures.ts';

const SETTLED = 0.1 * RATE;

function struck(...controls: readonly (readonly [number, number])[]): Engine {
  const engine = smallPiano();
  for (const [controller, value] of controls) engine.control(controller, value, 0);
  engine.noteOn(60, 0.8, 4800);
  return engine;
}

/** dB of an engine's strike over that of one nobody has turned down. */
function level(engine: Engine): number {
  const levelOf = (each: Engine): number => rms(render(each, RATE / 2), SETTLED, RATE / 2);
  return 20 * Math.log10(levelOf(engine) / levelOf(struck()));
}

describe('volume and expression', () => {
  it.each([[127], [100], [64], [10]])('have the gain that General MIDI 2 recommends, at %d', (value) => {
    expect(level(struck([VOLUME, value]))).toBeCloseTo(40 * Math.log10(value / 127), 4);
    expect(level(struck([EXPRESSION, value]))).toBeCloseTo(40 * Math.log10(value / 127), 4);
  });

  it('add up in dB', () => {
    expect(level(struck([VOLUME, 90], [EXPRESSION, 50]))).toBeCloseTo(40 * Math.log10((90 * 50) / 127 ** 2), 4);
  });

  it('leave every sample as it is at full', () => {
    expect(render(struck([VOLUME, 127], [EXPRESSION, 127]), RATE)).toEqual(render(struck(), RATE));
  });

  it('glide without a step, and are silence at 0', () => {
    const [full, turned] = [struck(), struck()];
    turned.control(VOLUME, 0, RATE / 2);
    const [before, after] = [render(full, RATE), render(turned, RATE)];
    let steepest = 0;
    for (let n = RATE / 2; n < RATE / 2 + 2000; n++) {
      if (Math.abs(before[n]!) < 1e-6 || Math.abs(before[n - 1]!) < 1e-6) continue;
      steepest = Math.max(steepest, Math.abs(after[n]! / before[n]! - after[n - 1]! / before[n - 1]!));
    }
    // A fall of 5 ms: from one sample to the next no more than 1/240 of it.
    expect(steepest).toBeLessThan(1 / 200);
    expect(rms(after, 0.8 * RATE, RATE)).toBe(0);
  });

  it('come back with a reset of all controllers, as far as practice RP-015 wants it', () => {
    expect(level(struck([EXPRESSION, 20], [RESET_CONTROLLERS, 0]))).toBeCloseTo(0, 6);
    expect(level(struck([VOLUME, 20], [RESET_CONTROLLERS, 0]))).toBeCloseTo(40 * Math.log10(20 / 127), 4);
    const engine = struck([VOLUME, 20], [EXPRESSION, 20]);
    render(engine, RATE);
    engine.reset();
    engine.noteOn(60, 0.8, 4800);
    expect(level(engine)).toBeCloseTo(0, 6);
  });
});
