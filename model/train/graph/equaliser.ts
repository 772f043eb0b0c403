/** A style's equaliser as a graph, as `EqualiserMap` is for one strike. */
import * as tf from '@tensorflow/tfjs-core';
import { equaliserWeights } from '../../equaliser.ts';
import { noiseBands, type Spec } from '../../spec.ts';
import { partialFrequency } from '../../tuning.ts';
import { denseMatMul } from './batch-matmul.ts';
import type { ControlTensors, Strikes } from './note-network.ts';

/** The curves of an equaliser, each `[points, 1]`. */
export interface EqualiserTensors {
  readonly tones: tf.Tensor2D;
  readonly noise: tf.Tensor2D;
  readonly decay: tf.Tensor2D;
}

/** Controls of S strikes under one equaliser. */
export function equalise(spec: Spec, controls: ControlTensors, strikes: Strikes, { tones, noise, decay }: EqualiserTensors): ControlTensors {
  const partials = spec.strings.partials;
  const ofPartials = tf.tensor2d(
    strikes.f0.flatMap((f0, s) => Array.from({ length: partials }, (_, i) => equaliserWeights(partialFrequency(f0, strikes.inharmonicity[s]!, i + 1)))),
  );
  const ofBands = tf.tensor2d(noiseBands(spec).map(({ centre }) => equaliserWeights(centre)));
  const overPartials = (curve: tf.Tensor2D): tf.Tensor => denseMatMul(ofPartials, curve).reshape([strikes.f0.length, partials]);
  const overBands = (curve: tf.Tensor2D): tf.Tensor => denseMatMul(ofBands, curve).reshape([1, spec.noise.bands]);
  const gain = (decibels: tf.Tensor): tf.Tensor => tf.exp(decibels.mul(Math.LN10 / 20));
  const [toneGain, noiseGain] = [gain(overPartials(tones)), gain(overBands(noise))];
  const faster = tf.exp(overPartials(decay));
  return {
    ...controls,
    promptAmplitude: controls.promptAmplitude.mul(toneGain),
    aftersoundAmplitude: controls.aftersoundAmplitude.mul(toneGain),
    promptRate: controls.promptRate.mul(faster),
    aftersoundRate: controls.aftersoundRate.mul(faster),
    strikeAmplitude: controls.strikeAmplitude.mul(noiseGain),
    bodyAmplitude: controls.bodyAmplitude.mul(noiseGain),
    bodyRate: controls.bodyRate.mul(tf.exp(overBands(decay))),
  };
}
