import { describe, expect, it } from 'vitest';
import { ControlMap, createControls, type Controls } from '../../model/controls.ts';
import { DEFAULT_SPEC, noteOutputSize } from '../../model/spec.ts';
import { softenStrike } from '../../model/una-corda.ts';

function controlsOf(note: number, depth: number): Controls {
  const controls = createControls(DEFAULT_SPEC);
  new ControlMap(DEFAULT_SPEC).apply(new Float64Array(noteOutputSize(DEFAULT_SPEC)), 440 * 2 ** ((note - 69) / 12), 3e-4, 0.7, controls);
  softenStrike(controls, note, depth);
  return controls;
}

const decibels = (ratio: number): number => 20 * Math.log10(ratio);

describe('a strike under the una corda pedal', () => {
  it('is the same strike where the pedal is up', () => {
    const [up, plain] = [controlsOf(60, 0), controlsOf(60, 0)];
    expect(up).toEqual(plain);
  });

  it('loses 3 dB and 1.6 more in each octave of partials, power of prompt and aftersound together', () => {
    const [open, soft] = [controlsOf(60, 0), controlsOf(60, 1)];
    const power = ({ promptAmplitude: p, aftersoundAmplitude: a }: Controls, i: number): number => p[i]! ** 2 + a[i]! ** 2;
    for (const k of [1, 2, 4, 8]) {
      expect(decibels(Math.sqrt(power(soft, k - 1) / power(open, k - 1)))).toBeCloseTo(-3 - 1.6 * Math.log2(k), 6);
    }
  });

  it('has more aftersound in proportion, and less noise of the hammer than of the body', () => {
    const [open, soft] = [controlsOf(60, 0), controlsOf(60, 1)];
    const share = ({ promptAmplitude: p, aftersoundAmplitude: a }: Controls): number => a[0]! / p[0]!;
    expect(share(soft)).toBeGreaterThan(1.1 * share(open));
    expect(soft.strikeAmplitude[10]! / open.strikeAmplitude[10]!).toBeLessThan(soft.bodyAmplitude[10]! / open.bodyAmplitude[10]!);
  });

  it('does less to single strings in the bass', () => {
    const loss = (note: number): number => controlsOf(note, 1).promptAmplitude[0]! / controlsOf(note, 0).promptAmplitude[0]!;
    expect(loss(25)).toBeGreaterThan(loss(38));
    expect(loss(38)).toBeGreaterThan(loss(60));
    expect(loss(60)).toBeCloseTo(loss(90), 12);
  });
});
