/** What leaves training: the decoder's weights, the encoder's, and a style for each bank. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CorpusCache } from '../corpus/cache.ts';
import { FIRST_ROOM_NOTE, measureRoom } from '../corpus/room.ts';
import { serialiseEncoder } from '../extract/encoder-file.ts';
import { roundToHalf } from '../half.ts';
import { FIRST_NOTE, NOTE_COUNT, type Spec } from '../spec.ts';
import { STYLE_FORMAT, serialiseStyle, serialiseStyleIndex, type Style } from '../style.ts';
import { decoderTensors } from '../tensors.ts';
import type { Tuning } from '../tuning.ts';
import { serialiseWeights } from '../weights.ts';
import { replaceFile } from './checkpoint.ts';
import { evenLevels } from './even-levels.ts';
import { BANK_EMBEDDINGS, KEY_OFFSETS, parameterLayout, view } from './parameters.ts';
import { shrinkEmbeddings, trainedRecordings } from './shrinkage.ts';

/** Decimal places of what keys add and of cents, and significant digits of inharmonicity: finer than anybody could hear. */
const KEY_DIGITS = 3;
const CENT_DIGITS = 3;
const STIFFNESS_DIGITS = 5;

/**
 * Writes `weights`; of the standard tier, unless it generates, also `encoder.safetensors` beside it and `styles/*.json` with their index.
 *
 * @param parameters the flat vector to ship; @param finish what the decoder's tensors go through; @param notes go into the weights' metadata
 */
export async function exportModel(
  spec: Spec,
  cache: CorpusCache,
  parameters: Float32Array,
  finish: (tensors: Map<string, Float32Array>) => Map<string, Float32Array>,
  paths: { readonly weights: string; readonly folder: string },
  notes: Record<string, string>,
): Promise<Style[]> {
  const layout = parameterLayout(spec);
  const tensor = (name: string): Float32Array => view(parameters, layout.find((slice) => slice.name === name)!).slice();
  // Half of the bytes, for an error of a hundredth of a decibel.
  const shipped = (name: string): Float32Array => (/^(?:note|knock)\./.test(name) ? tensor(name).map(roundToHalf) : tensor(name));
  const tensors = finish(new Map(decoderTensors(spec).map(({ name }) => [name, shipped(name)])));
  const styles = bankStyles(spec, cache, tensor(BANK_EMBEDDINGS), tensor(KEY_OFFSETS)).map((style) => ({ ...style, levels: evenLevels(spec, tensors, style) }));

  await mkdir(join(paths.folder, 'styles'), { recursive: true });
  await replaceFile(paths.weights, serialiseWeights({ spec, tensors }, notes));
  if (spec.tier !== 'standard' || spec.generator !== undefined) return styles;
  await replaceFile(join(paths.folder, 'encoder.safetensors'), serialiseEncoder(spec, tensor));
  for (const style of styles) {
    await replaceFile(join(paths.folder, 'styles', `${style.id}.json`), serialiseStyle(style));
  }
  await replaceFile(join(paths.folder, 'styles', 'index.json'), serialiseStyleIndex(styles));
  return styles;
}

function rounded({ cents, inharmonicity, ...tuning }: Tuning): Tuning {
  return { cents: cents.map((value) => Number(value.toFixed(CENT_DIGITS))), inharmonicity: inharmonicity.map((value) => Number(value.toPrecision(STIFFNESS_DIGITS))), ...tuning };
}

/** The style of each bank: its learned embedding, shrunk, what its recorded keys add, and its analysed tuning and room; levels are left to the end. */
function bankStyles(spec: Spec, cache: CorpusCache, learned: Float32Array, offsets: Float32Array): Style[] {
  const { size } = spec.style;
  const embeddings = shrinkEmbeddings(
    cache.banks.map((_, row) => learned.subarray(row * size, (row + 1) * size)),
    trainedRecordings(cache),
  );
  return cache.banks.map(({ id, name, kind, licence, credit, source, tuning, modes }, row) => {
    const embedding = [...embeddings[row]!];
    const recorded = new Set(cache.notes.filter(({ bank, trained }) => trained && bank === row).map(({ note }) => note));
    const keys = Array.from({ length: NOTE_COUNT }, (_, key) => {
      const at = (row * NOTE_COUNT + key) * size;
      return recorded.has(FIRST_NOTE + key) ? Array.from(offsets.subarray(at, at + size), (value) => Number(value.toFixed(KEY_DIGITS))) : [];
    });
    const top = cache.notes.filter(({ bank, note }) => bank === row && note >= FIRST_ROOM_NOTE);
    const room = measureRoom(top.map((note) => ({ note: note.note, audio: cache.read(note) })));
    return { format: STYLE_FORMAT, id, name, model: spec.id, embedding, keys, tuning: rounded(tuning), ...(modes && { modes }), ...(room && { room }), kind, source, licence, credit };
  });
}
