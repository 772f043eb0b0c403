/** A style's voicing as a graph, as `VoicingMap` is for one strike. */
import * as tf from '@tensorflow/tfjs-core';
import { KNOCK_FREQUENCY } from '../../knock.ts';
import { noiseBands, type Spec } from '../../spec.ts';
import { partialFrequency } from '../../tuning.ts';
import { COARSE, FINE, MIDDLE_VELOCITY, VOICING_GRIDS, voicingPoints, voicingRows, type Voicing } from '../../voicing.ts';
import { denseMatMul } from './batch-matmul.ts';
import { amplitude, type ControlTensors, type Strikes } from './note-network.ts';

/** The curves of a voicing, each `[keys, frequencies]` of its grid. */
export type VoicingTensors = Readonly<Record<keyof Voicing, tf.Tensor2D>>;

/** Controls of S strikes under one voicing. */
export function voice(spec: Spec, controls: ControlTensors, strikes: Strikes, voicing: VoicingTensors): ControlTensors {
  const count = strikes.note.length;
  const { partials } = spec.strings;
  const frequencies = strikes.f0.map((f0, s) => Array.from({ length: partials }, (_, i) => partialFrequency(f0, strikes.inharmonicity[s]!, i + 1)));
  // The knock follows the noise of the strike where its middle lies: one place more.
  const centres = [...noiseBands(spec).map(({ centre }) => centre), KNOCK_FREQUENCY];
  const { bands } = spec.noise;
  const places = new Map([COARSE, FINE].map((grid) => [
    grid,
    {
      rows: tf.tensor2d(strikes.note.map((note) => voicingRows(grid, note))),
      ofPartials: tf.tensor3d(frequencies.map((list) => list.map((frequency) => voicingPoints(grid, frequency)))),
      ofBands: tf.tensor2d(centres.map((centre) => voicingPoints(grid, centre))),
    },
  ]));
  const here = (name: keyof Voicing): tf.Tensor2D => denseMatMul(places.get(VOICING_GRIDS[name])!.rows, voicing[name]);
  const overPartials = (name: keyof Voicing): tf.Tensor => here(name).reshape([count, 1, -1]).mul(places.get(VOICING_GRIDS[name])!.ofPartials).sum(2);
  const overBands = (name: keyof Voicing): tf.Tensor => denseMatMul(here(name), places.get(VOICING_GRIDS[name])!.ofBands.transpose() as tf.Tensor2D);
  const touch = tf.tensor2d(strikes.velocity.map((velocity) => [velocity - MIDDLE_VELOCITY]));
  const force = tf.relu(touch);
  const louder = amplitude(tf.addN([overPartials('tones'), overPartials('tonesDetail'), overPartials('tonesTouch').mul(touch), overPartials('tonesForce').mul(force)]));
  const noiseTouch = overBands('noiseTouch').mul(touch).add(overBands('noiseForce').mul(force));
  const ofBands = (x: tf.Tensor): tf.Tensor => tf.slice(x, [0, 0], [count, bands]);
  const strike = amplitude(tf.addN([overBands('strike'), overBands('strikeDetail'), noiseTouch]));
  const body = amplitude(tf.addN([overBands('body'), overBands('bodyDetail'), noiseTouch]));
  const faster = tf.exp(overPartials('decay'));
  return {
    ...controls,
    promptAmplitude: controls.promptAmplitude.mul(louder),
    aftersoundAmplitude: controls.aftersoundAmplitude.mul(louder),
    promptRate: controls.promptRate.mul(faster),
    aftersoundRate: controls.aftersoundRate.mul(faster),
    strikeAmplitude: controls.strikeAmplitude.mul(ofBands(strike)),
    bodyAmplitude: controls.bodyAmplitude.mul(ofBands(body)),
    bodyRate: controls.bodyRate.mul(tf.exp(ofBands(overBands('fade')))),
    knock: controls.knock?.mul(tf.slice(strike, [0, bands], [count, 1])),
  };
}
