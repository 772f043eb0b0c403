/** Loss and gradient of one example: what every worker computes. */
import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../random.ts';
import type { Spec } from '../spec.ts';
import { noiseSignals } from '../reference/noise.ts';
import { KNOCK_WAVES } from '../tensors.ts';
import type { TrainingBank } from './data/corpus-view.ts';
import { buildExample, type Example, type ExampleOptions } from './data/example.ts';
import { decodeExcitation, excite, type Excitation } from './graph/decoder.ts';
import { encode } from './graph/encoder.ts';
import type { NoisePool } from './graph/noise.ts';
import type { Parameters } from './graph/note-network.ts';
import { GeneratorStep, type GeneratorOptions } from './generator/generator-step.ts';
import { KnockStep, type KnockOptions } from './knock/knock-step.ts';
import { WaveNetStep, type WaveNetOptions } from './wavenet/wavenet-step.ts';
import { OutlineStep, type OutlineOptions } from './outline/outline-step.ts';
import { KEY_OFFSETS, bankEmbeddings, keyOffsets, parameterCount, toTensors, view, type ParameterSlice } from './parameters.ts';
import { agreement, penalties } from './penalties.ts';
import type { SoundStage, Stage } from './schedule.ts';
import { spectralLoss } from './spectral-loss.ts';

export interface StepResult {
  /** Distance of outlines, multi-scale spectral loss of the output, or negative log likelihood. */
  readonly loss: number;
  /** Mean loss of each bank that came up. */
  readonly banks: Readonly<Record<string, number>>;
  /** Seconds of sound compared, voices counted one by one. */
  readonly sound: number;
  /** Gradient for the whole flat vector; zero where a tensor does not learn in this stage. */
  readonly gradient: Float32Array;
}

/** Sizes of the examples in each stage. */
export type StageSizes = Readonly<Record<SoundStage, ExampleOptions>> & { readonly outline: OutlineOptions; readonly knocks: KnockOptions; readonly wavenet: WaveNetOptions; readonly generator: GeneratorOptions };

/** Share of the unchanged passages that sound with their bank's learned embedding and not the encoder's. */
const BANK_SHARE = 0.6;
const NOISE_POOL_SEED = 1;
const NOISE_POOL_SAMPLES = 2 ** 18;

export function createNoisePool(spec: Spec): NoisePool {
  const signals = new Float32Array(spec.noise.bands * NOISE_POOL_SAMPLES);
  noiseSignals(spec, NOISE_POOL_SEED, NOISE_POOL_SAMPLES).forEach((s, b) => signals.set(s, b * NOISE_POOL_SAMPLES));
  return { bands: spec.noise.bands, length: NOISE_POOL_SAMPLES, signals };
}

/**
 * Names of the tensors that a stage trains. The last layer's residual leads nowhere. The small tier plays the
 * styles of the standard one, so embeddings and encoder stay as they are, as they do in the stage of notes. Knocks alone
 * change no more than the last layer and their waveforms: what else is played stays as it is.
 */
export function learningTensors(spec: Spec, layout: readonly ParameterSlice[], stage: Stage): ParameterSlice[] {
  const unused = `wavenet.${spec.waveNet.dilations.length - 1}.residual.`;
  return layout.filter(
    ({ name }) =>
      !name.startsWith(unused) &&
      (spec.tier === 'standard' || /^(?:note|knock|wavenet)\./.test(name)) &&
      (stage !== 'notes' || name === KEY_OFFSETS || /^(?:note|knock)\./.test(name)) &&
      (stage !== 'knocks' || name === KNOCK_WAVES || name.startsWith(`note.${spec.noteNetwork.hidden.length}.`)) &&
      (stage === 'all' || name.startsWith('wavenet.') === (stage === 'wavenet' || stage === 'generator')),
  );
}

/** Loss of one example, and its spectral part alone. */
interface ExampleLoss {
  readonly loss: tf.Scalar;
  readonly spectral: tf.Scalar;
}

/**
 * Prepares one example and returns its loss as a function of the parameters.
 */
export function exampleLoss(
  spec: Spec,
  example: Example,
  pool: NoisePool,
  stage: SoundStage,
  random: Random,
): (p: Parameters) => ExampleLoss {
  const { scene, passage } = example;
  const target = tf.tensor2d(example.target, [scene.examples, scene.length]);
  const fromBank = !example.changed && random.chance(BANK_SHARE);
  // A changed piano, or one that the encoder heard, is another one: its keys are not those of the bank.
  const own = scene.strikes.note.map((note) => (fromBank ? { row: example.bank.row, note } : undefined));
  const sound = (p: Parameters, z: tf.Tensor2D): Excitation =>
    excite(spec, p, scene, z.tile([scene.examples, 1]), pool, keyOffsets(p, own));
  return (p) => {
    const encoded = encode(p, passage);
    const known = bankEmbeddings(p, [example.bank.row]);
    const z = fromBank ? known : encoded;
    const { signal, decoderInput } = sound(p, z);
    const output = stage === 'all' ? decodeExcitation(spec, p, signal, decoderInput()) : signal;
    const spectral = spectralLoss(output, target);
    // Of a changed piano the encoder should not say that it is that bank; times 0, since every tensor needs its gradient.
    const penalty = penalties(spec, p, z, [example.bank.prior], random).add(agreement(encoded, known).mul(example.changed ? 0 : 1));
    return { loss: spectral.add(penalty), spectral };
  };
}

