/** The style encoder's weights file. */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../input-error.ts';
import { readSafetensors, writeSafetensors } from '../safetensors.ts';
import type { Spec } from '../spec.ts';
import { encoderTensors } from '../train/graph/encoder.ts';
import type { Parameters } from '../train/graph/note-network.ts';

/** Writes the encoder's tensors; `model` is the id of the decoder that they were trained with. */
export function serialiseEncoder(spec: Spec, tensor: (name: string) => Float32Array): Uint8Array {
  return writeSafetensors({
    metadata: { format: 'anypiano-encoder/1', model: spec.id },
    tensors: new Map(encoderTensors(spec).map(({ name, shape }) => [name, { shape: [...shape], data: tensor(name) }])),
  });
}

/** Reads an encoder that belongs to `spec`; throws InputError where it is damaged or another model's. */
export function parseEncoder(bytes: Uint8Array, spec: Spec, source: string): Parameters {
  const { metadata, tensors } = readSafetensors(bytes, source);
  if (metadata['format'] !== 'anypiano-encoder/1') throw new InputError(source, 'is not a style encoder');
  if (metadata['model'] !== spec.id) throw new InputError(source, `belongs to model ${metadata['model']}, not ${spec.id}`);
  return new Map(
    encoderTensors(spec).map(({ name, shape }) => {
      const tensor = tensors.get(name);
      if (tensor?.shape.join() !== shape.join()) throw new InputError(source, `has no tensor ${name} of shape [${shape}]`);
      if (!tensor.data.every(Number.isFinite)) throw new InputError(source, `tensor ${name} is not finite`);
      return [name, tf.tensor(tensor.data, [...shape])];
    }),
  );
}
