/** A style's voicing as a graph, as `VoicingMap` is for one strike. */
import * as tf from '@tensorflow/tfjs-core';
import { noiseBands, type Spec } from '../../spec.ts';
import { partialFrequency } from '../../tuning.ts';
import { MIDDLE_VELOCITY, voicingPoints, voicingRows, type Voicing } from '../../voicing.ts';
import { denseMatMul } from './batch-matmul.ts';
import { amplitude, type ControlTensors, type Strikes } from './note-network.ts';

/** The curves of a voicing, each `[rows, points]`. */
export type VoicingTensors = Readonly<Record<keyof Voicing, tf.Tensor2D>>;

/** Controls of S strikes under one voicing. */
export function voice(spec: Spec, controls: ControlTensors, strikes: Strikes, voicing: VoicingTensors): ControlTensors {
  const count = strikes.note.length;
  const { partials } = spec.strings;
  const rows = tf.tensor2d(strikes.note.map(voicingRows));
  const ofPartials = tf.tensor3d(
    strikes.f0.map((f0, s) => Array.from({ length: partials }, (_, i) => voicingPoints(partialFrequency(f0, strikes.inharmonicity[s]!, i + 1)))),
  );
  const ofBands = tf.tensor2d(noiseBands(spec).map(({ centre }) => voicingPoints(centre)));
  const here = (curve: tf.Tensor2D): tf.Tensor2D => denseMatMul(rows, curve);
  const overPartials = (curve: tf.Tensor2D): tf.Tensor => here(curve).reshape([count, 1, -1]).mul(ofPartials).sum(2);
  const overBands = (curve: tf.Tensor2D): tf.Tensor => denseMatMul(here(curve), ofBands.transpose() as tf.Tensor2D);
  const touch = tf.tensor2d(strikes.velocity.map((velocity) => [velocity - MIDDLE_VELOCITY]));
  const force = tf.relu(touch);
  const louder = amplitude(tf.addN([overPartials(voicing.tones), overPartials(voicing.tonesTouch).mul(touch), overPartials(voicing.tonesForce).mul(force)]));
  const noiseTouch = overBands(voicing.noiseTouch).mul(touch).add(overBands(voicing.noiseForce).mul(force));
  const faster = tf.exp(overPartials(voicing.decay));
  return {
    ...controls,
    promptAmplitude: controls.promptAmplitude.mul(louder),
    aftersoundAmplitude: controls.aftersoundAmplitude.mul(louder),
    promptRate: controls.promptRate.mul(faster),
    aftersoundRate: controls.aftersoundRate.mul(faster),
    strikeAmplitude: controls.strikeAmplitude.mul(amplitude(overBands(voicing.strike).add(noiseTouch))),
    bodyAmplitude: controls.bodyAmplitude.mul(amplitude(overBands(voicing.body).add(noiseTouch))),
    bodyRate: controls.bodyRate.mul(tf.exp(overBands(voicing.fade))),
  };
}
