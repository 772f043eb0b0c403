/** Training that goes on from a finished model: the inverse of `export.ts`. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseEncoder } from '../extract/encoder-file.ts';
import { InputError } from '../input-error.ts';
import { NOTE_COUNT, type Spec } from '../spec.ts';
import { assertStyleFits, parseStyle, parseStyleIndex, type Style } from '../style.ts';
import { parseWeights } from '../weights.ts';
import { BANK_EMBEDDINGS, KEY_OFFSETS, parameterLayout, view } from './parameters.ts';
import { unshrinkEmbeddings } from './shrinkage.ts';
import { canCut, cutOutputs } from './tier.ts';

export interface ImportedBank {
  readonly id: string;
  /** Strikes that it was trained on. */
  readonly recordings: number;
}

/**
 * Fills `parameters` from a weights file, `encoder.safetensors` and `styles` beside it. A bank whose id
 * no style has, or without a strike to train on, keeps the embedding that is there. Of a larger tier, the note network is cut to the partials
 * that are sounded, and a WaveNet of another size or part is left as it is.
 *
 * @param banks in the order of their rows
 * @throws InputError if a file is missing, damaged or another model's
 */
export async function importModel(spec: Spec, banks: readonly ImportedBank[], weights: string, parameters: Float32Array): Promise<void> {
  const model = parseWeights(await read(weights), weights);
  if (!canCut(model.spec, spec)) throw new InputError(weights, `is another model than ${spec.id}`);
  const encoderPath = join(dirname(weights), 'encoder.safetensors');
  const encoder = parseEncoder(await read(encoderPath), spec, encoderPath);
  const styles = await readStyles(spec, join(dirname(weights), 'styles'));
  const output = `note.${spec.noteNetwork.hidden.length}.`;
  for (const slice of parameterLayout(spec)) {
    const target = view(parameters, slice);
    if (slice.name === BANK_EMBEDDINGS) setEmbeddings(spec, banks, styles, target);
    else if (slice.name === KEY_OFFSETS) {
      banks.forEach(({ id }, row) => styles.get(id)?.keys?.forEach((key, i) => target.set(key, (row * NOTE_COUNT + i) * spec.style.size)));
    }
    else {
      const values = model.tensors.get(slice.name) ?? (encoder.get(slice.name)?.dataSync() as Float32Array | undefined);
      if (slice.name.startsWith('wavenet.') && model.spec.generator?.makes !== spec.generator?.makes) continue;
      if (values?.length === target.length) target.set(values);
      else if (values !== undefined && slice.name.startsWith(output)) target.set(cutOutputs(model.spec, spec, values));
    }
  }
  encoder.forEach((tensor) => tensor.dispose());
}

function setEmbeddings(spec: Spec, banks: readonly ImportedBank[], styles: ReadonlyMap<string, Style>, target: Float32Array): void {
  const rows = banks.flatMap(({ id, recordings }, row) => {
    const style = styles.get(id);
    return style === undefined || recordings === 0 ? [] : [{ row, recordings, embedding: Float32Array.from(style.embedding) }];
  });
  if (rows.length === 0) return;
  const learned = unshrinkEmbeddings(
    rows.map(({ embedding }) => embedding),
    rows.map(({ recordings }) => recordings),
  );
  rows.forEach(({ row }, i) => target.set(learned[i]!, row * spec.style.size));
}

/** The styles beside weights, by id. @throws InputError if one is missing, damaged or another model's */
export async function readStyles(spec: Spec, folder: string): Promise<Map<string, Style>> {
  const text = async (path: string): Promise<string> => new TextDecoder().decode(await read(path));
  const index = join(folder, 'index.json');
  const styles = new Map<string, Style>();
  for (const { id } of parseStyleIndex(await text(index), index)) {
    const path = join(folder, `${id}.json`);
    const style = parseStyle(await text(path), path);
    assertStyleFits(style, spec, path);
    styles.set(id, style);
  }
  return styles;
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch {
    throw new InputError(path, 'cannot be read');
  }
}
