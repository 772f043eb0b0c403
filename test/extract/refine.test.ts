import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Recording } from '../../model/audio/recording.ts';
import { Backgrounds, type Sounding } from '../../model/extract/background.ts';
import { hearStrikes } from '../../model/extract/heard-strikes.ts';
import { noiseFloors, type Floor } from '../../model/extract/noise-floor.ts';
import { refineStyle, type Refinement } from '../../model/extract/refine.ts';
import { Score } from '../../model/extract/score.ts';
import { ControlMap, createControls } from '../../model/controls.ts';
import type { Performance, PerformanceEvent } from '../../model/performance.ts';
import { Random } from '../../model/random.ts';
import { noteNetwork } from '../../model/reference/note-network.ts';
import { renderReference, type ReferenceStyle } from '../../model/reference/render.ts';
import { decoderTensors } from '../../model/tensors.ts';
import { startBackend } from '../../model/train/backend.ts';
import { Outline } from '../../model/train/outline/outline.ts';
import { targetView } from '../../model/train/outline/target.ts';
import { CONTROLS, type StrikeControls } from '../../model/train/outline/view-loss.ts';
import { fundamental, typicalTuning } from '../../model/tuning.ts';
import { FINE, PLAIN_VOICING, type Voicing } from '../../model/voicing.ts';
import { RATE, SMALL_SPEC, randomVoicing, randomWeights, render, smallPiano } from '../worklet/fixtures.ts';

const SECONDS = 12;
const tuning = typicalTuning();
const weights = randomWeights(SMALL_SPEC, 3);
const embedding = [0.4, -0.3, 0.2, 0.5, -0.6];
/** Without details, as keys sound together here. */
const { tonesDetail, strikeDetail, bodyDetail } = PLAIN_VOICING;
const truth: Voicing = { ...randomVoicing(9), tonesDetail, strikeDetail, bodyDetail };

const NOTES = [45, 57, 64, 52, 69, 40, 60, 72, 48, 55, 81, 36, 67, 76, 50];
const events: PerformanceEvent[] = [
  ...NOTES.flatMap((note, i): PerformanceEvent[] => [
    { seconds: 0.3 + 0.7 * i, type: 'noteOn', note, velocity: 0.5 + 0.03 * i },
    { seconds: 1.6 + 0.7 * i, type: 'noteOff', note },
  ]),
].sort((a, b) => a.seconds - b.seconds);
const performance: Performance = { name: 'test.mid', seconds: SECONDS, events };

/** What the engine, which shares no code with the graph, makes of it: a quarter as loud, as recordings have any level. */
function recording(voicing: Voicing | undefined, played: Performance = performance): Float32Array {
  const engine = smallPiano({ weights, style: { embedding, tuning, ...(voicing && { voicing }) } });
  engine.setWaveNet(false);
  // What no style can explain.
  engine.setMechanics(false);
  engine.setResonance(0);
  for (const event of played.events) {
    // A recording's strike is heard a millisecond after the hammer's.
    const frame = Math.round(event.seconds * RATE) - 48;
    if (event.type === 'noteOn') engine.noteOn(event.note, event.velocity, frame);
    else if (event.type === 'noteOff') engine.noteOff(event.note, frame);
  }
  return render(engine, SECONDS * RATE).map((sample) => 0.25 * sample);
}

let outline: Outline;
let p: Map<string, tf.Tensor>;
beforeAll(async () => {
  await startBackend('wasm');
  outline = new Outline(SMALL_SPEC);
  p = new Map(decoderTensors(SMALL_SPEC).map(({ name, shape }) => [name, tf.tensor(weights.tensors.get(name)!, [...shape])]));
});

const mono = (sound: Float32Array): Recording => ({ sampleRate: RATE, channels: [sound] });
const silent = (): Floor[] => outline.views.map(({ edges }) => ({ power: new Float32Array(edges.length - 1), bands: edges.length - 1 }));

describe('the floor of a recording', () => {
  const random = new Random(2);
  const noise = Float32Array.from({ length: 4 * RATE }, () => 0.01 * random.normal());

  it('is the expected periodogram of the noise between the notes', () => {
    const tone = noise.map((sample, n) => sample + (n > 2 * RATE ? 0.5 * Math.sin((2 * Math.PI * 440 * n) / RATE) : 0));
    const floors = noiseFloors(mono(tone), outline.views);
    for (const [v, view] of outline.views.entries()) {
      const { power } = floors[v]!;
      // Variance times the energy of a Hann window, in each bin.
      const expected = 0.01 ** 2 * 0.375 * view.window;
      const errors = [...power].map((value, band) => 10 * Math.log10(value / (expected * (view.edges[band + 1]! - view.edges[band]!))));
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      expect(Math.abs(mean)).toBeLessThan(1);
    }
  });

  it('ends where a recording holds no more', () => {
    const view = outline.views[0]!;
    const partials = Array.from({ length: 40 }, (_, k) => 200 * (k + 1));
    const dull = Float32Array.from({ length: 2 * RATE }, (_, n) => partials.reduce((sum, hertz) => sum + 0.01 * Math.exp((-2 * n) / RATE) * Math.sin((2 * Math.PI * hertz * n) / RATE), 0));
    const bands = noiseFloors(mono(dull), outline.views)[0]!.bands;
    const highest = (view.edges[bands]! * RATE) / view.window;
    expect(highest).toBeGreaterThan(8000);
    expect(highest).toBeLessThan(9500);
  });

  it('says that there is nothing in silence', () => {
    expect(noiseFloors(mono(new Float32Array(RATE)), outline.views).map(({ bands }) => bands)).toEqual(outline.views.map(() => 0));
  });
});

