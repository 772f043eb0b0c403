/** A voicing as it is learned: one flat vector, of which plainer and smoother ones are likelier. */
import * as tf from '@tensorflow/tfjs-core';
import type { VoicingTensors } from '../train/graph/voicing.ts';
import { FINE, VOICING_CURVES, VOICING_GRIDS, VOICING_LIMITS, mapVoicing, type Voicing } from '../voicing.ts';

/** dB, or logarithm, of one unit of each curve. */
const SCALE: Readonly<Record<keyof Voicing, number>> = {
  tones: 8, tonesTouch: 16, tonesForce: 16, strike: 8, body: 8, noiseTouch: 16, noiseForce: 16, decay: 1, fade: 1,
  tonesDetail: 8, strikeDetail: 8, bodyDetail: 8,
};
/** Draw the curves to nothing, and neighbouring values together. */
const PLAINNESS = 0.0002;
const SMOOTHNESS = 0.01;

interface Part {
  readonly name: keyof Voicing;
  readonly at: number;
  readonly rows: number;
  readonly points: number;
}

const PARTS: readonly Part[] = (() => {
  let at = 0;
  return VOICING_CURVES.map((name) => {
    const [rows, points] = [VOICING_GRIDS[name].keys.length, VOICING_GRIDS[name].frequencies.length];
    const part = { name, at, rows, points };
    at += rows * points;
    return part;
  });
})();

/** Numbers in the vector. */
export const VOICING_SIZE: number = PARTS.reduce((sum, { rows, points }) => sum + rows * points, 0);

/** The voicing that a vector says, within its limits. */
export function voicingOf(vector: Float32Array): Voicing {
  const parts = new Map(PARTS.map((part) => [part.name, part]));
  return mapVoicing((name) => {
    const { at, rows, points } = parts.get(name)!;
    // A tenth of a dB is not heard, a tenth of an octave of decay is.
    const digits = VOICING_LIMITS[name] > 10 ? 1 : 2;
    const value = (i: number): number => Math.max(-VOICING_LIMITS[name], Math.min(VOICING_LIMITS[name], SCALE[name] * vector[i]!));
    return Array.from({ length: rows }, (_, row) => Array.from({ length: points }, (_, point) => Number(value(at + row * points + point).toFixed(digits))));
  });
}

const curveOf = (x: tf.Tensor1D, { at, rows, points }: Part): tf.Tensor2D => tf.slice1d(x, at, rows * points).reshape([rows, points]);

/** The same as tensors. @param detailed whether what stands on the fine grid counts */
export function voicingTensors(x: tf.Tensor1D, detailed: boolean): VoicingTensors {
  const scale = (name: keyof Voicing): number => (detailed || VOICING_GRIDS[name] !== FINE ? SCALE[name] : 0);
  return Object.fromEntries(PARTS.map((part) => [part.name, curveOf(x, part).mul(scale(part.name))])) as unknown as VoicingTensors;
}

/** How unlikely a vector is. */
export function voicingPenalty(x: tf.Tensor1D): tf.Tensor {
  return tf.addN(
    PARTS.map((part) => {
      const curve = curveOf(x, part);
      const { rows, points } = part;
      const overKeys = tf.slice2d(curve, [1, 0], [rows - 1, points]).sub(tf.slice2d(curve, [0, 0], [rows - 1, points]));
      const overFrequency = tf.slice2d(curve, [0, 1], [rows, points - 1]).sub(tf.slice2d(curve, [0, 0], [rows, points - 1]));
      return curve.square().mean().mul(PLAINNESS).add(overKeys.square().mean().add(overFrequency.square().mean()).mul(SMOOTHNESS));
    }),
  );
}
