/** Training that goes on from a finished model: the inverse of `export.ts`, but for embeddings, which stay as they were shrunk. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseEncoder } from '../extract/encoder-file.ts';
import { InputError } from '../input-error.ts';
import type { Spec } from '../spec.ts';
import { assertStyleFits, parseStyle, parseStyleIndex } from '../style.ts';
import { parseWeights } from '../weights.ts';
import { BANK_EMBEDDINGS, parameterLayout, view } from './parameters.ts';

/**
 * Fills `parameters` from a weights file, `encoder.safetensors` and `styles` beside it. A bank whose id
 * no style has keeps the embedding that is there.
 *
 * @param banks ids in the order of their rows
 * @throws InputError if a file is missing, damaged or another model's
 */
export async function importModel(spec: Spec, banks: readonly string[], weights: string, parameters: Float32Array): Promise<void> {
  const model = parseWeights(await read(weights), weights);
  if (JSON.stringify(model.spec) !== JSON.stringify(spec)) throw new InputError(weights, `is another model than ${spec.id}`);
  const encoderPath = join(dirname(weights), 'encoder.safetensors');
  const encoder = parseEncoder(await read(encoderPath), spec, encoderPath);
  const embeddings = await readEmbeddings(spec, join(dirname(weights), 'styles'));
  for (const slice of parameterLayout(spec)) {
    const target = view(parameters, slice);
    if (slice.name === BANK_EMBEDDINGS) banks.forEach((id, row) => target.set(embeddings.get(id) ?? [], row * spec.style.size));
    else target.set(model.tensors.get(slice.name) ?? encoder.get(slice.name)!.dataSync());
  }
  encoder.forEach((tensor) => tensor.dispose());
}

async function readEmbeddings(spec: Spec, folder: string): Promise<Map<string, readonly number[]>> {
  const text = async (path: string): Promise<string> => new TextDecoder().decode(await read(path));
  const index = join(folder, 'index.json');
  const embeddings = new Map<string, readonly number[]>();
  for (const { id } of parseStyleIndex(await text(index), index)) {
    const path = join(folder, `${id}.json`);
    const style = parseStyle(await text(path), path);
    assertStyleFits(style, spec, path);
    embeddings.set(id, style.embedding);
  }
  return embeddings;
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch {
    throw new InputError(path, 'cannot be read');
  }
}
