/** A small model with random weights of realistic size, for tests that compare implementations. */
import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../model/random.ts';
import type { ReferenceModel, ReferenceStyle } from '../../model/reference/render.ts';
import { DEFAULT_SPEC, FIRST_NOTE, NOTE_COUNT, type Spec } from '../../model/spec.ts';
import type { Scene } from '../../model/train/graph/scene.ts';
import { initialParameters, parameterLayout, view } from '../../model/train/parameters.ts';
import { PHASE_STEPS, fundamental, startPhases, typicalTuning } from '../../model/tuning.ts';

export const SMALL_SPEC: Spec = {
  ...DEFAULT_SPEC,
  id: 'small',
  style: { size: 4 },
  noteNetwork: { pitchFeatures: 6, hidden: [12, 12] },
  strings: { partials: 24, attackRange: 2 },
  noise: { bands: 40 },
  knock: { waves: 4, samples: 48, divisor: 12 },
  waveNet: { fold: 4, channels: 8, dilations: [1, 2, 4, 1, 2], voiceFeatures: 3, decaySeconds: [0.01, 0.1] },
};

/** Strings and noise alone. */
export const WITHOUT_KNOCKS: Spec = { ...SMALL_SPEC, knock: { ...SMALL_SPEC.knock, waves: 0 } };

/** Random weights whose outputs all differ visibly from the priors and from silence. */
export function randomFlat(spec: Spec, seed: number): Float32Array {
  const flat = initialParameters(spec, parameterLayout(spec), seed);
  const random = new Random(seed);
  for (let i = 0; i < flat.length; i++) flat[i]! += 0.1 * random.normal();
  return flat;
}

export function referenceModel(spec: Spec, flat: Float32Array): ReferenceModel {
  return { spec, tensors: new Map(parameterLayout(spec).map((slice) => [slice.name, view(flat, slice)])) };
}

export function randomStyle(spec: Spec, seed: number): ReferenceStyle {
  const random = new Random(seed);
  const vector = (size: number): number[] => Array.from({ length: spec.style.size }, () => size * random.normal());
  const embedding = vector(1);
  const phases = Array.from({ length: NOTE_COUNT }, (_, key) => Array.from({ length: key % 10 }, () => random.below(PHASE_STEPS)));
  return { embedding, keys: Array.from({ length: NOTE_COUNT }, () => vector(0.2)), tuning: { ...typicalTuning(), phases } };
}

/** What the keys of these strikes add to the embedding. */
export function keysOf({ keys }: ReferenceStyle, strikes: readonly { readonly note: number }[]): tf.Tensor2D {
  return tf.tensor2d(strikes.map(({ note }) => [...keys![note - FIRST_NOTE]!]));
}

/** One example with these strikes, none of them released. */
export function sceneOf(
  spec: Spec,
  strikes: readonly { readonly note: number; readonly velocity: number; readonly start: number }[],
  { tuning }: ReferenceStyle,
  length: number,
): Scene {
  return {
    examples: 1,
    voices: strikes.length,
    length,
    strikes: {
      note: strikes.map((s) => s.note),
      velocity: strikes.map((s) => s.velocity),
      f0: strikes.map((s) => fundamental(tuning, s.note)),
      inharmonicity: strikes.map((s) => tuning.inharmonicity[s.note - FIRST_NOTE]!),
      phases: strikes.map((s) => {
        const phases = new Float64Array(spec.strings.partials);
        startPhases(tuning, s.note, phases);
        return phases;
      }),
    },
    start: strikes.map((s) => s.start),
    pedal: new Float32Array(length / spec.tick),
    noiseOffset: 0,
  };
}
