/** What leaves training: the decoder's weights, the encoder's, and a style for each bank. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CorpusCache } from '../corpus/cache.ts';
import { FIRST_ROOM_NOTE, measureRoom } from '../corpus/room.ts';
import { serialiseEncoder } from '../extract/encoder-file.ts';
import type { Spec } from '../spec.ts';
import { STYLE_FORMAT, serialiseStyle, type Style } from '../style.ts';
import { decoderTensors } from '../tensors.ts';
import { serialiseWeights } from '../weights.ts';
import { replaceFile } from './checkpoint.ts';
import { BANK_EMBEDDINGS, parameterLayout, view } from './parameters.ts';
import { shrinkEmbeddings } from './shrinkage.ts';

/**
 * Writes `weights`, `encoder.safetensors` beside it and `styles/*.json` with their index.
 *
 * @param parameters the flat vector to ship; @param notes go into the weights' metadata
 */
export async function exportModel(
  spec: Spec,
  cache: CorpusCache,
  parameters: Float32Array,
  paths: { readonly weights: string; readonly folder: string },
  notes: Record<string, string>,
): Promise<Style[]> {
  const layout = parameterLayout(spec);
  const tensor = (name: string): Float32Array => view(parameters, layout.find((slice) => slice.name === name)!).slice();
  const tensors = new Map(decoderTensors(spec).map(({ name }) => [name, tensor(name)]));
  const styles = bankStyles(spec, cache, tensor(BANK_EMBEDDINGS));

  await mkdir(join(paths.folder, 'styles'), { recursive: true });
  await replaceFile(paths.weights, serialiseWeights({ spec, tensors }, notes));
  await replaceFile(join(paths.folder, 'encoder.safetensors'), serialiseEncoder(spec, tensor));
  for (const style of styles) {
    await replaceFile(join(paths.folder, 'styles', `${style.id}.json`), serialiseStyle(style));
  }
  const index = styles.map(({ id, name, kind, credit, licence }) => ({ id, name, kind, credit, licence }));
  await replaceFile(join(paths.folder, 'styles', 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
  return styles;
}

/** The style of each bank: its learned embedding, shrunk, and its analysed tuning and room. */
function bankStyles(spec: Spec, cache: CorpusCache, learned: Float32Array): Style[] {
  const { size } = spec.style;
  const embeddings = shrinkEmbeddings(
    cache.banks.map((_, row) => learned.subarray(row * size, (row + 1) * size)),
    cache.banks.map((_, row) => cache.notes.filter(({ bank, trained }) => trained && bank === row).length),
  );
  return cache.banks.map(({ id, name, kind, licence, credit, source, tuning }, row) => {
    const embedding = [...embeddings[row]!];
    const top = cache.notes.filter(({ bank, note }) => bank === row && note >= FIRST_ROOM_NOTE);
    const room = measureRoom(top.map((note) => ({ note: note.note, audio: cache.read(note) })));
    return { format: STYLE_FORMAT, id, name, model: spec.id, embedding, tuning, ...(room && { room }), kind, source, licence, credit };
  });
}
