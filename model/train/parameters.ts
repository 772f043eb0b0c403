/** The learned tensors as one flat vector, and where training starts. */
import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../random.ts';
import { FIRST_NOTE, NOTE_COUNT, type Spec } from '../spec.ts';
import { KNOCK_WAVES, decoderTensors, type TensorShape } from '../tensors.ts';
import { denseMatMul } from './graph/batch-matmul.ts';
import { encoderTensors } from './graph/encoder.ts';
import type { Parameters } from './graph/note-network.ts';

export interface ParameterSlice extends TensorShape {
  readonly offset: number;
  readonly size: number;
}

/** Name of the tensor that holds one embedding for each bank. */
export const BANK_EMBEDDINGS = 'style.banks';
/** Name of the tensor that holds what each key of each bank adds to the bank's embedding, `[MOST_BANKS * 88, style size]`. */
export const KEY_OFFSETS = 'style.keys';
/** Rows of that tensor: how many banks a corpus may have. */
export const MOST_BANKS = 32;

/** Every tensor of decoder, encoder, bank embeddings and keys with its place in the flat vector. */
export function parameterLayout(spec: Spec): ParameterSlice[] {
  let offset = 0;
  const banks = { name: BANK_EMBEDDINGS, shape: [MOST_BANKS, spec.style.size] };
  const keys = { name: KEY_OFFSETS, shape: [MOST_BANKS * NOTE_COUNT, spec.style.size] };
  return [...decoderTensors(spec), ...encoderTensors(spec), banks, keys].map((tensor) => {
    const size = tensor.shape.reduce((product, n) => product * n, 1);
    const slice = { ...tensor, offset, size };
    offset += size;
    return slice;
  });
}

export function parameterCount(layout: readonly ParameterSlice[]): number {
  return layout.reduce((sum, slice) => sum + slice.size, 0);
}

/** The part of the flat vector that holds one tensor. */
export function view(flat: Float32Array, slice: ParameterSlice): Float32Array {
  return flat.subarray(slice.offset, slice.offset + slice.size);
}

export function toTensors(flat: Float32Array, layout: readonly ParameterSlice[]): Map<string, tf.Tensor> {
  return new Map(layout.map((s) => [s.name, tf.tensor(view(flat, s).slice(), s.shape as number[])]));
}

/** The learned embeddings of banks, `[rows, style size]`, by a one-hot product: every backend has its gradient. */
export function bankEmbeddings(p: Parameters, rows: readonly number[]): tf.Tensor2D {
  const oneHot = tf.oneHot(tf.tensor1d([...rows], 'int32'), MOST_BANKS).toFloat() as tf.Tensor2D;
  return denseMatMul(oneHot, p.get(BANK_EMBEDDINGS) as tf.Tensor2D);
}

/** What keys of banks add to their embeddings, `[strikes, style size]`; undefined where a strike is not the key's own: zeros. */
export function keyOffsets(p: Parameters, strikes: readonly (OwnKey | undefined)[]): tf.Tensor2D {
  const rows = MOST_BANKS * NOTE_COUNT;
  const oneHot = new Float32Array(strikes.length * rows);
  strikes.forEach((strike, s) => {
    if (strike !== undefined) oneHot[s * rows + strike.row * NOTE_COUNT + strike.note - FIRST_NOTE] = 1;
  });
  return denseMatMul(tf.tensor2d(oneHot, [strikes.length, rows]), p.get(KEY_OFFSETS) as tf.Tensor2D);
}

/** A recorded key: row of its bank, and MIDI note. */
export interface OwnKey {
  readonly row: number;
  readonly note: number;
}

/** Share of the usual random size at which the note network's output starts, so that the priors rule at first. */
const QUIET = 0.1;
/** Gates start where they are nearly linear: a filter leaves the valleys of a spectrum as they are, distortion fills them. */
const NEARLY_LINEAR = 0.3;
const GATE = /^wavenet\.\d+\.conv\.weight$/;
/** Zero at the start: the WaveNet joins without a sound of its own. */
const SILENT = new Set(['wavenet.head.weight', 'wavenet.gain.weight']);
/** Output gain of the WaveNet at the start, in dB. */
const FIRST_GAIN = 0;

/** Logarithm of the widest distribution of a generator at the start: about unit variance. */
const FIRST_SPREAD = -0.5;

/** Random weights to start from: He for hidden layers, small for outputs, smooth over pitch for the pitch matrix. */
export function initialParameters(spec: Spec, layout: readonly ParameterSlice[], seed: number): Float32Array {
  const random = new Random(seed);
  const flat = new Float32Array(parameterCount(layout));
  const output = `note.${spec.noteNetwork.hidden.length}.weight`;
  for (const slice of layout) {
    const values = view(flat, slice);
    if (slice.name === BANK_EMBEDDINGS) values.forEach((_, i) => (values[i] = random.normal()));
    else if (slice.name === KNOCK_WAVES) values.forEach((_, i) => (values[i] = random.normal() / Math.sqrt(spec.knock.samples)));
    else if (slice.name === 'note.pitch') fillPitch(values, slice.shape[1]!, random);
    else if (slice.name.endsWith('.weight') && !SILENT.has(slice.name)) {
      const quiet = slice.name === output ? QUIET : GATE.test(slice.name) ? NEARLY_LINEAR : 1;
      const scale = quiet * Math.sqrt(1.5 / slice.shape[0]!);
      values.forEach((_, i) => (values[i] = scale * random.normal()));
    } else if (slice.name === 'wavenet.gain.bias') values.fill(FIRST_GAIN);
    else if (slice.name === 'wavenet.head.bias' && spec.generator !== undefined) fillSpreads(values, spec.generator.components);
  }
  return flat;
}

/** Each distribution of a mixture starts narrower than the one before; alike, they would learn alike. */
function fillSpreads(values: Float32Array, components: number): void {
  for (let k = 0; k < components; k++) values[2 * components + k] = FIRST_SPREAD - 0.7 * k;
}

/** Slow cosines over the keyboard and a little of its own for each key: neighbours start alike. */
function fillPitch(values: Float32Array, features: number, random: Random): void {
  for (let f = 0; f < features; f++) {
    const phase = random.between(0, 2 * Math.PI);
    const turns = (f / features) * 6;
    for (let note = 0; note < NOTE_COUNT; note++) {
      values[note * features + f] = Math.cos(phase + (Math.PI * turns * note) / NOTE_COUNT) + 0.05 * random.normal();
    }
  }
}
