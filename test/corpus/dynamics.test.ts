import { describe, expect, it } from 'vitest';
import { REFERENCE_LEVEL, layerGains, velocityLevel, type MeasuredStrike } from '../../model/corpus/dynamics.ts';

function strikes(layers: readonly [velocity: number, level: number][]): MeasuredStrike[] {
  return layers.flatMap(([velocity, level], i) =>
    [48, 60, 72, 100].map((note) => ({ note, layer: i + 1, velocity, level: note === 100 ? level - 20 : level })),
  );
}

describe('the loudness of a bank', () => {
  it('with natural dynamics is moved as a whole, to the reference at velocity 80', () => {
    const gains = layerGains({ naturalDynamics: true }, strikes([[40, -40], [80, -31], [120, -25]]));
    expect([...gains.values()]).toEqual([5, 5, 5].map((gain) => gain + REFERENCE_LEVEL + 26));
  });

  it('is read between two layers where none has velocity 80', () => {
    const gains = layerGains({ naturalDynamics: true }, strikes([[40, -36], [160, -24]]));
    expect(gains.get(1)).toBeCloseTo(REFERENCE_LEVEL + 30, 9);
  });

  it('without natural dynamics follows the velocity curve, whatever the levels of its layers', () => {
    const gains = layerGains({ naturalDynamics: false }, strikes([[40, -14], [110, -15]]));
    expect(-14 + gains.get(1)!).toBeCloseTo(REFERENCE_LEVEL + velocityLevel(40), 9);
    expect(-15 + gains.get(2)!).toBeCloseTo(REFERENCE_LEVEL + velocityLevel(110), 9);
  });

  it('of a single layer is the reference', () => {
    expect(layerGains({ naturalDynamics: true }, strikes([[80, -11]])).get(1)).toBeCloseTo(REFERENCE_LEVEL + 11, 9);
  });

  it('rises with velocity about as hammer speed does', () => {
    expect(velocityLevel(80)).toBe(0);
    expect(velocityLevel(127) - velocityLevel(25.4)).toBeGreaterThan(14);
    expect(velocityLevel(127) - velocityLevel(25.4)).toBeLessThan(24);
  });
});
