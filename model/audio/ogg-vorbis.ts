import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { InputError } from '../input-error.ts';
import type { ByteSource } from './byte-source.ts';
import { decodeCompressed } from './compressed.ts';
import type { Recording } from './recording.ts';

const PAGE_HEADER_BYTES = 27;
const MOST_SEGMENTS = 255;
const LAST_PAGE = 4;

/** @throws InputError if the last page is missing; at the end, if samples that it promises are */
export async function* readOggVorbis(bytes: ByteSource, source: string): AsyncGenerator<Recording> {
  const promised = await promisedFrames(bytes, source);
  let frames = 0;
  for await (const block of decodeCompressed(new OggVorbisDecoder(), bytes, source)) {
    frames += block.channels[0]!.length;
    yield block;
  }
  if (frames < promised) throw new InputError(source, `is damaged: ${frames} of ${promised} samples can be read`);
}

/** Walks the pages to the last one, whose granule position counts the samples. */
async function promisedFrames(bytes: ByteSource, source: string): Promise<number> {
  for (let at = 0; at + PAGE_HEADER_BYTES <= bytes.size; ) {
    const page = await bytes.read(at, PAGE_HEADER_BYTES + MOST_SEGMENTS);
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
    if (view.getUint32(0) !== 0x4f676753) throw new InputError(source, 'is damaged: an Ogg page is missing');
    const segments = page.subarray(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + page[26]!);
    const end = at + PAGE_HEADER_BYTES + page[26]! + segments.reduce((sum, length) => sum + length, 0);
    if (end > bytes.size) break;
    if (page[5]! & LAST_PAGE) return Number(view.getBigInt64(6, true));
    at = end;
  }
  throw new InputError(source, 'is truncated');
}
