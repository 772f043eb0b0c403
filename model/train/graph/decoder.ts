/** The whole decoder as a graph: strikes and embedding in, sound out. */
import * as tf from '@tensorflow/tfjs-core';
import { LEVEL_FLOOR } from '../../level.ts';
import type { Spec } from '../../spec.ts';
import { noiseSignal, type NoisePool } from './noise.ts';
import { controlTensors, rawControls, type ControlTensors, type Parameters } from './note-network.ts';
import { ages, boundaryDamper, interpolateTicks, sumVoices, ticksOf, type Scene } from './scene.ts';
import { stringSignal } from './strings.ts';
import { conditioningTensor, gainTensor, waveNetSignal } from './wavenet.ts';

/** What the WaveNet is told beside the signal. */
export interface DecoderInput {
  /** Expected level of the signal at the boundaries, `[examples, ticks + 1]`. */
  readonly level: tf.Tensor2D;
  /** Conditioning at the boundaries, `[examples, ticks + 1, conditioningSize]`. */
  readonly conditioning: tf.Tensor3D;
}

/** What sounds before the WaveNet. */
export interface Excitation {
  /** Strings and noise, `[examples, length]`. */
  readonly signal: tf.Tensor2D;
  /** Computed on demand: a stage without the WaveNet does not pay for it. */
  decoderInput(): DecoderInput;
}

/** Strings and noise of a scene with one embedding for each example, `[examples, style size]`. */
export function excite(
  spec: Spec,
  p: Parameters,
  scene: Scene,
  embedding: tf.Tensor2D,
  pool: NoisePool,
): Excitation {
  const { examples, voices } = scene;
  const perStrike = embedding.expandDims(1).tile([1, voices, 1]).reshape([examples * voices, spec.style.size]);
  const controls = controlTensors(spec, rawControls(spec, p, scene.strikes, perStrike as tf.Tensor2D), scene.strikes);

  const count = ticksOf(spec, scene) + 1;
  const { age, mask } = ages(spec, scene, spec.tick, count, spec.tick);
  const damper = boundaryDamper(spec, scene, count);
  const held = damper ? mask.mul(damper.square()) : mask;
  const power = (amplitude: tf.Tensor2D, rate: tf.Tensor2D): tf.Tensor =>
    tf.exp(rate.expandDims(1).mul(age).mul(-2)).mul(amplitude.square().expandDims(1)).mul(held);

  const noisePower = sumVoices(
    scene,
    power(controls.strikeAmplitude, controls.strikeRate).add(power(controls.bodyAmplitude, controls.bodyRate)),
  ) as tf.Tensor3D;
  // The tiny offset keeps the square root's gradient finite at zero.
  const noise = noiseSignal(spec, tf.sqrt(noisePower.add(1e-18)) as tf.Tensor3D, pool, scene.noiseOffset);
  return {
    signal: stringSignal(spec, scene, controls).add(noise),
    decoderInput: () => ({
      level: levelTensor(scene, controls, power, noisePower),
      conditioning: conditioningTensor(spec, scene, controls, embedding),
    }),
  };
}

/** The decoder's output `[examples, length]`: the excitation and what the WaveNet adds to it. */
export function decodeExcitation(
  spec: Spec,
  p: Parameters,
  signal: tf.Tensor2D,
  { level, conditioning }: DecoderInput,
): tf.Tensor2D {
  const outputLevel = level.mul(gainTensor(spec, p, conditioning)) as tf.Tensor2D;
  const e = waveNetSignal(spec, p, signal, interpolateTicks(spec, level), conditioning);
  return signal.add(e.mul(interpolateTicks(spec, outputLevel)));
}

/** Expected level a of the excitation at the boundaries, `[examples, ticks + 1]`. */
function levelTensor(
  scene: Scene,
  controls: ControlTensors,
  power: (amplitude: tf.Tensor2D, rate: tf.Tensor2D) => tf.Tensor,
  noisePower: tf.Tensor3D,
): tf.Tensor2D {
  const modes = power(controls.promptAmplitude, controls.promptRate).add(
    power(controls.aftersoundAmplitude, controls.aftersoundRate),
  );
  const tones = sumVoices(scene, tf.sum(modes, 2).mul(0.5));
  return tf.sqrt(tones.add(tf.sum(noisePower, 2)).add(LEVEL_FLOOR)) as tf.Tensor2D;
}
