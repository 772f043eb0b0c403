import { describe, expect, it } from 'vitest';
import { createControls, type Controls } from '../../model/controls.ts';
import { peakNear, spectrumOf } from '../../model/corpus/spectrum.ts';
import { fundamental, partialFrequency, partialPhase, typicalInharmonicity } from '../../model/tuning.ts';
import { RESET_CONTROLLERS, type Engine } from '../../worklet/engine/engine.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { Layout } from '../../worklet/engine/layout.ts';
import { Strings } from '../../worklet/engine/strings.ts';
import { RATE, SMALL_SPEC, distance, kernelBuilds, peakOf, randomTimbre, randomWeights, render, rms, smallPiano, withoutBeats } from './fixtures.ts';

const TICK = SMALL_SPEC.tick;

function controlsOf(frequencies: readonly number[]): Controls {
  const controls = createControls(SMALL_SPEC);
  controls.partialCount = frequencies.length;
  frequencies.forEach((frequency, i) => {
    controls.frequency[i] = frequency;
    controls.promptAmplitude[i] = 0.08;
    controls.aftersoundAmplitude[i] = 0.03;
    controls.promptRate[i] = 0.7 + i;
    controls.aftersoundRate[i] = 0.1 + 0.1 * i;
  });
  return controls;
}

/** Strings whose frequencies are `ratioOf(tick)` times their own in each tick. */
function ringBent(module: WebAssembly.Module, controls: Controls, ticks: number, ratioOf: (tick: number) => number): Float32Array {
  const layout = new Layout();
  const strings = new Strings(layout, SMALL_SPEC, 1);
  const kernel = new Kernel(module, layout);
  strings.attach(kernel);
  strings.strike(0, controls, 0, ratioOf(0));
  const out = new Float32Array(ticks * TICK);
  for (let tick = 0; tick < ticks; tick++) {
    if (tick > 0 && ratioOf(tick) !== ratioOf(tick - 1)) strings.bend(0, ratioOf(tick), ratioOf(tick) - ratioOf(tick - 1));
    strings.ring(0);
    out.set(kernel.floats(strings.tick(0), TICK), tick * TICK);
  }
  return out;
}

/** The same in float64, sample by sample: the phase of each partial is the sum of its frequencies so far. */
function expectedBent(controls: Controls, ticks: number, ratioOf: (tick: number) => number): Float64Array {
  const out = new Float64Array(ticks * TICK);
  for (let i = 0; i < controls.partialCount; i++) {
    let turned = 0;
    for (let n = 0; n < out.length; n++) {
      const t = n / RATE;
      const envelope = controls.promptAmplitude[i]! * Math.exp(-controls.promptRate[i]! * t) + controls.aftersoundAmplitude[i]! * Math.exp(-controls.aftersoundRate[i]! * t);
      out[n]! += envelope * Math.sin(2 * Math.PI * controls.frequency[i]! * (turned / RATE) + partialPhase(i + 1));
      turned += ratioOf(Math.floor(n / TICK));
    }
  }
  return out;
}

describe.each(kernelBuilds())('bent strings, $name SIMD', ({ module }) => {
  const controls = controlsOf([27.5, 55.03, 82.6, 1046.5, 5000, 9000]);

  it.each([
    ['a wheel that goes up two semitones and back', (tick: number): number => 2 ** (Math.min(tick, 400, Math.max(0, 1200 - tick)) / 400 / 6)],
    ['a vibrato', (tick: number): number => 2 ** ((0.5 * Math.sin(tick / 40)) / 12)],
    ['a leap of an octave down and up again', (tick: number): number => (tick > 300 && tick < 900 ? 0.5 : 1)],
    ['a pitch that it was struck with', (): number => 2 ** (-1 / 12)],
  ])('follow %s in phase with a float64 sum of their frequencies', (_, ratioOf) => {
    const ticks = 3000;
    expect(distance(ringBent(module, controls, ticks, ratioOf), expectedBent(controls, ticks, ratioOf))).toBeLessThan(5e-6);
  });

  it('fall silent where a bend takes them above the limit, without a fold or a click, and sound again on the way back', () => {
    const ticks = 3000;
    const treble = controlsOf([20000]);
    const ratioOf = (tick: number): number => 1 + 0.3 * Math.sin((Math.PI * tick) / ticks);
    const out = ringBent(module, treble, ticks, ratioOf);
    const silent = [Math.ceil(ticks * 0.4), Math.floor(ticks * 0.6)] as const;
    expect(peakOf(out, silent[0] * TICK, silent[1] * TICK)).toBe(0);
    expect(peakOf(out, out.length - 2000)).toBeGreaterThan(0.02);
    // Whatever folds back comes down from half of the rate while the ratio goes on rising.
    const below = lowPassed(out);
    for (let tick = 20; tick < ticks - 20; tick += 20) expect(rms(below, tick * TICK, (tick + 20) * TICK)).toBeLessThan(1e-3 * peakOf(out));
  });
});

/** Averages of neighbours, twelve times: the top is taken away, what lies below a quarter of the rate hardly. */
function lowPassed(signal: ArrayLike<number>): Float64Array {
  let out = Float64Array.from(signal);
  for (let i = 0; i < 12; i++) out = out.map((x, n) => 0.5 * (x + (out[n - 1] ?? 0)));
  return out;
}

const NOTE = 57;
const PIANO = randomTimbre(SMALL_SPEC, 2);

/** Cents that the first partial of `note` lies above its place on the unbent piano. */
function centsAbove(samples: Float32Array, note = NOTE): number {
  const own = partialFrequency(fundamental(PIANO.tuning, note), typicalInharmonicity(note), 1);
  for (const around of [1, 2, 0.5, 2 ** (1 / 3), 2 ** (1 / 6), 2 ** (-1 / 6)]) {
    const peak = peakNear(spectrumOf(samples, RATE), around * own, 0.06 * own);
    if (peak !== undefined) return 1200 * Math.log2(peak.frequency / own);
  }
  return NaN;
}

