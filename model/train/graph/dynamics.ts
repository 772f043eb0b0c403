/**
 * A penalty where a louder strike would not be louder and brighter.
 *
 * Some banks have one layer only: nothing in them says what velocity does, and
 * the network must not invent that it does nothing.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Spec } from '../../spec.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../../spec.ts';
import { equalTemperament, partialFrequency, typicalInharmonicity } from '../../tuning.ts';
import type { Random } from '../../random.ts';
import { controlTensors, rawControls, type Parameters, type Strikes } from './note-network.ts';

const STRIKES = 24;
/** Velocity steps in 0..1. */
const SMALLEST_STEP = 0.1;
const LARGEST_STEP = 0.3;
/** Least rise for a whole unit of velocity: dB of level, and natural logarithm of the spectral centroid. */
const LOUDER = 15;
const BRIGHTER = 0.12;

/** Mean shortfall over random strikes for one embedding `[1, style size]`; 0 where all rise enough. */
export function dynamicsPenalty(spec: Spec, p: Parameters, embedding: tf.Tensor2D, random: Random): tf.Scalar {
  const note = Array.from({ length: STRIKES }, () => FIRST_NOTE + random.below(NOTE_COUNT));
  const step = note.map(() => random.between(SMALLEST_STEP, LARGEST_STEP));
  const soft = note.map((_, i) => random.between(0.05, 1 - step[i]!));
  const f0 = note.map(equalTemperament);
  const inharmonicity = note.map(typicalInharmonicity);
  const strikes: Strikes = {
    note: [...note, ...note],
    velocity: [...soft, ...soft.map((v, i) => v + step[i]!)],
    f0: [...f0, ...f0],
    inharmonicity: [...inharmonicity, ...inharmonicity],
  };
  const z = embedding.tile([2 * STRIKES, 1]) as tf.Tensor2D;
  const controls = controlTensors(spec, rawControls(spec, p, strikes, z), strikes);
  const power = controls.promptAmplitude.add(controls.aftersoundAmplitude).square();
  const frequency = tf.tensor2d(
    strikes.f0.map((f, i) =>
      Array.from({ length: spec.strings.partials }, (_, k) => partialFrequency(f, strikes.inharmonicity[i]!, k + 1)),
    ),
  );
  const total = power.sum(1).add(1e-12);
  const level = tf.log(total).mul(10 / Math.LN10);
  const centroid = tf.log(power.mul(frequency).sum(1).div(total));
  const rise = (x: tf.Tensor): tf.Tensor => tf.sub(tf.slice(x, STRIKES, STRIKES), tf.slice(x, 0, STRIKES));
  const steps = tf.tensor1d(step);
  const quieter = tf.relu(steps.mul(LOUDER).sub(rise(level)));
  const darker = tf.relu(steps.mul(BRIGHTER).sub(rise(centroid)));
  return tf.mean(quieter).add(tf.mean(darker).mul(20)) as tf.Scalar;
}
