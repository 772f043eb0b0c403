import { describe, expect, it } from 'vitest';
import { createControls, type Controls } from '../../model/controls.ts';
import { hannWindow } from '../../model/hann-window.ts';
import { MODE_NUMBERS, MODE_STEPS, applyModes, mixModes } from '../../model/key-modes.ts';
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

/** Amplitude of the first partial over the first second, in 25 windows. */
function envelope(controls: Controls, modes: number[]): number[] {
  applyModes(controls, modes);
  const sound = played({ ...controls, partialCount: 1 }, 1);
  const window = hannWindow(sound.length / 25);
  return Array.from({ length: 25 }, (_, w) => {
    let [re, im] = [0, 0];
    window.forEach((weight, i) => {
      const n = w * window.length + i;
      const angle = (2 * Math.PI * 200 * n) / DEFAULT_SPEC.sampleRate;
      re += weight * sound[n]! * Math.cos(angle);
      im += weight * sound[n]! * Math.sin(angle);
    });
    return (4 * Math.hypot(re, im)) / window.length;
  });
}

describe('between two keys', () => {
  const mixed = (a: number[], b: number[], t: number): number[] => {
    const out = new Array<number>(Math.max(a.length, b.length)).fill(0);
    mixModes(a, b, t, out);
    return out;
  };
  const one = [1, ...row({ offset: 0.4, beat: 1.6, lead: 0.4375, level: 2, aftersound: 6 })];
  const other = [1, ...row({ offset: -0.4, beat: -2.4, lead: 0.4375, level: -2, aftersound: 6 })];

  it('is each of them at its end', () => {
    expect(mixed(one, other, 0)).toEqual(one.map((value) => expect.closeTo(value, 9)));
    const end = mixed(one, other, 1);
    envelope(twoPartials(), end).forEach((level, w) => expect(level).toBeCloseTo(envelope(twoPartials(), other)[w]!, 6));
  });

  it('goes from one beat to another, on whichever side they are, and takes leads the short way round', () => {
    // The lead of the one is 0.4375 of a turn, that of the other, seen from the same side, 0.125 of a turn more.
    expect(Math.abs(mixed(one, other, 0.25)[2]! * MODE_STEPS.beat)).toBeCloseTo(1.8, 9);
    expect(mixed(one, other, 0.25)[3]! * MODE_STEPS.lead).toBeCloseTo(0.4375 + 0.25 * 0.125, 9);
    expect(mixed(one, other, 0.75)[2]! * MODE_STEPS.beat).toBeCloseTo(-2.2, 9);
  });

  it('does not jump where the nearer one changes, nor where one of them is not known', () => {
    for (const [a, b] of [[one, other], [other, []], [[], other]] as const) {
      for (let t = 0; t < 0.995; t += 0.01) {
        const [here, next] = [envelope(twoPartials(), mixed([...a], [...b], t)), envelope(twoPartials(), mixed([...a], [...b], t + 0.01))];
        const step = here.reduce((sum, x, w) => sum + (x - next[w]!) ** 2, 0) / here.reduce((sum, x) => sum + x * x, 0);
        expect(Math.sqrt(step)).toBeLessThan(0.03);
      }
    }
  });
});

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
