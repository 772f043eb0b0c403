/**
 * The strings as a graph: damped sinusoids as one matrix product.
 *
 * With t = frame + m, exp((-r + iw) t) = exp((-r + iw) frame) exp((-r + iw) m): the
 * left factor is a row for each frame, the right one a column for each sample in it.
 * So K partials over T samples cost T K multiplications and only T K / FRAME
 * exponentials.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Spec } from '../../spec.ts';
import { partialFrequency, partialPhase } from '../../tuning.ts';
import { batchMatMul } from './batch-matmul.ts';
import type { ControlTensors } from './note-network.ts';
import { FRAME, ages, sumVoices, type Scene } from './scene.ts';

/** Phases in float64, since float32 loses cycles within a second: [strikes, count, partials] of sine and cosine. */
function oscillators(
  spec: Spec,
  scene: Scene,
  count: number,
  phase: (strike: number, k: number, i: number) => number,
): { sine: tf.Tensor3D; cosine: tf.Tensor3D } {
  const { partials } = spec.strings;
  const strikes = scene.start.length;
  const sine = new Float32Array(strikes * count * partials);
  const cosine = new Float32Array(sine.length);
  for (let s = 0; s < strikes; s++) {
    for (let k = 1; k <= partials; k++) {
      const first = phase(s, k, 0);
      const step = phase(s, k, 1) - first;
      for (let i = 0, at = s * count * partials + k - 1; i < count; i++, at += partials) {
        const angle = first + i * step;
        sine[at] = Math.sin(angle);
        cosine[at] = Math.cos(angle);
      }
    }
  }
  const shape: [number, number, number] = [strikes, count, partials];
  return { sine: tf.tensor3d(sine, shape), cosine: tf.tensor3d(cosine, shape) };
}

type Oscillators = ReturnType<typeof oscillators>;

/** The same oscillators, `angle` radians behind and ahead: angles that are learned. */
function spread({ sine, cosine }: Oscillators, angle: tf.Tensor): [behind: Oscillators, ahead: Oscillators] {
  const [s, c] = [tf.sin(angle), tf.cos(angle)];
  const [sc, cs, cc, ss] = [sine.mul(c), cosine.mul(s), cosine.mul(c), sine.mul(s)];
  return [
    { sine: sc.sub(cs), cosine: cc.add(ss) },
    { sine: sc.add(cs), cosine: cc.sub(ss) },
  ];
}

/** Sound of the strings of each example, `[examples, length]`, with the knocks `[strikes, length]` that are damped as they are. */
export function stringSignal(spec: Spec, scene: Scene, controls: ControlTensors, knocks?: tf.Tensor2D): tf.Tensor2D {
  const { strikes, start, length } = scene;
  const frames = length / FRAME;
  const count = start.length;
  const omega = (s: number, k: number): number =>
    (2 * Math.PI * partialFrequency(strikes.f0[s]!, strikes.inharmonicity[s]!, k)) / spec.sampleRate;
  const outer = oscillators(spec, scene, frames, (s, k, i) => omega(s, k) * (i * FRAME - start[s]!) + (strikes.phases?.[s]![k - 1] ?? partialPhase(k)));
  const inner = oscillators(spec, scene, FRAME, (s, k, i) => omega(s, k) * i);
  const { age, mask } = ages(spec, scene, FRAME, frames, 0);
  const within = tf.range(0, FRAME).div(spec.sampleRate).reshape([1, FRAME, 1]);

  const left: tf.Tensor3D[] = [];
  const right: tf.Tensor3D[] = [];
  /** Radians a second by which the modes lie below and above the partial. */
  const apart = controls.beat.expandDims(1).mul(Math.PI);
  const [promptFrames, aftersoundFrames] = spread(outer, apart.mul(age));
  const [promptSamples, aftersoundSamples] = spread(inner, apart.mul(within));
  for (const [amplitude, rate, frame, sample] of [
    [controls.promptAmplitude, controls.promptRate, promptFrames, promptSamples],
    [controls.aftersoundAmplitude, controls.aftersoundRate, aftersoundFrames, aftersoundSamples],
  ] as const) {
    const perPartial = rate.expandDims(1);
    const envelope = tf.exp(perPartial.mul(age).neg()).mul(amplitude.expandDims(1)).mul(mask);
    const decay = tf.exp(perPartial.mul(within).neg());
    // sin(a + b) = sin a cos b + cos a sin b
    left.push(envelope.mul(frame.sine), envelope.mul(frame.cosine));
    right.push(decay.mul(sample.cosine), decay.mul(sample.sine));
  }
  const basis = tf.transpose(tf.concat(right, 2), [0, 2, 1]) as tf.Tensor3D;
  const strings = batchMatMul(tf.concat(left, 2) as tf.Tensor3D, basis).reshape([count, length]);

  const sampleAge = ages(spec, scene, 1, length, 0).age.reshape([count, length]);
  const risen = strings.mul(tf.sub(1, tf.exp(sampleAge.mul(controls.attackRate).neg())));
  let shaped = knocks ? risen.add(knocks) : risen;
  if (scene.damper) shaped = shaped.mul(tf.tensor2d(scene.damper, [count, length]));
  return sumVoices(scene, shaped) as tf.Tensor2D;
}
