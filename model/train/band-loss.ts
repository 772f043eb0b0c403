/**
 * Distance of short-time band levels: what the attack of a strike is judged by.
 *
 * For each window size, ln P of bands whose width grows with frequency, every quarter of a window. Errors count by
 * their square where they are small, so that where sound scatters at random its middle is nearest.
 */
import * as tf from '@tensorflow/tfjs-core';
import { denseMatMul } from './graph/batch-matmul.ts';
import { fourierBasis, hopFrames } from './spectral-loss.ts';

/** Window sizes in samples, and the weight of each: 5 ms for the attack, 21 ms to keep tones as they are. */
const SIZES: readonly (readonly [size: number, weight: number])[] = [[256, 1], [1024, 0.5]];
/** Bands lower than the loudest by this factor count as silence. */
const FLOOR = 1e-7;
/** Differences (natural logarithm of power) under this count by their square, larger ones by their size. */
const SOFTENED = 2;
/** Lowest and highest frequency in Hz, and the ratio of the bands' edges. */
const LOWEST = 90;
const HIGHEST = 18000;
const RATIO = 1.25;

/** Mean distance of `output` from `target`, both `[examples, length]` with `length` a multiple of the longest window. */
export function bandLoss(output: tf.Tensor2D, target: tf.Tensor2D, sampleRate: number): tf.Scalar {
  const losses = SIZES.map(([size, weight]) => {
    const t = bandPowers(target, size, sampleRate);
    const floor = t.max([1, 2], true).mul(FLOOR).add(1e-13);
    const x = tf.log(bandPowers(output, size, sampleRate).add(floor).div(t.add(floor)));
    return tf.sqrt(x.square().add(SOFTENED ** 2)).sub(SOFTENED).mean().mul(weight);
  });
  return tf.addN(losses) as tf.Scalar;
}

/** Power of each band in each frame, `[examples, frames, bands]`. */
function bandPowers(signal: tf.Tensor2D, size: number, sampleRate: number): tf.Tensor3D {
  const examples = signal.shape[0];
  const frames = hopFrames(signal, size);
  const count = frames.shape[0] / examples;
  const { cosine, sine } = fourierBasis(size);
  const power = denseMatMul(frames, cosine).square().add(denseMatMul(frames, sine).square()) as tf.Tensor2D;
  const bands = bandMatrix(size, sampleRate);
  return denseMatMul(power, bands).reshape([examples, count, bands.shape[1]]);
}

const matrices = new Map<string, tf.Tensor2D>();

/** `[bins, bands]`, 1 where a bin belongs to a band; no band is empty. */
function bandMatrix(size: number, sampleRate: number): tf.Tensor2D {
  const key = `${size} ${sampleRate}`;
  let matrix = matrices.get(key);
  if (matrix === undefined) {
    const bin = sampleRate / size;
    const edges = [Math.max(1, Math.round(LOWEST / bin))];
    const last = Math.min(size / 2, Math.round(HIGHEST / bin));
    for (let edge = edges[0]!; edge < last; edges.push(edge)) edge = Math.min(last, Math.max(edge + 1, Math.round(edge * RATIO)));
    const bands = edges.length - 1;
    const values = new Float32Array((size / 2 + 1) * bands);
    for (let b = 0; b < bands; b++) for (let k = edges[b]!; k < edges[b + 1]!; k++) values[k * bands + b] = 1;
    matrix = tf.keep(tf.tensor2d(values, [size / 2 + 1, bands]));
    matrices.set(key, matrix);
  }
  return matrix;
}
