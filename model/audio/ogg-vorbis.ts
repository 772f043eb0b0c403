import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { InputError } from '../input-error.ts';
import { decodeCompressed } from './compressed.ts';
import type { Recording } from './recording.ts';

const PAGE_HEADER_BYTES = 27;
const LAST_PAGE = 4;

/** @throws InputError if the last page is missing, or samples that it promises */
export async function readOggVorbis(bytes: Uint8Array, source: string): Promise<Recording> {
  const promised = promisedFrames(bytes, source);
  const recording = await decodeCompressed(new OggVorbisDecoder(), bytes, source);
  const frames = recording.channels[0]!.length;
  if (frames < promised) throw new InputError(source, `is damaged: ${frames} of ${promised} samples can be read`);
  return recording;
}

/** Walks the pages to the last one, whose granule position counts the samples. */
function promisedFrames(bytes: Uint8Array, source: string): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + PAGE_HEADER_BYTES <= bytes.length; ) {
    if (view.getUint32(at) !== 0x4f676753) throw new InputError(source, 'is damaged: an Ogg page is missing');
    const segments = bytes.subarray(at + PAGE_HEADER_BYTES, at + PAGE_HEADER_BYTES + bytes[at + 26]!);
    const end = at + PAGE_HEADER_BYTES + bytes[at + 26]! + segments.reduce((sum, length) => sum + length, 0);
    if (end > bytes.length) break;
    if (bytes[at + 5]! & LAST_PAGE) return Number(view.getBigInt64(at + 6, true));
    at = end;
  }
  throw new InputError(source, 'is truncated');
}
