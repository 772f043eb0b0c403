import { beforeAll, describe, expect, it } from 'vitest';
import { peakNear, spectrumOf } from '../../model/corpus/spectrum.ts';
import { Random } from '../../model/random.ts';
import type { Spec } from '../../model/spec.ts';
import { decoderTensors } from '../../model/tensors.ts';
import { adamStep, clipGradient, createAdam } from '../../model/train/adam.ts';
import { startBackend } from '../../model/train/backend.ts';
import type { TrainingBank } from '../../model/train/data/corpus-view.ts';
import { generatedVoice } from '../../model/train/generator/generated-voice.ts';
import { GeneratorScene } from '../../model/train/generator/generator-scene.ts';
import { initialParameters, parameterLayout, toTensors, view } from '../../model/train/parameters.ts';
import { learningRate, type Plan } from '../../model/train/schedule.ts';
import { GradientStep, type StageSizes } from '../../model/train/step.ts';
import { typicalTuning } from '../../model/tuning.ts';
import { waveNetShape } from '../../model/wavenet-shape.ts';
import { Generator } from '../../worklet/engine/generator.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { Layout } from '../../worklet/engine/layout.ts';
import { roundToPairs } from '../../worklet/engine/wavenet-packing.ts';
import { kernelBuilds } from '../worklet/fixtures.ts';
import { SMALL_SPEC } from './small-model.ts';

/** Draws all of the sound, without strings, at 6 kHz. */
const spec: Spec = {
  ...SMALL_SPEC,
  waveNet: { fold: 1, channels: 16, dilations: [1, 2, 4, 8, 16, 32, 64], voiceFeatures: 3, decaySeconds: [0.05, 0.6] },
  generator: { makes: 'autoregressive', divisor: 8, components: 1, colour: 0 },
};
const RATE = spec.sampleRate / 8;
const ROWS_A_TICK = spec.tick / 8;
const TICKS = 1400;
const FUNDAMENTAL = 880;
const ONSET = 240;

/** A note of two partials that die away at their own rates. */
const recording = Float32Array.from({ length: 1.25 * spec.sampleRate }, (_, n) => {
  const t = (n - ONSET) / spec.sampleRate;
  const partial = (k: number): number => (Math.exp(-k * t) / k) * Math.sin(2 * Math.PI * FUNDAMENTAL * k * t);
  return t < 0 ? 0 : 0.1 * (1 - Math.exp(-t / 0.002)) * (partial(1) + partial(2));
});
const note = { note: 81, velocity: 0.6, samples: recording.length, onset: ONSET, audio: () => recording };
const bank: TrainingBank = { id: 'toy', row: 0, tuning: typicalTuning(), notes: [note], weight: 1, prior: 1 };
const plan: Plan = { steps: 450, legs: [{ stage: 'generator', share: 1, peakRate: 4e-3 }] };

beforeAll(async () => {
  await startBackend('wasm');
});

/** Learns the note as `anypiano train` does. */
async function trained(): Promise<Float32Array> {
  const layout = parameterLayout(spec);
  const flat = initialParameters(spec, layout, 1);
  const generator = { scenes: 2, length: 8192, polyphony: 0, onsets: 0.3, blur: 0, jitter: 0.01 };
  const step = new GradientStep(spec, layout, [bank], { generator } as StageSizes);
  const adam = createAdam(flat.length);
  for (let i = 0; i < plan.steps; i++) {
    const { gradient } = await step.compute(flat, i, 'generator');
    clipGradient(gradient, 1);
    adamStep(flat, gradient, adam, learningRate(plan, i));
  }
  return flat;
}

const level = (samples: Float32Array, from: number, to: number): number => {
  let sum = 0;
  for (let n = from; n < to; n++) sum += samples[n]! ** 2;
  return 10 * Math.log10(sum / (to - from));
};

const pitch = (samples: Float32Array): number => peakNear(spectrumOf(samples.subarray(0.1 * RATE, 0.9 * RATE), RATE), FUNDAMENTAL, 60)!.frequency;

describe('a toy that has learned one note', () => {
  it('plays it on its own, within 5 cents of its pitch and 1 dB of its loudness', async () => {
    const flat = await trained();
    const layout = parameterLayout(spec);
    const shape = waveNetShape(spec);
    const tensors = new Map(decoderTensors(spec).map(({ name }) => [name, view(flat, layout.find((slice) => slice.name === name)!).slice()]));
    const scene = new GeneratorScene(spec, TICKS * spec.tick);
    scene.add(await generatedVoice(spec, toTensors(flat, layout), bank, note), 0);
    const { target, conditioning } = scene.drawn(new Float32Array(spec.style.size), new Random(1), 0);

    const memory = new Layout();
    const generator = new Generator(memory, shape, ROWS_A_TICK, 5);
    generator.load(new Kernel(kernelBuilds()[0]!.module, memory), roundToPairs(shape, tensors));
    const drawn = new Float32Array(target.length);
    for (let tick = 0; tick < TICKS; tick++) {
      generator.conditioning.set(conditioning.subarray(tick * shape.conditioning, (tick + 1) * shape.conditioning));
      generator.condition();
      expect(generator.run(ROWS_A_TICK)).toBe(ROWS_A_TICK);
      drawn.set(generator.samples, tick * ROWS_A_TICK);
    }
    expect(Math.abs(1200 * Math.log2(pitch(drawn) / pitch(target)))).toBeLessThan(5);
    for (let from = 0.1 * RATE; from + 0.2 * RATE < target.length; from += 0.2 * RATE) {
      expect(Math.abs(level(drawn, from, from + 0.2 * RATE) - level(target, from, from + 0.2 * RATE))).toBeLessThan(1);
    }
  }, 300_000);
});
