import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ControlMap, createControls } from '../../model/controls.ts';
import { STRIKE_LEAD } from '../../model/corpus/strike-lead.ts';
import { knockSound } from '../../model/knock.ts';
import { Random } from '../../model/random.ts';
import { addStrings } from '../../model/reference/voice.ts';
import { MODE_NUMBERS, applyModes } from '../../model/key-modes.ts';
import { FIRST_NOTE, noteOutputSize, type Spec } from '../../model/spec.ts';
import { adamStep, createAdam } from '../../model/train/adam.ts';
import { startBackend } from '../../model/train/backend.ts';
import type { TrainingBank, TrainingNote } from '../../model/train/data/corpus-view.ts';
import { KnockBands } from '../../model/train/knock/knock-bands.ts';
import { KnockLoss, type RecordedKnocks } from '../../model/train/knock/knock-loss.ts';
import { knockPowers } from '../../model/train/knock/knock-power.ts';
import { bestLag, knockTarget, knockWeights, moved, type PlayedStrings } from '../../model/train/knock/knock-target.ts';
import { lowStrings } from '../../model/train/knock/low-strings.ts';
import type { StrikeControls } from '../../model/train/outline/view-loss.ts';
import { outlineViews } from '../../model/train/outline/views.ts';
import { parameterCount, parameterLayout, toTensors, view } from '../../model/train/parameters.ts';
import { GradientStep, learningTensors, type StageSizes } from '../../model/train/step.ts';
import { fundamental, startPhases, typicalTuning } from '../../model/tuning.ts';
import { SMALL_SPEC, randomFlat, randomStyle } from './small-model.ts';

const spec: Spec = { ...SMALL_SPEC, knock: { waves: 8, samples: 256, divisor: 12 } };
const RATE = spec.sampleRate;
const NOTE = 72;
const f0 = fundamental(typicalTuning(), NOTE);
const ONSET = 2000;
const style = randomStyle(spec, 8);

/** What its string plays, as loud as the recorded one. */
const strings: PlayedStrings = { partials: [f0, 2 * f0, 3 * f0], sound: Float64Array.from({ length: RATE }, (_, n) => stringAt(n)) };

function stringAt(n: number): number {
  return n < 0 ? 0 : 0.2 * (1 - Math.exp(-n / 100)) * Math.exp(-n / 9000) * Math.sin((2 * Math.PI * f0 * n) / RATE);
}

/** A knock of three tones that fade, n samples after the strike; softer strikes are lower. */
function knockAt(n: number, velocity: number): number {
  const t = n / RATE;
  if (t < 0) return 0;
  const rise = 1 - Math.exp(-t / 0.004);
  return rise * [180, 410, 700].reduce((sum, hertz, i) => sum + Math.exp(-t * (40 + 20 * i)) * Math.sin(2 * Math.PI * (hertz + 10 * velocity) * t + i), 0);
}

/** That knock under a string of the key, its onset `late` samples late. */
function recording(velocity: number, late = 0): TrainingNote {
  const audio = Float32Array.from({ length: RATE }, (_, i) => {
    const n = i - (ONSET - STRIKE_LEAD) - late;
    return 0.01 * knockAt(n, velocity) + stringAt(n);
  });
  return { note: NOTE, velocity, samples: audio.length, onset: ONSET, audio: () => audio };
}

beforeAll(() => startBackend('wasm'));