function settled(engine: Engine): Float32Array {
  render(engine, RATE / 4);
  return render(engine, RATE);
}

describe('a bend of the engine', () => {
  const quiet = (): Engine => {
    const engine = smallPiano({ style: PIANO, weights: withoutBeats(randomWeights(SMALL_SPEC, 1)) });
    engine.setNoise(false);
    engine.setWaveNet(false);
    return engine;
  };

  it.each([[200], [-200], [50], [-7.5], [0]])('of %f cents is heard as such within 0.1 cents, whether it came before the strike or after', (cents) => {
    for (const before of [true, false]) {
      const engine = quiet();
      if (before) engine.bend(cents);
      engine.noteOn(NOTE, 0.8, 0);
      if (!before) engine.bend(cents, undefined, 4800);
      const samples = settled(engine);
      const own = partialFrequency(fundamental(PIANO.tuning, NOTE), typicalInharmonicity(NOTE), 1) * 2 ** (cents / 1200);
      const { frequency } = peakNear(spectrumOf(samples, RATE), own, 0.01 * own)!;
      expect(Math.abs(1200 * Math.log2(frequency / own))).toBeLessThan(0.1);
    }
  });

  it('adds up with the tuning and with the bend of a key, which bends no other key', () => {
    const engine = quiet();
    engine.tune(-31.8);
    engine.bend(20);
    engine.bend(30, NOTE);
    engine.noteOn(NOTE, 0.8, 0);
    expect(centsAbove(settled(engine))).toBeCloseTo(18.2, 1);
    const other = quiet();
    other.tune(-31.8);
    other.bend(30, NOTE + 1);
    other.noteOn(NOTE, 0.8, 0);
    expect(centsAbove(settled(other))).toBeCloseTo(-31.8, 1);
  });

  it('of a key leaves what that key struck before where it was', () => {
    const engine = quiet();
    engine.control(64, 127);
    engine.noteOn(NOTE, 1, 0);
    engine.noteOff(NOTE, 100);
    engine.bend(-60, NOTE, 2000);
    engine.noteOn(NOTE, 0.05, 2000);
    // The strong strike of before is what is heard of the two.
    expect(centsAbove(settled(engine))).toBeCloseTo(0, 0);
  });

  it('goes with a reset of all controllers, and the tuning stays', () => {
    const engine = quiet();
    engine.tune(12);
    engine.bend(40);
    engine.bend(20, NOTE);
    engine.noteOn(NOTE, 0.8, 0);
    engine.control(RESET_CONTROLLERS, 0, 4800);
    expect(centsAbove(settled(engine))).toBeCloseTo(12, 1);
  });

  it('costs the samples nothing where there is none: they are the same to the last bit', () => {
    const [plain, bent] = [smallPiano(), smallPiano()];
    bent.bend(0);
    bent.tune(0);
    for (const engine of [plain, bent]) for (const note of [30, 50, 70]) engine.noteOn(note, 0.8, note);
    expect(render(bent, RATE)).toEqual(render(plain, RATE));
  });

  it('does not click: above all partials nothing is heard as it moves', () => {
    const highest = (samples: Float32Array): number => {
      // Differences of the twelfth order: what lies far above the partials, and hardly what lies among them.
      let out = Float64Array.from(samples);
      for (let i = 0; i < 12; i++) out = out.map((x, n) => 0.5 * (x - (out[n - 1] ?? x)));
      return peakOf(out, 4800);
    };
    const play = (bend: (engine: Engine) => void): Float32Array => {
      const engine = quiet();
      engine.noteOn(33, 0.9, 0);
      bend(engine);
      return render(engine, RATE);
    };
    const still = play(() => undefined);
    const moved = play((engine) => {
      for (let i = 0; i < 40; i++) engine.bend(i % 2 === 0 ? 200 : -200, undefined, 9600 + 900 * i);
    });
    expect(distance(moved, still)).toBeGreaterThan(0.1 * peakOf(still));
    expect(highest(moved)).toBeLessThan(1e-4 * peakOf(still));
  });

  it('holds through a change of style, in phase with what sounded', () => {
    const engine = quiet();
    engine.noteOn(NOTE, 0.8, 0);
    engine.bend(100, undefined, 4800);
    render(engine, 12000);
    const steady = quiet();
    steady.noteOn(NOTE, 0.8, 0);
    steady.bend(100, undefined, 4800);
    render(steady, 12000);
    // The same style anew: the voice that takes over sounds as the one that goes.
    engine.setStyle(PIANO);
    const [after, before] = [render(engine, 4800), render(steady, 4800)];
    expect(distance(after, before)).toBeLessThan(1e-4 * peakOf(before));
  });

  it('counts neither below 21 nor above 108, nor where it is no number', () => {
    const engine = quiet();
    engine.bend(100, 20);
    engine.bend(100, 109);
    engine.bend(NaN);
    engine.tune(NaN);
    engine.noteOn(NOTE, 0.8, 0);
    expect(centsAbove(settled(engine))).toBeCloseTo(0, 1);
  });

  it('stays finite at the ends of its range, in thousands of bends a second', () => {
    const engine = smallPiano();
    for (const note of [21, 60, 108]) engine.noteOn(note, 1, 0);
    for (let i = 0; i < 900; i++) engine.bend(i % 2 === 0 ? 99_999 : -99_999, [undefined, 21, 60, 108][i % 4], 10 * i);
    const out = render(engine, RATE);
    expect(out.every(Number.isFinite)).toBe(true);
    expect(engine.faults).toBe(0);
  });
});
