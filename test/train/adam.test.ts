import { describe, expect, it } from 'vitest';
import { adamStep, clipGradient, createAdam } from '../../model/train/adam.ts';

describe('Adam', () => {
  it('makes the steps that the paper works out by hand', () => {
    const parameters = new Float32Array([1, -2]);
    const state = createAdam(2);
    adamStep(parameters, new Float32Array([0.5, -4]), state, 0.1);
    // After bias correction the first step is the rate times the sign of the gradient.
    expect(parameters[0]).toBeCloseTo(0.9, 5);
    expect(parameters[1]).toBeCloseTo(-1.9, 5);
    adamStep(parameters, new Float32Array([0.1, -4]), state, 0.1);
    const mean = (0.9 * 0.1 * 0.5 + 0.1 * 0.1) / (1 - 0.81);
    const variance = (0.999 * 0.001 * 0.25 + 0.001 * 0.01) / (1 - 0.999 ** 2);
    expect(parameters[0]).toBeCloseTo(0.9 - (0.1 * mean) / Math.sqrt(variance), 5);
  });

  it('leaves parameters alone that do not learn', () => {
    const parameters = new Float32Array([1, 2]);
    const state = createAdam(2);
    adamStep(parameters, new Float32Array([1, 0]), state, 0.1);
    expect(parameters[1]).toBe(2);
    expect(state.steps[1]).toBe(0);
  });

  it('finds the bottom of a bowl', () => {
    const parameters = new Float32Array([5, -3]);
    const state = createAdam(2);
    for (let i = 0; i < 2000; i++) {
      adamStep(parameters, Float32Array.from(parameters, (x, at) => 2 * (x - at)), state, 0.02);
    }
    expect(parameters[0]).toBeCloseTo(0, 2);
    expect(parameters[1]).toBeCloseTo(1, 2);
  });

  it('shortens a gradient that is too long and keeps its direction', () => {
    const gradient = new Float32Array([3, 4]);
    expect(clipGradient(gradient, 1)).toBeCloseTo(5, 5);
    expect([...gradient]).toEqual([expect.closeTo(0.6, 5), expect.closeTo(0.8, 5)]);
  });
});