describe('the knock of a recorded strike', () => {
  const target = knockTarget(spec, recording(0.5), strings);
  const { samples, divisor } = spec.knock;
  /** The last part fades. */
  const whole = 0.75 * samples;
  const share = (x: Float32Array, of: (n: number) => number): number => {
    let [error, energy] = [0, 0];
    for (let n = 0; n < whole; n++) {
      error += (x[n]! - of(n * divisor)) ** 2;
      energy += of(n * divisor) ** 2;
    }
    return error / energy;
  };

  it('is what sounds between the partials', () => {
    expect(share(moved(target, spec.knock, 0), (n) => 0.01 * knockAt(n, 0.5))).toBeLessThan(0.02);
  });

  it('leaves out what the strings play there', () => {
    const silent = knockTarget(spec, recording(0.5), { ...strings, sound: new Float64Array(RATE) });
    expect(share(moved(silent, spec.knock, 0), (n) => 0.01 * knockAt(n, 0.5))).toBeGreaterThan(0.1);
  });

  it.each([-50, -7, 0, 23, 80])('is found where it is %i samples late', (late) => {
    const played = moved(target, spec.knock, 0);
    const lag = bestLag(knockTarget(spec, recording(0.5, late), strings), spec.knock, played, knockWeights(spec));
    expect(Math.abs(lag - late)).toBeLessThanOrEqual(6);
  });
});

describe('what strings play where knocks are', () => {
  it('is what the float64 reference plays', () => {
    const controls = createControls(spec);
    const low = 45;
    const raw = Float64Array.from({ length: noteOutputSize(spec) }, (_, i) => 0.3 * Math.sin(i));
    const { tuning } = style;
    const pitch = fundamental(tuning, low);
    const inharmonicity = tuning.inharmonicity[low - FIRST_NOTE]!;
    new ControlMap(spec).apply(raw, pitch, inharmonicity, 0.7, controls);
    startPhases(tuning, low, controls.phase);
    const modes = [1, ...Array.from({ length: 7 * MODE_NUMBERS.length }, (_, i) => Math.round(30 * Math.sin(3 * i)))];
    const played = lowStrings(spec, { ...controls, attackRate: [controls.attackRate] } as unknown as StrikeControls, pitch, inharmonicity, controls.phase, modes, 9000);
    applyModes(controls, modes);
    const sounding = played.partials.length;
    const expected = new Float64Array(9000);
    addStrings(spec, { start: 0, controls: { ...controls, partialCount: sounding }, damper: new Float64Array(9000).fill(1) }, expected);
    expect(sounding).toBeGreaterThan(10);
    expected.forEach((x, n) => expect(played.sound[n]).toBeCloseTo(x, 9));
  });
});

describe('the distance of a knock', () => {
  const loss = new KnockLoss(spec);
  const { samples } = spec.knock;
  const bank = { id: 'one', row: 0, tuning: typicalTuning(), notes: [], weight: 1, prior: 1 };
  const strikes = [{ bank, note: recording(0.5) }, { bank, note: { ...recording(0.5), note: 30 } }];
  const random = new Random(4);
  const played = Float32Array.from({ length: 2 * samples }, (_, n) => 0.008 * knockAt((n % samples) * spec.knock.divisor, 0.5) + 0.00005 * random.normal());
  const layout = parameterLayout(spec);
  const flat = randomFlat(spec, 1);
  const recorded = (): Promise<RecordedKnocks> => loss.record(toTensors(flat, layout), strikes, played);

  it('is 0 for the recorded one, 1 for silence, and nothing where a key has none', async () => {
    const target = await recorded();
    const shares = async (x: Float32Array): Promise<number[]> => [...(await loss.unexplained(tf.tensor2d(x, [2, samples]), target).data())];
    const scale = target.scale.dataSync();
    const own = Float32Array.from(target.samples.dataSync(), (x, i) => x / (scale[Math.floor(i / samples)]! || 1));
    expect(target.has).toEqual([true, false]);
    expect((await shares(own))[0]).toBeLessThan(1e-3);
    expect((await shares(new Float32Array(played.length)))[0]).toBeCloseTo(1, 4);
    expect((await shares(played))[1]).toBe(0);
  });

  it('hears a thud as well as a click that is 25 dB louder', () => {
    const rate = RATE / spec.knock.divisor;
    const tone = (hertz: number, amplitude: number): Float32Array => Float32Array.from({ length: samples }, (_, n) => amplitude * Math.sin((Math.PI * n) / samples) ** 2 * Math.sin((2 * Math.PI * hertz * n) / rate));
    const [thud, click] = [tone(200, 0.06), tone(700, 1)];
    const bands = new KnockBands(spec);
    const both = tf.tensor2d(thud.map((x, n) => x + click[n]!), [1, samples]);
    const left = (error: Float32Array): number => bands.energies(tf.tensor2d(error, [1, samples])).mul(bands.shares(both)).sum().dataSync()[0]!;
    expect(left(thud)).toBeGreaterThan(0.3);
    expect(left(click)).toBeLessThan(0.7);
    expect(left(thud.map((x, n) => x + click[n]!))).toBeCloseTo(1, 5);
    expect(left(new Float32Array(samples))).toBe(0);
  });

  it('has the gradient that finite differences say', async () => {
    const target = await recorded();
    const at = (x: Float32Array): number => loss.loss(tf.tensor2d(x, [2, samples]), target).dataSync()[0]!;
    const gradient = tf.grad((x) => loss.loss(x as tf.Tensor2D, target))(tf.tensor2d(played, [2, samples])).dataSync();
    for (const i of [1, 77, 200, samples - 1]) {
      const step = 1e-2;
      const [up, down] = [played.slice(), played.slice()];
      up[i]! += step;
      down[i]! -= step;
      expect(gradient[i]! / ((at(up) - at(down)) / (2 * step))).toBeCloseTo(1, 2);
    }
  });
});

