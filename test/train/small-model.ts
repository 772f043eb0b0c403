/** A small model with random weights of realistic size, for tests that compare implementations. */
import { Random } from '../../model/random.ts';
import type { ReferenceModel, ReferenceStyle } from '../../model/reference/render.ts';
import { DEFAULT_SPEC, type Spec } from '../../model/spec.ts';
import { initialParameters, parameterLayout, view } from '../../model/train/parameters.ts';
import { typicalTuning } from '../../model/tuning.ts';

export const SMALL_SPEC: Spec = {
  ...DEFAULT_SPEC,
  id: 'small',
  style: { size: 4 },
  noteNetwork: { pitchFeatures: 6, hidden: [12, 12] },
  strings: { partials: 24 },
  noise: { bands: 40 },
  waveNet: { fold: 4, channels: 8, dilations: [1, 2, 4, 1, 2], voiceFeatures: 3, decaySeconds: [0.01, 0.1] },
};

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
  return { embedding: Array.from({ length: spec.style.size }, () => random.normal()), tuning: typicalTuning() };
}
