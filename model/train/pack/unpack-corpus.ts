/** Makes a corpus cache of a packed corpus, on the machine that trains. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeAudio } from '../../audio/decode.ts';
import { CacheWriter } from '../../corpus/cache.ts';
import { InputError } from '../../input-error.ts';
import { PACKED_PEAK, PACK_FORMAT, type PackHeader } from './pack-format.ts';

function readHeader(file: Uint8Array, source: string): { header: PackHeader; start: number } {
  const length = file.length < 4 ? Infinity : new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  let header: PackHeader | undefined;
  try {
    header = JSON.parse(new TextDecoder().decode(file.subarray(4, 4 + length))) as PackHeader;
  } catch {
    header = undefined;
  }
  if (header?.format !== PACK_FORMAT) throw new InputError(source, `is not ${PACK_FORMAT}`);
  const start = 4 + length;
  const end = header.notes.reduce((sum, note) => sum + note.bytes, start);
  if (end !== file.length) throw new InputError(source, `has ${file.length} bytes instead of ${end}`);
  return { header, start };
}

/**
 * Unpacks `source` into the cache `out`, with the notes in the order of the
 * cache that was packed.
 *
 * @throws InputError where the file is missing, cut short or of another format
 */
export async function unpackCorpus(source: string, out: string, onProgress?: (share: number) => void): Promise<void> {
  let file: Uint8Array;
  try {
    file = await readFile(source);
  } catch {
    throw new InputError(source, 'cannot be read');
  }
  const { header, start } = readHeader(file, source);
  await mkdir(dirname(out), { recursive: true });
  const writer = await CacheWriter.create(out);
  let at = start;
  let bank = -1;
  try {
    for (const [done, { peak, bytes, samples, ...note }] of header.notes.entries()) {
      while (bank < note.bank) writer.addBank(header.banks[++bank]!);
      const { channels } = await decodeAudio(file.subarray(at, at + bytes), `${source}, note ${done}`);
      at += bytes;
      const audio = new Float32Array(samples);
      audio.set(channels[0]!.subarray(0, samples));
      await writer.addNote(note, audio.map((x) => (x * peak) / PACKED_PEAK));
      onProgress?.((done + 1) / header.notes.length);
    }
  } catch (error) {
    await writer.discard();
    throw error;
  }
  await writer.finish();
}