describe('the power of a knock', () => {
  it('is that of its sound', () => {
    const samples = Float32Array.from({ length: spec.knock.samples }, (_, n) => Math.sin((2 * Math.PI * 500 * n * 12) / RATE));
    const v = outlineViews(RATE)[1]!;
    const power = knockPowers(spec, [v], samples, [{ frames: v.starts.length }])[0]!;
    const bands = v.edges.length - 1;
    const frame = v.starts.findIndex((start) => start >= 16);
    const total = power.subarray(frame * bands, (frame + 1) * bands).reduce((sum, p) => sum + p, 0);
    // Parseval, for a real tone of amplitude 1 under a Hann window: half of the windowed energy is on either side of 0 Hz.
    expect(total / ((v.window * v.window * 0.375 * 0.5) / 2)).toBeCloseTo(1, 2);
    expect(power.subarray(-bands).every((p) => p === 0)).toBe(true);
    expect(knockSound(spec, samples).length / RATE).toBeLessThan(0.1);
  });
});

describe('the stage of knocks', () => {
  it('learns the waveforms of strikes whose onsets are not known to the sample, and leaves all else as it is', async () => {
    const random = new Random(9);
    const notes = Array.from({ length: 24 }, (_, i) => recording(i / 23, Math.round(random.between(-20, 20))));
    const bank: TrainingBank = { id: 'one', row: 0, tuning: typicalTuning(), notes, weight: 1, prior: 1 };
    const layout = parameterLayout(spec);
    const step = new GradientStep(spec, layout, [bank], { knocks: { strikes: 24, elsewhere: 0, blur: 0 } } as unknown as StageSizes);
    const flat = randomFlat(spec, 3);
    const start = flat.slice();
    const adam = createAdam(parameterCount(layout));
    const losses: number[] = [];
    for (let i = 0; i < 300; i++) {
      const { loss, gradient } = await step.compute(flat, i, 'knocks');
      losses.push(loss);
      adamStep(flat, gradient, adam, 0.01);
    }
    expect(losses[0]).toBeGreaterThan(0.9);
    expect(losses.at(-1)).toBeLessThan(0.15);
    const learning = new Set(learningTensors(spec, layout, 'knocks').map(({ name }) => name));
    for (const slice of layout.filter(({ name }) => !learning.has(name))) expect(view(flat, slice)).toEqual(view(start, slice));
  });
});
