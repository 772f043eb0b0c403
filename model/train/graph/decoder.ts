/** The whole decoder as a graph: strikes and embedding in, sound out. */
import * as tf from '@tensorflow/tfjs-core';
import { LEVEL_FLOOR } from '../../level.ts';
import type { Spec } from '../../spec.ts';
import { knockSignal } from './knock.ts';
import { noiseSignal, type NoisePool } from './noise.ts';
import { controlTensors, rawControls, type ControlTensors, type Parameters } from './note-network.ts';
import { ages, boundaryDamper, interpolateTicks, sumVoices, ticksOf, type Scene } from './scene.ts';
import { stringSignal } from './strings.ts';
import { conditioningTensor, decayedFeatures, gainTensor, waveNetSignal } from './wavenet.ts';

/** What the WaveNet is told beside the signal. */
export interface DecoderInput {
  /** Expected level of the signal at the boundaries, `[examples, ticks + 1]`. */
  readonly level: tf.Tensor2D;
  /** Conditioning at the boundaries, `[examples, ticks + 1, conditioningSize]`. */
  readonly conditioning: tf.Tensor3D;
}

/** What sounds before the WaveNet. */
export interface Excitation {
  /** Strings, knocks and noise, `[examples, length]`. */
  readonly signal: tf.Tensor2D;
  /** Computed on demand: a stage without the WaveNet does not pay for it. */
  decoderInput(): DecoderInput;
}

/** What voices bring, before noise is drawn and levels are taken: all of it adds up over voices. */
export interface ExcitationParts {
  /** Sound of strings and knocks, `[examples, length]`. */
  readonly strings: tf.Tensor2D;
  /** Power at the boundaries, of each noise band `[examples, ticks + 1, bands]`, and of all that sounds `[examples, ticks + 1]`. */
  readonly noisePower: tf.Tensor3D;
  readonly power: tf.Tensor2D;
  /** Decayed features at the boundaries, `[examples, ticks + 1, features * decays]`. */
  readonly features: tf.Tensor3D;
}

/** The parts of a scene with one embedding for each example, `[examples, style size]`; `keys` is what each strike adds to it. */
export function excitationParts(spec: Spec, p: Parameters, scene: Scene, embedding: tf.Tensor2D, keys?: tf.Tensor2D): ExcitationParts {
  const { controls, power, noisePower } = prepare(spec, p, scene, embedding, keys);
  return {
    strings: struckSignal(spec, p, scene, controls),
    noisePower,
    power: totalPower(scene, controls, power, noisePower),
    features: decayedFeatures(spec, scene, controls),
  };
}

/** Strings and noise of a scene with one embedding for each example, `[examples, style size]`; `keys` is what each strike adds to it. */
export function excite(
  spec: Spec,
  p: Parameters,
  scene: Scene,
  embedding: tf.Tensor2D,
  pool: NoisePool,
  keys?: tf.Tensor2D,
): Excitation {
  const { controls, power, noisePower } = prepare(spec, p, scene, embedding, keys);
  // The tiny offset keeps the square root's gradient finite at zero.
  const noise = noiseSignal(spec, tf.sqrt(noisePower.add(1e-18)) as tf.Tensor3D, pool, scene.noiseOffset);
  return {
    signal: struckSignal(spec, p, scene, controls).add(noise),
    decoderInput: () => ({
      level: tf.sqrt(totalPower(scene, controls, power, noisePower).add(LEVEL_FLOOR)) as tf.Tensor2D,
      conditioning: conditioningTensor(spec, scene, controls, embedding),
    }),
  };
}

/** Strings and knocks, `[examples, length]`. */
function struckSignal(spec: Spec, p: Parameters, scene: Scene, controls: ControlTensors): tf.Tensor2D {
  return stringSignal(spec, scene, controls, controls.knock && knockSignal(spec, p, scene, controls.knock));
}

/** Power at the boundaries of what starts with an amplitude and falls with a rate. */
type PowerOf = (amplitude: tf.Tensor2D, rate: tf.Tensor2D) => tf.Tensor;

function prepare(spec: Spec, p: Parameters, scene: Scene, embedding: tf.Tensor2D, keys?: tf.Tensor2D): { controls: ControlTensors; power: PowerOf; noisePower: tf.Tensor3D } {
  const { examples, voices } = scene;
  const shared = embedding.expandDims(1).tile([1, voices, 1]).reshape([examples * voices, spec.style.size]);
  const perStrike = keys ? shared.add(keys) : shared;
  const controls = controlTensors(spec, rawControls(spec, p, scene.strikes, perStrike as tf.Tensor2D), scene.strikes);
  const count = ticksOf(spec, scene) + 1;
  const { age, mask } = ages(spec, scene, spec.tick, count, spec.tick);
  const damper = boundaryDamper(spec, scene, count);
  const held = damper ? mask.mul(damper.square()) : mask;
  const power: PowerOf = (amplitude, rate) =>
    tf.exp(rate.expandDims(1).mul(age).mul(-2)).mul(amplitude.square().expandDims(1)).mul(held);
  const rise = tf.sub(1, tf.exp(controls.riseRate.expandDims(1).mul(age).neg())).square();
  const noisePower = sumVoices(
    scene,
    power(controls.strikeAmplitude, controls.strikeRate).add(power(controls.bodyAmplitude, controls.bodyRate)).mul(rise),
  ) as tf.Tensor3D;
  return { controls, power, noisePower };
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

/** Expected power of the excitation at the boundaries, `[examples, ticks + 1]`. */
function totalPower(scene: Scene, controls: ControlTensors, power: PowerOf, noisePower: tf.Tensor3D): tf.Tensor2D {
  const modes = power(controls.promptAmplitude, controls.promptRate).add(
    power(controls.aftersoundAmplitude, controls.aftersoundRate),
  );
  return sumVoices(scene, tf.sum(modes, 2).mul(0.5)).add(tf.sum(noisePower, 2)) as tf.Tensor2D;
}
