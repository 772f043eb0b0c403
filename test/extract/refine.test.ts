import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPassages, type Passage } from '../../model/extract/passages.ts';
import { refineEmbedding, type Refinement } from '../../model/extract/refine.ts';
import type { Performance, PerformanceEvent } from '../../model/performance.ts';
import { noiseSignals } from '../../model/reference/noise.ts';
import { decoderTensors } from '../../model/tensors.ts';
import { startBackend } from '../../model/train/backend.ts';
import { FRAME } from '../../model/train/graph/scene.ts';
import type { NoisePool } from '../../model/train/graph/noise.ts';
import type { Weights } from '../../model/weights.ts';
import { typicalTuning } from '../../model/tuning.ts';
import { RATE, SMALL_SPEC, randomWeights, render, smallPiano } from '../worklet/fixtures.ts';

const LENGTH = 4096;
const SECONDS = 5;
const POOL = 2 ** 15;
const tuning = typicalTuning();
const weights = distinctPianos();
const truth = [0.9, -1.1, 0.6, 1.4, -0.7];

const events: PerformanceEvent[] = [
  { seconds: 0.1, type: 'control', controller: 64, value: 127 },
  ...[45, 57, 64, 52, 69, 40, 60, 72, 48, 55].flatMap((note, i): PerformanceEvent[] => [
    { seconds: 0.3 + 0.4 * i, type: 'noteOn', note, velocity: 0.5 + 0.04 * i },
    { seconds: 0.6 + 0.4 * i, type: 'noteOff', note },
  ]),
  { seconds: 1.95, type: 'control', controller: 64, value: 0 },
].sort((a, b) => a.seconds - b.seconds) as PerformanceEvent[];
const performance: Performance = { name: 'test.mid', seconds: SECONDS, events };

/** Weights under which another embedding is clearly another piano. */
function distinctPianos(): Weights {
  const weights = randomWeights(SMALL_SPEC, 3);
  const { hidden } = SMALL_SPEC.noteNetwork;
  const first = weights.tensors.get('note.0.weight')!;
  const styleRows = first.subarray(first.length - SMALL_SPEC.style.size * hidden[0]!);
  styleRows.forEach((value, i) => (styleRows[i] = 5 * value));
  const last = weights.tensors.get(`note.${hidden.length}.weight`)!;
  last.forEach((value, i) => (last[i] = 5 * value));
  return weights;
}

/** What the engine, which shares no code with the graph, makes of it: a quarter as loud, as recordings have any level. */
function recording(): Float32Array {
  const engine = smallPiano({ weights, style: { embedding: truth, tuning } });
  engine.setWaveNet(false);
  // What no embedding can explain.
  engine.setMechanics(false);
  engine.setResonance(0);
  for (const event of events) {
    // A recording's strike is heard a millisecond after the hammer's.
    const frame = Math.round(event.seconds * RATE) - 48;
    if (event.type === 'noteOn') engine.noteOn(event.note, event.velocity, frame);
    else if (event.type === 'noteOff') engine.noteOff(event.note, frame);
    else if (event.type === 'control') engine.control(event.controller, event.value, frame);
  }
  return render(engine, SECONDS * RATE).map((sample) => 0.25 * sample);
}

const findIn = (sound: Float32Array): Passage[] => findPassages(SMALL_SPEC, sound, performance, tuning, { length: LENGTH, count: 20, noise: POOL });

function noisePool(): NoisePool {
  const { bands } = SMALL_SPEC.noise;
  const signals = new Float32Array(bands * POOL);
  noiseSignals(SMALL_SPEC, 1, POOL).forEach((signal, band) => signals.set(signal, band * POOL));
  return { bands, length: POOL, signals };
}

describe('passages of a recording', () => {
  const passages = findIn(recording());

  it('start just before a strike, with all voices that ring', () => {
    expect(passages).toHaveLength(10);
    passages.forEach(({ scene, target }, i) => {
      expect(scene.start).toContain(FRAME);
      expect(scene.strikes.note).toContain(events.filter((event) => event.type === 'noteOn')[i]!.note);
      const before = target.subarray(0, FRAME - 60).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      const after = target.subarray(FRAME).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      expect(after).toBeGreaterThan(before);
    });
    // Under the pedal they gather; after it came up, only what is held.
    expect(passages[4]!.scene.voices).toBe(5);
    expect(passages[9]!.scene.voices).toBeLessThan(4);
  });

  it('hold dampers up under the pedal and let them fall after it', () => {
    const { scene } = passages[4]!;
    const first = scene.strikes.note.indexOf(45);
    const gains = scene.damper!.subarray(first * LENGTH, (first + 1) * LENGTH);
    expect(gains[0]).toBe(1);
    expect(gains[LENGTH - 1]).toBeLessThan(1);
  });

  it('are none where nothing was played', () => {
    expect(findIn(new Float32Array(SECONDS * RATE))).toEqual([]);
  });
});

describe('refinement', () => {
  let p: Map<string, tf.Tensor>;
  beforeAll(async () => {
    await startBackend('wasm');
    p = new Map(decoderTensors(SMALL_SPEC).map(({ name, shape }) => [name, tf.tensor(weights.tensors.get(name)!, [...shape])]));
  });

  it('comes most of the way to the piano that plays, on passages that it did not learn from', async () => {
    const passages = findIn(recording());
    const refine = (embedding: readonly number[], steps: number): Promise<Refinement> =>
      refineEmbedding(SMALL_SPEC, p, passages, embedding, noisePool(), { steps, signal: new AbortController().signal });
    // Noise is never the same twice: the piano's own embedding leaves a loss, too.
    const { before: floor } = await refine(truth, 1);
    const start = [0, 0, 0, 0, 0];
    const tensors = tf.memory().numTensors;
    const { embedding, before, after, steps } = await refine(start, 90);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(steps).toBeGreaterThan(6);
    expect(after - floor).toBeLessThan(0.3 * (before - floor));
    const distance = (z: readonly number[]): number => Math.hypot(...z.map((value, i) => value - truth[i]!));
    expect(distance(embedding)).toBeLessThan(0.3 * distance(start));
  }, 120_000);

  it('stops where it is told to, with what it has', async () => {
    const { embedding, before, after, steps } = await refineEmbedding(SMALL_SPEC, p, findIn(recording()), truth, noisePool(), {
      steps: 40,
      signal: AbortSignal.abort(),
    });
    expect([embedding, steps]).toEqual([truth, 0]);
    expect(after).toBe(before);
  }, 60_000);
});
