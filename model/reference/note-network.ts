/** Float64 reference of the note network: pitch, velocity and style to raw controls. */
import { FIRST_NOTE, type Spec } from '../spec.ts';
import type { Style } from '../style.ts';

export type TensorLookup = ReadonlyMap<string, ArrayLike<number>>;

/** y = x W + b with W `[x.length, b.length]` in row-major order. */
export function dense(x: ArrayLike<number>, weight: ArrayLike<number>, bias: ArrayLike<number>): Float64Array {
  const y = Float64Array.from(bias);
  for (let i = 0; i < x.length; i++) {
    for (let o = 0; o < y.length; o++) y[o]! += x[i]! * weight[i * y.length + o]!;
  }
  return y;
}

/** Embedding that the note network is given for a key: the style's, and what the key adds. */
export function keyEmbedding({ embedding, keys }: Pick<Style, 'embedding' | 'keys'>, note: number): number[] {
  const added = keys?.[note - FIRST_NOTE];
  return embedding.map((value, i) => value + (added?.[i] ?? 0));
}

/** Raw output, `noteOutputSize(spec)` values, for one strike. `velocity` in 0..1. */
export function noteNetwork(
  spec: Spec,
  tensors: TensorLookup,
  note: number,
  velocity: number,
  embedding: ArrayLike<number>,
): Float64Array {
  const { pitchFeatures, hidden } = spec.noteNetwork;
  const row = (note - FIRST_NOTE) * pitchFeatures;
  const pitch = Array.from({ length: pitchFeatures }, (_, i) => tensors.get('note.pitch')![row + i]!);
  let x: ArrayLike<number> = [...pitch, velocity, velocity * velocity, ...Array.from(embedding)];
  for (let layer = 0; layer <= hidden.length; layer++) {
    const y = dense(x, tensors.get(`note.${layer}.weight`)!, tensors.get(`note.${layer}.bias`)!);
    x = layer < hidden.length ? y.map((v) => v / (1 + Math.exp(-v))) : y;
  }
  return x as Float64Array;
}
