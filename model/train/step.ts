/** Loss and gradient of one example: what every worker computes. */
import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../random.ts';
import type { Spec } from '../spec.ts';
import { noiseSignals } from '../reference/noise.ts';
import type { TrainingBank } from './data/corpus-view.ts';
import { buildExample, type Example, type ExampleOptions } from './data/example.ts';
import { denseMatMul } from './graph/batch-matmul.ts';
import { decodeExcitation, excite, type Excitation } from './graph/decoder.ts';
import { dynamicsPenalty } from './graph/dynamics.ts';
import { encode } from './graph/encoder.ts';
import type { NoisePool } from './graph/noise.ts';
import type { Parameters } from './graph/note-network.ts';
import { BANK_EMBEDDINGS, MOST_BANKS, parameterCount, toTensors, view, type ParameterSlice } from './parameters.ts';
import { spectralLoss } from './spectral-loss.ts';

/**
 * Which tensors learn: the excitation with the encoder, the WaveNet on a finished
 * excitation, or all of them together.
 */
export type Stage = 'excitation' | 'wavenet' | 'all';

export interface StepResult {
  /** Multi-scale spectral loss of the output. */
  readonly loss: number;
  /** Gradient for the whole flat vector; zero where a tensor does not learn in this stage. */
  readonly gradient: Float32Array;
  readonly bank: string;
}

/** Sizes of the examples in each stage. */
export type StageSizes = Readonly<Record<Stage, ExampleOptions>>;

const DYNAMICS_WEIGHT = 0.02;
/** Share of the unchanged passages that sound with their bank's learned embedding and not the encoder's. */
const BANK_SHARE = 0.6;
/** Draws the encoder's embedding and the bank's learned one together. */
const AGREEMENT_WEIGHT = 0.1;
/** Keeps embeddings near zero, where the encoder still tells pianos apart. */
const EMBEDDING_WEIGHT = 0.003;
const NOISE_POOL_SEED = 1;
const NOISE_POOL_SAMPLES = 2 ** 18;

export function createNoisePool(spec: Spec): NoisePool {
  const signals = new Float32Array(spec.noise.bands * NOISE_POOL_SAMPLES);
  noiseSignals(spec, NOISE_POOL_SEED, NOISE_POOL_SAMPLES).forEach((s, b) => signals.set(s, b * NOISE_POOL_SAMPLES));
  return { bands: spec.noise.bands, length: NOISE_POOL_SAMPLES, signals };
}

/** Names of the tensors that a stage trains. The last layer's residual leads nowhere. */
export function learningTensors(spec: Spec, layout: readonly ParameterSlice[], stage: Stage): ParameterSlice[] {
  const unused = `wavenet.${spec.waveNet.dilations.length - 1}.residual.`;
  return layout.filter(
    ({ name }) =>
      !name.startsWith(unused) && (stage === 'all' || name.startsWith('wavenet.') === (stage === 'wavenet')),
  );
}

/** Loss of one example, and its spectral part alone. */
interface ExampleLoss {
  readonly loss: tf.Scalar;
  readonly spectral: tf.Scalar;
}

/**
 * Prepares one example and returns its loss as a function of the parameters.
 * What does not learn in this stage is computed once, outside the gradient.
 */
export function exampleLoss(
  spec: Spec,
  constants: Parameters,
  example: Example,
  pool: NoisePool,
  stage: Stage,
  random: Random,
): (p: Parameters) => ExampleLoss {
  const { scene, passage } = example;
  const target = tf.tensor2d(example.target, [scene.examples, scene.length]);
  const fromBank = !example.changed && random.chance(BANK_SHARE);
  const sound = (p: Parameters, z: tf.Tensor2D): Excitation =>
    excite(spec, p, scene, z.tile([scene.examples, 1]), pool);
  if (stage === 'wavenet') {
    const finished = sound(constants, fromBank ? bankEmbedding(constants, example) : encode(constants, passage));
    const input = finished.decoderInput();
    return (p) => {
      const spectral = spectralLoss(decodeExcitation(spec, p, finished.signal, input), target);
      return { loss: spectral, spectral };
    };
  }
  return (p) => {
    const encoded = encode(p, passage);
    const known = bankEmbedding(p, example);
    const z = fromBank ? known : encoded;
    const { signal, decoderInput } = sound(p, z);
    const output = stage === 'all' ? decodeExcitation(spec, p, signal, decoderInput()) : signal;
    const spectral = spectralLoss(output, target);
    const penalty = dynamicsPenalty(spec, p, z, random)
      .mul(DYNAMICS_WEIGHT)
      .add(z.square().mean().mul(EMBEDDING_WEIGHT))
      .add(encoded.sub(known).square().mean().mul(example.changed ? 0 : AGREEMENT_WEIGHT));
    return { loss: spectral.add(penalty), spectral };
  };
}

/** The learned embedding of the example's bank, `[1, style size]`, by a one-hot product: every backend has its gradient. */
function bankEmbedding(p: Parameters, { bank }: Example): tf.Tensor2D {
  const oneHot = tf.oneHot(tf.tensor1d([bank.row], 'int32'), MOST_BANKS).toFloat() as tf.Tensor2D;
  return denseMatMul(oneHot, p.get(BANK_EMBEDDINGS) as tf.Tensor2D);
}

/** Computes steps for one worker: builds examples from its own random stream and differentiates. */
export class GradientStep {
  readonly #spec: Spec;
  readonly #layout: readonly ParameterSlice[];
  readonly #banks: readonly TrainingBank[];
  readonly #pool: NoisePool;
  readonly #sizes: StageSizes;

  constructor(
    spec: Spec,
    layout: readonly ParameterSlice[],
    banks: readonly TrainingBank[],
    sizes: StageSizes,
  ) {
    this.#spec = spec;
    this.#layout = layout;
    this.#banks = banks;
    this.#pool = createNoisePool(spec);
    this.#sizes = sizes;
  }

  /** Gradient at `flat` for the example that `seed` draws. */
  async compute(flat: Float32Array, seed: number, stage: Stage): Promise<StepResult> {
    const random = new Random(seed);
    const example = buildExample(this.#spec, this.#banks, random, this.#sizes[stage], this.#pool.length);
    const all = toTensors(flat, this.#layout);
    const learning = learningTensors(this.#spec, this.#layout, stage);
    let spectral: tf.Scalar | undefined;
    const { value, grads } = tf.tidy(() => {
      const lossOf = exampleLoss(this.#spec, all, example, this.#pool, stage, random);
      const result = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
        const losses = lossOf(new Map([...all, ...learning.map((slice, i) => [slice.name, tensors[i]!] as const)]));
        spectral = tf.keep(losses.spectral.clone());
        return losses.loss;
      })(learning.map((slice) => all.get(slice.name)!));
      return { value: result.value, grads: result.grads };
    });
    const gradient = new Float32Array(parameterCount(this.#layout));
    for (const [i, slice] of learning.entries()) view(gradient, slice).set(await grads[i]!.data());
    const loss = (await spectral!.data())[0]!;
    tf.dispose([value, grads, spectral!, [...all.values()]]);
    return { loss, gradient, bank: example.bank.id };
  }
}