describe('strikes of a recording', () => {
  it('are of all keys before any key has two, and last as long as they are heard', () => {
    const often: Performance = {
      ...performance,
      events: [...events, { seconds: 11, type: 'noteOn', note: 45, velocity: 0.5 } as const, { seconds: 11.3, type: 'noteOff', note: 45 } as const],
    };
    const heard = hearStrikes(mono(recording(undefined)), new Score(often, RATE), outline.views, silent(), NOTES.length);
    expect(heard.map(({ strike }) => strike.note).sort((a, b) => a - b)).toEqual([...NOTES].sort((a, b) => a - b));
    for (const { strike, targets } of heard) {
      const [long] = targets;
      const end = strike.start / RATE + outline.views[0]!.starts[long!.frames - 1]! * (256 / RATE);
      // 1.3 s until the key comes up, and what the damper leaves after it.
      if (strike.note < 70) expect(end).toBeLessThan(strike.release / RATE + 0.5);
      expect(long!.gain![0]).toBe(1);
    }
  });

  it('do not cancel between two microphones', () => {
    const sound = recording(undefined);
    const score = new Score(performance, RATE);
    const far = sound.map((_, n) => -0.5 * (sound[n - 20] ?? 0));
    const powers = (channels: Float32Array[]): Float32Array[] =>
      hearStrikes({ sampleRate: RATE, channels }, score, outline.views, silent(), 9).map(({ targets: [long] }) => long!.power);
    const [near, other, both] = [powers([sound]), powers([far]), powers([sound, far])];
    expect(both).toHaveLength(near.length);
    both.forEach((power, i) => power.forEach((value, band) => expect(value).toBeCloseTo((near[i]![band]! + other[i]![band]!) / 2, 4)));
    expect(powers([sound, sound.map((sample) => -sample)])).toEqual(near);
  });

  it('are none where nothing was played, nor where nothing is heard', () => {
    const none = new Score({ ...performance, events: [] }, RATE);
    expect(hearStrikes(mono(recording(undefined)), none, outline.views, silent(), 9)).toEqual([]);
    expect(hearStrikes(mono(new Float32Array(SECONDS * RATE)), new Score(performance, RATE), outline.views, silent(), 9)).toEqual([]);
  });
});

describe('what sounds beside a strike', () => {
  it('is what the float64 reference plays of the others', async () => {
    const style: ReferenceStyle = { embedding, tuning };
    const [first, second] = [48, 64];
    const played: Performance = {
      name: 'two.mid',
      seconds: 2,
      events: [
        { seconds: 0.1, type: 'noteOn', note: first, velocity: 0.7 },
        { seconds: 0.3, type: 'noteOn', note: second, velocity: 0.7 },
        { seconds: 0.6, type: 'noteOff', note: first },
      ],
    };
    const score = new Score(played, RATE);
    const length = 1.2 * RATE;
    const heard = hearStrikes(mono(new Float32Array(length).fill(0.1)), score, outline.views, silent(), 9).find(({ strike }) => strike.note === second)!;
    const controls = createControls(SMALL_SPEC);
    new ControlMap(SMALL_SPEC).apply(noteNetwork(SMALL_SPEC, weights.tensors, first, 0.7, embedding), fundamental(tuning, first), tuning.inharmonicity[first - 21]!, 0.7, controls);
    const sounding: Sounding[] = [
      {
        strike: score.strikes.find(({ note }) => note === first)!,
        f0: fundamental(tuning, first),
        inharmonicity: tuning.inharmonicity[first - 21]!,
        controls: Object.fromEntries(CONTROLS.map((name) => [name, Float32Array.from(name === 'attackRate' ? [controls.attackRate] : controls[name])])) as unknown as StrikeControls,
      },
    ];
    // The other strike alone, averaged over draws of its noise; its strike is a millisecond before what is heard of it.
    const at = (seconds: number): number => Math.round(seconds * RATE) - 48;
    const renderings = Array.from({ length: 6 }, (_, seed) => {
      const { strings, noise } = renderReference({ spec: SMALL_SPEC, tensors: weights.tensors }, style, [
        { sample: at(0.1), type: 'noteOn', note: first, velocity: 0.7 },
        { sample: at(0.6), type: 'noteOff', note: first },
      ], { length, seed: seed + 1 });
      return Float32Array.from(strings, (value, n) => value + noise[n]!);
    });
    const backgrounds = new Backgrounds(outline, score, RATE);
    for (const v of [0, 1]) {
      const view = outline.views[v]!;
      const bands = view.edges.length - 1;
      const { frames } = heard.targets[v]!;
      const power = await backgrounds.power(heard.strike, sounding, v, new Float32Array(bands), frames);
      const rendered = renderings.map((sound) => targetView(view, sound, at(0.3)).power);
      for (let f = 0; f < frames; f++) {
        const whole = (values: ArrayLike<number>): number => Array.from({ length: bands }, (_, band) => values[f * bands + band]!).reduce((sum, value) => sum + value, 0);
        const expected = rendered.reduce((sum, values) => sum + whole(values), 0) / renderings.length;
        expect(Math.abs(10 * Math.log10(whole(power) / expected)), `view ${v}, frame ${f}`).toBeLessThan(1.5);
      }
    }
  }, 60_000);
});