/** Computes steps for one worker: builds examples from its own random stream and differentiates. */
export class GradientStep {
  readonly #spec: Spec;
  readonly #layout: readonly ParameterSlice[];
  readonly #banks: readonly TrainingBank[];
  readonly #sizes: StageSizes;
  // What only some stages need is made when the first of them comes.
  #pool: NoisePool | undefined;
  #outline: OutlineStep | undefined;
  #waveNet: WaveNetStep | undefined;
  #generator: GeneratorStep | undefined;
  #knock: KnockStep | undefined;

  constructor(
    spec: Spec,
    layout: readonly ParameterSlice[],
    banks: readonly TrainingBank[],
    sizes: StageSizes,
  ) {
    this.#spec = spec;
    this.#layout = layout;
    this.#banks = banks;
    this.#sizes = sizes;
  }

  /** Gradient at `flat` for the example that `seed` draws. */
  async compute(flat: Float32Array, seed: number, stage: Stage): Promise<StepResult> {
    const random = new Random(seed);
    const all = toTensors(flat, this.#layout);
    const learning = learningTensors(this.#spec, this.#layout, stage);
    const { gradients, ...figures } = await this.#differentiate(all, learning, random, stage);
    const gradient = new Float32Array(parameterCount(this.#layout));
    for (const [i, slice] of learning.entries()) view(gradient, slice).set(await gradients[i]!.data());
    tf.dispose([...gradients, ...all.values()]);
    return { ...figures, gradient };
  }

  #differentiate(all: Parameters, learning: readonly ParameterSlice[], random: Random, stage: Stage): Promise<Differentiated> {
    switch (stage) {
      case 'outline':
      case 'notes':
        return this.#byOutline(all, learning, random);
      case 'knocks':
        return this.#byKnocks(all, learning, random);
      case 'wavenet':
        return this.#byAttack(all, learning, random);
      case 'generator':
        return this.#byLikelihood(all, learning, random);
      case 'excitation':
      case 'all':
        return this.#bySound(all, learning, random, stage);
    }
  }

  #byOutline(all: Parameters, learning: readonly ParameterSlice[], random: Random): Promise<Differentiated> {
    this.#outline ??= new OutlineStep(this.#spec, this.#banks, this.#sizes.outline);
    return this.#outline.compute(all, learning.map(({ name }) => name), random);
  }

  #byKnocks(all: Parameters, learning: readonly ParameterSlice[], random: Random): Promise<Differentiated> {
    this.#knock ??= new KnockStep(this.#spec, this.#banks, this.#sizes.knocks);
    return this.#knock.compute(all, learning.map(({ name }) => name), random);
  }

  #byAttack(all: Parameters, learning: readonly ParameterSlice[], random: Random): Promise<Differentiated> {
    this.#waveNet ??= new WaveNetStep(this.#spec, this.#banks, this.#sizes.wavenet, this.#noisePool);
    return this.#waveNet.compute(all, learning.map(({ name }) => name), random);
  }

  #byLikelihood(all: Parameters, learning: readonly ParameterSlice[], random: Random): Promise<Differentiated> {
    this.#generator ??= new GeneratorStep(this.#spec, this.#banks, this.#sizes.generator);
    return this.#generator.compute(all, learning.map(({ name }) => name), random);
  }

  get #noisePool(): NoisePool {
    return (this.#pool ??= createNoisePool(this.#spec));
  }

  async #bySound(
    all: Parameters,
    learning: readonly ParameterSlice[],
    random: Random,
    stage: SoundStage,
  ): Promise<Differentiated> {
    const pool = this.#noisePool;
    const options = this.#sizes[stage];
    const example = buildExample(this.#spec, this.#banks, random, options, pool.length);
    let spectral: tf.Scalar | undefined;
    const { value, grads } = tf.tidy(() => {
      const lossOf = exampleLoss(this.#spec, example, pool, stage, random);
      return tf.valueAndGrads((...tensors: tf.Tensor[]) => {
        const losses = lossOf(new Map([...all, ...learning.map((slice, i) => [slice.name, tensors[i]!] as const)]));
        spectral = tf.keep(losses.spectral.clone());
        return losses.loss;
      })(learning.map((slice) => all.get(slice.name)!));
    });
    const loss = (await spectral!.data())[0]!;
    tf.dispose([value, spectral!]);
    const sound = (options.voices * options.length) / this.#spec.sampleRate;
    return { loss, banks: { [example.bank.id]: loss }, sound, gradients: grads };
  }
}

/** A step's figures and the gradients of the tensors that learn. */
export type Differentiated = Omit<StepResult, 'gradient'> & { readonly gradients: readonly tf.Tensor[] };
