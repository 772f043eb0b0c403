/**
 * A penalty where a louder strike would not be louder and brighter.
 *
 * Some banks have one layer only: nothing in them says what velocity does, and
 * the network must not invent that it does nothing.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Spec } from '../../spec.ts';
import { FIRST_NOTE, NOTE_COUNT, noiseBands } from '../../spec.ts';
import { equalTemperament, partialFrequency, typicalInharmonicity } from '../../tuning.ts';
import type { Random } from '../../random.ts';
import { controlTensors, rawControls, type ControlTensors, type Parameters, type Strikes } from './note-network.ts';

const STRIKES = 48;
/** Velocity steps in 0..1. */
const SMALLEST_STEP = 0.1;
const LARGEST_STEP = 0.3;
/** Least rise for a whole unit of velocity: dB of level, and natural logarithm of the spectral centroid. */
const LOUDER = 15;
const BRIGHTER = 0.45;
const DARKER_WEIGHT = 20;
/**
 * Area of a noise band's magnitude spectrum, relative to a tone's of the same amplitude, for
 * 1 Hz of width and 1 s of sound: a tone's peak is narrow, noise fills its band.
 */
const NOISE_AREA = 0.6;

/** Mean shortfall over random strikes, each with one of the embeddings `[N, style size]`; 0 where all rise enough. */
export function dynamicsPenalty(spec: Spec, p: Parameters, embeddings: tf.Tensor2D, random: Random): tf.Scalar {
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
  const repeated = embeddings.tile([Math.ceil(STRIKES / embeddings.shape[0]), 1]);
  const z = tf.slice(repeated, 0, STRIKES).tile([2, 1]) as tf.Tensor2D;
  const controls = controlTensors(spec, rawControls(spec, p, strikes, z), strikes);
  const tones = controls.promptAmplitude.add(controls.aftersoundAmplitude);
  const total = tones.square().sum(1).add(1e-12);
  const level = tf.log(total).mul(10 / Math.LN10);
  const centroid = tf.log(spectralCentroid(spec, strikes, tones, controls));
  const rise = (x: tf.Tensor): tf.Tensor => tf.sub(tf.slice(x, STRIKES, STRIKES), tf.slice(x, 0, STRIKES));
  const steps = tf.tensor1d(step);
  const quieter = tf.relu(steps.mul(LOUDER).sub(rise(level)));
  const darker = tf.relu(steps.mul(BRIGHTER).sub(rise(centroid)));
  return tf.mean(quieter).add(tf.mean(darker).mul(DARKER_WEIGHT)) as tf.Scalar;
}

/** Mean frequency in Hz of the magnitude spectrum of each strike, `[S]`. */
function spectralCentroid(spec: Spec, strikes: Strikes, tones: tf.Tensor, controls: ControlTensors): tf.Tensor {
  const frequency = tf.tensor2d(
    strikes.f0.map((f, i) =>
      Array.from({ length: spec.strings.partials }, (_, k) => partialFrequency(f, strikes.inharmonicity[i]!, k + 1)),
    ),
  );
  const bands = noiseBands(spec);
  const width = tf.tensor1d(bands.map((band) => Math.sqrt(band.width) * NOISE_AREA));
  const energy = energyOf(controls.strikeAmplitude, controls.strikeRate, controls.riseRate).add(
    energyOf(controls.bodyAmplitude, controls.bodyRate, controls.riseRate),
  );
  const noise = tf.sqrt(energy.add(1e-18)).mul(width);
  const moment = tones.mul(frequency).sum(1).add(noise.mul(tf.tensor1d(bands.map((band) => band.centre))).sum(1));
  return moment.div(tones.sum(1).add(noise.sum(1)).add(1e-12));
}

/** Integral over time of (a e^-pt (1 - e^-rt))^2. */
function energyOf(a: tf.Tensor2D, p: tf.Tensor2D, r: tf.Tensor2D): tf.Tensor2D {
  const twice = p.mul(2);
  return a.square().mul(tf.div(1, twice).sub(tf.div(2, twice.add(r))).add(tf.div(1, twice.add(r.mul(2)))));
}
