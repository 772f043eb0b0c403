import { describe, expect, it } from 'vitest';
import { CEILING, OutputStage } from '../../worklet/engine/output-stage.ts';

const RATE = 48000;
const run = (signal: readonly number[]): number[] => {
  const stage = new OutputStage(RATE);
  const block = Float32Array.from(signal);
  stage.process(block);
  return [...block];
};
const sine = (hertz: number, amplitude: number, seconds: number): number[] =>
  Array.from({ length: seconds * RATE }, (_, n) => amplitude * Math.sin((2 * Math.PI * hertz * n) / RATE));
const peak = (signal: readonly number[]): number => signal.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

describe('the output stage', () => {
  it('changes nothing below the ceiling but to block DC', () => {
    const signal = sine(440, 0.9, 0.5);
    // At 440 Hz a high-pass at 3 Hz turns the phase by 3 / 440 and leaves the level alone.
    const turned = signal.map((_, n) => 0.9 * Math.sin((2 * Math.PI * 440 * n) / RATE + 3 / 440));
    const out = run(signal);
    for (let n = 0.4 * RATE; n < out.length; n++) expect(Math.abs(out[n]! - turned[n]!)).toBeLessThan(1e-3);
  });

  it('lets the lowest string pass and holds DC back', () => {
    const low = run(sine(27.5, 0.5, 2)).slice(RATE);
    expect(20 * Math.log10(peak(low) / 0.5)).toBeGreaterThan(-0.1);
    const held = run(new Array<number>(2 * RATE).fill(0.7));
    expect(Math.abs(held.at(-1)!)).toBeLessThan(1e-6);
  });

  it('never exceeds the ceiling, and lets go of what comes after', () => {
    const loud = sine(220, 20, 0.5);
    const quiet = sine(220, 0.5, 1.5);
    const out = run([...loud, ...quiet]);
    expect(peak(out)).toBeLessThanOrEqual(CEILING + 1e-12);
    // A sine far over the ceiling stays nearly a sine: gain follows its peaks, not each half wave.
    const steady = out.slice(0.3 * RATE, 0.5 * RATE);
    const power = (values: readonly number[]): number => values.reduce((sum, x) => sum + x * x, 0) / values.length;
    expect(power(steady) / (CEILING ** 2 / 2)).toBeLessThan(1.05);
    const alone = run(quiet);
    for (let n = RATE; n < 1.5 * RATE; n++) expect(Math.abs(out[loud.length + n]! - alone[n]!)).toBeLessThan(1e-3);
  });

  it('ends in exact silence', () => {
    expect(run([...sine(110, 0.9, 0.1), ...new Array<number>(3 * RATE).fill(0)]).at(-1)).toBe(0);
  });
});
