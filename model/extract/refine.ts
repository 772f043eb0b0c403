/**
 * Refinement: gradient descent through the model, on the recording itself.
 *
 * Only the embedding moves, and the level of the recording, which nobody keeps. Weights stay as they are.
 */
import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../random.ts';
import type { Spec } from '../spec.ts';
import { adamStep, createAdam } from '../train/adam.ts';
import { excite } from '../train/graph/decoder.ts';
import type { NoisePool } from '../train/graph/noise.ts';
import type { Parameters } from '../train/graph/note-network.ts';
import { spectralLoss } from '../train/spectral-loss.ts';
import type { Passage } from './passages.ts';

export interface RefineOptions {
  /** Most steps. */
  readonly steps: number;
  /** Stops where it aborts; what was best by then is the result. */
  readonly signal: AbortSignal;
  /** Called with the share of `steps` that is done. */
  readonly onProgress?: (done: number) => void;
}

export interface Refinement {
  readonly embedding: number[];
  /** Multi-scale spectral loss on the passages that were kept back, of the first embedding and of this one. */
  readonly before: number;
  readonly after: number;
  readonly steps: number;
}

/** Every fifth passage is kept back; at least two are needed, one to learn from and one to listen to. */
const KEPT_BACK = 5;
export const LEAST_PASSAGES = 2;
const BATCH = 3;
const RATE = 0.04;
/** Steps between two looks at what was kept back, and looks without a gain before it ends. */
const LOOK = 6;
const PATIENCE = 3;
/** Draws the embedding to where it began: some of it no passage can tell. */
const PRIOR = 0.002;
/** dB of one unit of the level that is learned. */
const LEVEL_SCALE = 10;

/**
 * Moves an embedding towards the piano of some passages.
 *
 * @param p tensors of the decoder
 * @param pool of noise; see `createNoisePool`
 */
export async function refineEmbedding(
  spec: Spec,
  p: Parameters,
  passages: readonly Passage[],
  embedding: readonly number[],
  pool: NoisePool,
  { steps, signal, onProgress }: RefineOptions,
): Promise<Refinement> {
  const size = spec.style.size;
  const kept = passages.filter((_, i) => i % KEPT_BACK === KEPT_BACK - 1 || (passages.length < KEPT_BACK && i === passages.length - 1));
  const learned = passages.filter((passage) => !kept.includes(passage));
  const random = new Random(1);
  const flat = new Float32Array([...embedding, 0]);
  flat[size] = await firstLevel(spec, p, learned, embedding, pool);
  const adam = createAdam(flat.length);

  const look = async (): Promise<number> => {
    const losses: number[] = [];
    for (const passage of kept) losses.push((await differentiate(passage)).loss);
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  };
  const differentiate = async (passage: Passage): Promise<{ loss: number; gradient: Float32Array }> => {
    let spectral: tf.Scalar | undefined;
    const { value, grad } = tf.tidy(() => {
      const target = tf.tensor2d(passage.target, [1, passage.scene.length]);
      const first = tf.tensor1d([...embedding]);
      return tf.valueAndGrad((x) => {
        const z = tf.slice1d(x as tf.Tensor1D, 0, size);
        const gain = tf.exp(tf.slice1d(x as tf.Tensor1D, size, 1).mul((LEVEL_SCALE * Math.LN10) / 20));
        const { signal: sound } = excite(spec, p, passage.scene, z.reshape([1, size]), pool);
        const loss = spectralLoss(sound.mul(gain) as tf.Tensor2D, target);
        spectral = tf.keep(loss.clone());
        return loss.add(z.sub(first).square().mean().mul(PRIOR));
      })(tf.tensor1d(flat));
    });
    const loss = (await spectral!.data())[0]!;
    const gradient = Float32Array.from(await grad.data());
    tf.dispose([value, grad, spectral!]);
    return { loss, gradient };
  };

  const before = await look();
  let best = { embedding: [...embedding], loss: before };
  let since = 0;
  let step = 0;
  while (step < steps && since < PATIENCE && !signal.aborted) {
    const mean = new Float32Array(flat.length);
    for (let i = 0; i < BATCH; i++) {
      const { gradient } = await differentiate(random.pick(learned));
      gradient.forEach((g, j) => (mean[j]! += g / BATCH));
    }
    adamStep(flat, mean, adam, RATE);
    step++;
    onProgress?.(step / steps);
    if (step % LOOK !== 0 && step < steps) continue;
    const loss = await look();
    since = loss < best.loss ? 0 : since + 1;
    if (loss < best.loss) best = { embedding: [...flat.subarray(0, size)], loss };
  }
  return { embedding: best.embedding, before, after: best.loss, steps: step };
}

/** Level of the recording against the model's, in units of `LEVEL_SCALE` dB. */
async function firstLevel(spec: Spec, p: Parameters, passages: readonly Passage[], embedding: readonly number[], pool: NoisePool): Promise<number> {
  const levels: number[] = [];
  for (const { scene, target } of passages.slice(0, 2 * BATCH)) {
    const power = tf.tidy(() => excite(spec, p, scene, tf.tensor2d([[...embedding]]), pool).signal.square().sum());
    const ours = (await power.data())[0]!;
    power.dispose();
    const theirs = target.reduce((sum, sample) => sum + sample * sample, 0);
    levels.push(10 * Math.log10((theirs + 1e-12) / (ours + 1e-12)));
  }
  levels.sort((a, b) => a - b);
  return levels[levels.length >> 1]! / LEVEL_SCALE;
}
