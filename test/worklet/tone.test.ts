import { describe, expect, it } from 'vitest';
import { renderReference } from '../../model/reference/render.ts';
import { concertCents, evenTuning } from '../../model/temperament.ts';
import { peakNear, spectrumOf } from '../../model/corpus/spectrum.ts';
import { fundamental, partialFrequency } from '../../model/tuning.ts';
import type { Engine } from '../../worklet/engine/engine.ts';
import { StagedEngine, type StagedEngineOptions } from '../../worklet/engine/staged-engine.ts';
import { PLAIN_TONE, toneOf, tunedTimbre } from '../../worklet/engine/tone.ts';
import { RATE, SMALL_SPEC, distance, kernelBuilds, peakOf, randomTimbre, randomWeights, render, smallPiano } from './fixtures.ts';

const SPEC = { ...SMALL_SPEC, strings: { ...SMALL_SPEC.strings, partials: 8 }, noise: { bands: 34 }, waveNet: { ...SMALL_SPEC.waveNet, channels: 8, dilations: [1, 2, 4] } };
const WEIGHTS = randomWeights(SPEC, 1);
const STYLE = randomTimbre(SPEC, 2);
const SEED = 5;

/** What the reference knows: strikes, and neither answers to them nor the noise of keys. */
function piano(): Engine {
  const engine = smallPiano({ weights: WEIGHTS, style: STYLE, seed: SEED, resonance: 0 });
  engine.setMechanics(false);
  return engine;
}

/** A low note, with nothing else. */
function low(): Engine {
  const engine = smallPiano();
  engine.setNoise(false);
  engine.setWaveNet(false);
  engine.noteOn(33, 0.9, 0);
  return engine;
}

describe('the tone of the engine', () => {
  it('agrees with the float64 reference within 1e-4 of the peak', () => {
    const length = RATE / 4;
    const tone = { brightness: 2.3, hammer: -0.6 };
    const events = [40, 60, 83].map((note, i) => ({ type: 'noteOn' as const, note, velocity: 0.7, sample: 1000 * i + 7 }));
    const { embedding, keys, levels, voicing, tuning } = STYLE;
    const style = { embedding: Array.from(embedding), keys: keys!.map((key) => Array.from(key)), levels: Array.from(levels!), voicing: voicing!, tuning };
    const { output } = renderReference(WEIGHTS, style, events, { length, seed: SEED, tone });
    const engine = piano();
    engine.setTone(tone.brightness, tone.hammer);
    for (const { note, velocity, sample } of events) engine.noteOn(note, velocity, sample);
    const out = render(engine, length);
    expect(distance(out, output)).toBeLessThan(1e-4 * peakOf(output));
    const plain = piano();
    for (const { note, velocity, sample } of events) plain.noteOn(note, velocity, sample);
    expect(distance(out, render(plain, length))).toBeGreaterThan(0.1 * peakOf(output));
  });

  it('grows brighter as it sounds: soon it sounds as if it had always been so, and nothing clicked', () => {
    const [before, after] = [low(), low()];
    before.setTone(3, 0);
    // The hammer has struck already.
    const [always, then] = [render(before, RATE), render(after, RATE / 2)];
    after.setTone(3, 0);
    const rest = render(after, RATE / 2);
    const whole = Float32Array.of(...then, ...rest);
    expect(distance(rest.subarray(RATE / 8), always.subarray(RATE / 2 + RATE / 8))).toBeLessThan(1e-4 * peakOf(always));
    let top = Float64Array.from(whole);
    for (let i = 0; i < 12; i++) top = top.map((x, n) => 0.5 * (x - (top[n - 1] ?? x)));
    expect(peakOf(top, RATE / 4)).toBeLessThan(1e-4 * peakOf(whole));
  });

  it('has other hammers only for the strikes that follow', () => {
    const [plain, hard] = [low(), low()];
    const [a, b] = [render(plain, RATE / 8), render(hard, RATE / 8)];
    expect(b).toEqual(a);
    hard.setTone(0, 1);
    expect(render(hard, RATE / 8)).toEqual(render(plain, RATE / 8));
    for (const engine of [plain, hard]) engine.noteOn(45, 0.8);
    expect(distance(render(hard, RATE / 8), render(plain, RATE / 8))).toBeGreaterThan(1e-3);
  });

  it('stays when an engine follows another one', () => {
    const [old, next] = [low(), smallPiano()];
    old.setTone(-2, 0.5);
    old.bend(130);
    render(old, RATE / 4);
    next.setNoise(false);
    next.setWaveNet(false);
    next.reset();
    next.follow(old, RATE / 4);
    render(next, 4800);
    const [a, b] = [render(next, 4800), render(old, 9600).subarray(4800)];
    expect(distance(a, b)).toBeLessThan(1e-3 * peakOf(b));
  });

  it('leaves of a timbre all but the tuning as it is', () => {
    const timbre = { ...STYLE, room: { decaySeconds: 0.5, highDecaySeconds: 0.1, level: 0.3 } };
    expect(tunedTimbre(timbre, { ...PLAIN_TONE, inTune: 0.5 })).toEqual({ ...timbre, tuning: evenTuning(STYLE.tuning, 0.5) });
  });

  it('is bounded to its ranges, and plain where it is no number', () => {
    expect(toneOf({ brightness: 9, hammer: -9, concertPitch: 100, inTune: 2 })).toEqual({ brightness: 3, hammer: -1, concertPitch: 415, inTune: 1 });
    expect(toneOf({ brightness: NaN, concertPitch: NaN })).toEqual(PLAIN_TONE);
  });
});

it('off line, concert pitch and tuning are heard as they are set', () => {
  const note = 57;
  const tuning = evenTuning(STYLE.tuning, 1);
  const place = partialFrequency(fundamental(tuning, note), tuning.inharmonicity[note - 21]!, 1);
  const heard = (options: Partial<StagedEngineOptions>, around: number): number => {
    const engine = new StagedEngine({ module: kernelBuilds()[0]!.module, weights: WEIGHTS, style: STYLE, sampleRate: RATE, width: 0, room: 0, ...options });
    engine.noteOn(note, 0.8, 0);
    const [left, right] = [new Float32Array(1.5 * RATE), new Float32Array(1.5 * RATE)];
    engine.render(left, right);
    return peakNear(spectrumOf(left.subarray(RATE / 2), RATE), around, 0.03 * around)!.frequency;
  };
  const cents = (a: number, b: number): number => Math.abs(1200 * Math.log2(a / b));
  const expected = place * 2 ** (concertCents(430) / 1200);
  const set = heard({ concertPitch: 430, inTune: 1 }, expected);
  // The two modes of a partial beat, on a piano that was made so as well.
  expect(cents(set, expected)).toBeLessThan(1);
  expect(cents(set, heard({ style: { ...STYLE, tuning } }, place) * 2 ** (concertCents(430) / 1200))).toBeLessThan(0.2);
});
