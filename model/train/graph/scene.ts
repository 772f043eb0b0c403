/**
 * A scene: a batch of examples, each a stretch of sound in which some voices ring.
 *
 * A strike may lie before the stretch, so that a decay is trained at any age.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Spec } from '../../spec.ts';
import type { Strikes } from './note-network.ts';

/** Strikes fall on multiples of this many samples, which are also the frames of the strings. */
export const FRAME = 256;

export interface Scene {
  readonly examples: number;
  /** Voices in each example; strikes are ordered by example. */
  readonly voices: number;
  /** Samples of each example, a multiple of FRAME. */
  readonly length: number;
  readonly strikes: Strikes;
  /** Sample of each strike, a multiple of FRAME; may be negative; `length` leaves a voice out. */
  readonly start: readonly number[];
  /** Damper gain of each voice and sample, `[strikes * length]`, or undefined where no key is released. */
  readonly damper?: Float32Array;
  /** Sustain pedal in 0..1 at each tick, `[examples * ticks]`. */
  readonly pedal: Float32Array;
  /** Where in the pool of noise this scene starts. */
  readonly noiseOffset: number;
}

export function ticksOf(spec: Spec, scene: Scene): number {
  return scene.length / spec.tick;
}

/** Age in seconds of each voice at every `step`-th sample, and 1 where it is at least `youngest` samples. */
export function ages(
  spec: Spec,
  scene: Scene,
  step: number,
  count: number,
  youngest: number,
): { age: tf.Tensor3D; mask: tf.Tensor3D } {
  const strikes = scene.start.length;
  const age = new Float32Array(strikes * count);
  const mask = new Float32Array(strikes * count);
  for (let s = 0; s < strikes; s++) {
    for (let i = 0; i < count; i++) {
      const samples = i * step - scene.start[s]!;
      age[s * count + i] = Math.max(0, samples) / spec.sampleRate;
      mask[s * count + i] = samples >= youngest ? 1 : 0;
    }
  }
  return { age: tf.tensor3d(age, [strikes, count, 1]), mask: tf.tensor3d(mask, [strikes, count, 1]) };
}

/** Damper gain of each voice at the tick boundaries, `[strikes, count, 1]`. */
export function boundaryDamper(spec: Spec, scene: Scene, count: number): tf.Tensor3D | undefined {
  const { damper, length } = scene;
  if (!damper) return undefined;
  const strikes = scene.start.length;
  const values = Float32Array.from({ length: strikes * count }, (_, j) => {
    const n = Math.min((j % count) * spec.tick, length - 1);
    return damper[Math.floor(j / count) * length + n]!;
  });
  return tf.tensor3d(values, [strikes, count, 1]);
}

/** Adds the voices of each example: `[strikes, ...]` to `[examples, ...]`. */
export function sumVoices(scene: Scene, perVoice: tf.Tensor): tf.Tensor {
  if (scene.voices === 1) return perVoice;
  return tf.sum(perVoice.reshape([scene.examples, scene.voices, ...perVoice.shape.slice(1)]), 1);
}

/** Values at the boundaries `[examples, ticks + 1]` drawn out linearly to samples `[examples, ticks * tick]`. */
export function interpolateTicks(spec: Spec, boundaries: tf.Tensor2D): tf.Tensor2D {
  const [examples, count] = boundaries.shape;
  const ticks = count - 1;
  const left = tf.slice2d(boundaries, [0, 0], [examples, ticks]).reshape([examples, ticks, 1]);
  const right = tf.slice2d(boundaries, [0, 1], [examples, ticks]).reshape([examples, ticks, 1]);
  const share = tf.range(0, spec.tick).div(spec.tick).reshape([1, 1, spec.tick]);
  return left.add(right.sub(left).mul(share)).reshape([examples, ticks * spec.tick]);
}