describe('refinement', () => {
  const refine = (sound: Float32Array, steps: number, signal = new AbortController().signal, heard = false): Promise<Refinement | undefined> =>
    refineStyle(SMALL_SPEC, p, mono(sound), performance, { embedding, tuning }, { steps, heard, signal });

  it('finds what is odd in the piano that plays, on strikes that it did not learn from', async () => {
    const tensors = tf.memory().numTensors;
    const { before: floor } = (await refine(recording(undefined), 1))!;
    const { before, after, steps, voicing } = (await refine(recording(truth), 120))!;
    expect(tf.memory().numTensors).toBe(tensors);
    expect(steps).toBeGreaterThan(20);
    expect(after - floor).toBeLessThan(0.6 * (before - floor));
    // Where there are partials and keys, the tones go where the piano's own lie.
    const pairs = [2, 3, 4].flatMap((row) => [3, 4, 5].map((point) => [truth.tones[row]![point]!, voicing.tones[row]![point]!] as const));
    const middle = (side: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
    const [mx, my] = [middle(0), middle(1)];
    const covariance = pairs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
    const spread = (side: 0 | 1, mean: number): number => Math.sqrt(pairs.reduce((sum, pair) => sum + (pair[side] - mean) ** 2, 0));
    expect(covariance / (spread(0, mx) * spread(1, my))).toBeGreaterThan(0.6);
  }, 240_000);

  it('learns details of a piano, where its keys are heard alone', async () => {
    const alone: Performance = {
      ...performance,
      events: NOTES.slice(0, 7).flatMap((note, i): PerformanceEvent[] => [
        { seconds: 0.1 + 1.65 * i, type: 'noteOn', note, velocity: 0.5 + 0.03 * i },
        { seconds: 0.9 + 1.65 * i, type: 'noteOff', note },
      ]),
    };
    // A comb that octaves cannot say, the same for all keys.
    const comb = FINE.keys.map(() => FINE.frequencies.map((_, point) => 8 * Math.sin((2 * Math.PI * point) / 3)));
    const sound = recording({ ...PLAIN_VOICING, tonesDetail: comb }, alone);
    const { voicing } = (await refineStyle(SMALL_SPEC, p, mono(sound), alone, { embedding, tuning }, { steps: 120, heard: false, signal: new AbortController().signal }))!;
    const row = voicing.tonesDetail[FINE.keys.indexOf(57)]!;
    const likeness = [...row.keys()].slice(9, 18).reduce((sum, point) => sum + row[point]! * Math.sin((2 * Math.PI * point) / 3), 0);
    expect(likeness).toBeGreaterThan(4);
    const { voicing: together } = (await refine(recording({ ...PLAIN_VOICING, tonesDetail: comb }), 20))!;
    expect(together.tonesDetail.flat().every((value) => value === 0)).toBe(true);
  }, 240_000);

  it('moves the embedding less where the notes were only heard', async () => {
    const { signal } = new AbortController();
    const moved = async (heard: boolean): Promise<number> => {
      const refined = (await refine(recording(truth), 60, signal, heard))!;
      return Math.hypot(...refined.embedding.map((value, i) => value - embedding[i]!));
    };
    const played = await moved(false);
    expect(played).toBeGreaterThan(0.02);
    expect(await moved(true)).toBeLessThan(0.7 * played);
  }, 120_000);

  it('stops where it is told to, with what it has', async () => {
    const { embedding: refined, before, after, steps } = (await refine(recording(truth), 40, AbortSignal.abort()))!;
    expect([refined, steps]).toEqual([embedding, 0]);
    expect(after).toBe(before);
  }, 60_000);

  it.each([1104, -1920])('hears strikes where they are, in a recording that comes %i samples late', async (late) => {
    const sound = recording(truth);
    const { before } = (await refine(sound, 0))!;
    const { before: moved } = (await refine(sound.map((_, n) => sound[n - late] ?? 0), 0))!;
    expect(Math.abs(moved - before)).toBeLessThan(0.02 * before);
  }, 60_000);

  it('is of no use where nothing is heard', async () => {
    expect(await refine(new Float32Array(SECONDS * RATE), 5)).toBeUndefined();
  });
});
