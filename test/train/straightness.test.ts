import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { noteNetwork } from '../../model/reference/note-network.ts';
import { NOTE_COUNT } from '../../model/spec.ts';
import { adamStep, createAdam } from '../../model/train/adam.ts';
import { startBackend } from '../../model/train/backend.ts';
import { BANK_EMBEDDINGS, KEY_OFFSETS, parameterLayout, toTensors, view } from '../../model/train/parameters.ts';
import { crookedness } from '../../model/train/straightness.ts';
import { WITHOUT_KNOCKS as spec, randomFlat, referenceModel } from './small-model.ts';

const BANKS = [0, 1, 2];
const STEPS = 250;
const layout = parameterLayout(spec);

/** Weights of a network that bends a great deal between pianos. */
function crookedFlat(): Float32Array {
  const flat = randomFlat(spec, 7);
  for (const slice of layout.filter(({ name }) => name === 'note.0.weight' || name === 'note.1.weight')) {
    const values = view(flat, slice);
    values.forEach((value, i) => (values[i] = 4 * value));
  }
  return flat;
}

/** Rms over some strikes, by the float64 reference: between the answers for two banks, and of what is half-way from what lies between them. */
function ways(flat: Float32Array): { whole: number; off: number } {
  const { tensors } = referenceModel(spec, flat);
  const values = (name: string, row: number): number[] => Array.from(tensors.get(name)!).slice(row * spec.style.size, (row + 1) * spec.style.size);
  const embedding = (bank: number, note: number): number[] => {
    const key = values(KEY_OFFSETS, bank * NOTE_COUNT + note - 21);
    return values(BANK_EMBEDDINGS, bank).map((value, i) => value + key[i]!);
  };
  let [whole, off, count] = [0, 0, 0];
  for (const note of [30, 44, 58, 72, 86]) {
    const answer = (z: readonly number[]): Float64Array => noteNetwork(spec, tensors, note, 0.6, z);
    const [a, b] = [embedding(0, note), embedding(1, note)];
    const [x, y, middle] = [answer(a), answer(b), answer(a.map((value, i) => (value + b[i]!) / 2))];
    middle.forEach((value, i) => {
      whole += (y[i]! - x[i]!) ** 2;
      off += (value - (x[i]! + y[i]!) / 2) ** 2;
      count++;
    });
  }
  return { whole: Math.sqrt(whole / count), off: Math.sqrt(off / count) };
}

beforeAll(() => startBackend('wasm'));

describe('the penalty on crooked ways between pianos', () => {
  it('is nothing where there is one piano', async () => {
    const loss = tf.tidy(() => crookedness(spec, toTensors(crookedFlat(), layout), [1], new Random(1)));
    expect((await loss.data())[0]).toBeLessThan(1e-9);
    loss.dispose();
  });

  it('straightens them, and leaves pianos apart', async () => {
    const flat = crookedFlat();
    const before = ways(flat);
    expect(before.off).toBeGreaterThan(0.15 * before.whole);
    const learning = layout.filter(({ name }) => name.startsWith('note.'));
    const state = createAdam(flat.length);
    const random = new Random(2);
    for (let step = 0; step < STEPS; step++) {
      const all = toTensors(flat, layout);
      const gradients = tf.tidy(() =>
        tf.grads((...tensors: tf.Tensor[]) => crookedness(spec, new Map([...all, ...learning.map(({ name }, i) => [name, tensors[i]!] as const)]), BANKS, random))(
          learning.map(({ name }) => all.get(name)!),
        ),
      );
      const gradient = new Float32Array(flat.length);
      for (const [i, slice] of learning.entries()) gradient.set((await gradients[i]!.data()) as Float32Array, slice.offset);
      adamStep(flat, gradient, state, 0.002);
      tf.dispose([...all.values(), ...gradients]);
    }
    const after = ways(flat);
    expect(after.off / after.whole).toBeLessThan(0.6 * (before.off / before.whole));
    expect(after.whole).toBeGreaterThan(0.5 * before.whole);
  });
});
