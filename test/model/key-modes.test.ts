import { describe, expect, it } from 'vitest';
import { createControls, type Controls } from '../../model/controls.ts';
import { MODE_NUMBERS, MODE_STEPS, applyModes } from '../../model/key-modes.ts';
import { addStrings } from '../../model/reference/voice.ts';
import { DEFAULT_SPEC } from '../../model/spec.ts';

/** Two partials that do not rise, with modes of one frequency. */
function twoPartials(): Controls {
  const controls = createControls(DEFAULT_SPEC);
  Object.assign(controls, { partialCount: 2, attackRate: 1e9 });
  controls.frequency.set([200, 401]);
  controls.phase.set([1.1, -0.4]);
  controls.promptAmplitude.set([0.4, 0.02]);
  controls.aftersoundAmplitude.set([0.1, 0.06]);
  controls.promptRate.set([3, 5]);
  controls.aftersoundRate.set([1, 2]);
  return controls;
}

function played(controls: Controls, seconds: number): Float64Array {
  const out = new Float64Array(Math.round(seconds * DEFAULT_SPEC.sampleRate));
  addStrings(DEFAULT_SPEC, { start: 0, controls, damper: new Float64Array(out.length).fill(1) }, out);
  return out;
}

/** Amplitude and phase of the first partial in the 10 ms from `seconds` on, two periods of it. */
function heard(controls: Controls, frequency: number, seconds: number): { amplitude: number; phase: number } {
  const rate = DEFAULT_SPEC.sampleRate;
  const [start, length] = [seconds * rate, 0.01 * rate];
  const sound = played({ ...controls, partialCount: 1 }, seconds + 0.03);
  let [re, im] = [0, 0];
  for (let n = start; n < start + length; n++) {
    const angle = (2 * Math.PI * frequency * n) / rate;
    re += (2 * sound[n]! * Math.sin(angle)) / length;
    im += (2 * sound[n]! * Math.cos(angle)) / length;
  }
  return { amplitude: Math.hypot(re, im), phase: Math.atan2(im, re) };
}

const row = (values: Partial<Record<(typeof MODE_NUMBERS)[number], number>>): number[] => MODE_NUMBERS.map((name) => (values[name] ?? 0) / MODE_STEPS[name]);

describe('what is known of the modes of a key', () => {
  it('is nothing where its row is empty, and says nothing of partials beyond it', () => {
    const [plain, empty, short] = [twoPartials(), twoPartials(), twoPartials()];
    applyModes(empty, []);
    expect(empty).toEqual(plain);
    applyModes(short, [1, ...row({ level: 6 })]);
    expect(short.promptAmplitude[0]).toBeCloseTo(0.4 * 10 ** 0.3, 12);
    expect(short.promptAmplitude[1]).toBe(plain.promptAmplitude[1]);
  });

  it('makes both modes louder, and one more so', () => {
    const controls = twoPartials();
    applyModes(controls, [1, ...row({ level: -3, aftersound: 5 })]);
    expect(20 * Math.log10(controls.promptAmplitude[0]! / 0.4)).toBeCloseTo(-3, 9);
    expect(20 * Math.log10(controls.aftersoundAmplitude[0]! / 0.1)).toBeCloseTo(2, 9);
  });

  it('lets a partial beat, and start with its phase all the same', () => {
    const controls = twoPartials();
    controls.promptRate.fill(0);
    controls.aftersoundRate.fill(0);
    applyModes(controls, [1, ...row({ beat: 2, lead: 0.25, offset: 0.5 })]);
    // A quarter of a turn ahead at first, half a turn after an eighth of a second, and a whole one after three.
    expect(heard(controls, 200.5, 0).phase).toBeCloseTo(1.1, 1);
    expect(heard(controls, 200.5, 0.12).amplitude).toBeCloseTo(0.3, 2);
    expect(heard(controls, 200.5, 0.37).amplitude).toBeCloseTo(0.5, 2);
  });

  it('changes how fast each mode falls', () => {
    const controls = twoPartials();
    applyModes(controls, [1, ...row({}), ...row({ promptRate: Math.LN2, aftersoundRate: -Math.LN2 })]);
    expect([...controls.promptRate.subarray(0, 2)]).toEqual([3, expect.closeTo(10, 1)]);
    expect([...controls.aftersoundRate.subarray(0, 2)]).toEqual([1, expect.closeTo(1, 1)]);
  });
});
