import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { InputError } from '../input-error.ts';
import type { ByteSource } from './byte-source.ts';
import { decodeCompressed } from './compressed.ts';
import type { Recording } from './recording.ts';

const MAGIC_BYTES = 4;
const BLOCK_HEADER_BYTES = 4;
const STREAM_INFO = MAGIC_BYTES + BLOCK_HEADER_BYTES;
const STREAM_INFO_BYTES = 34;
const LAST_BLOCK = 0x80;
const LONGEST_FRAME_HEADER = 16;

/** @throws InputError at the end, if samples that the file's header promises are missing */
export async function* readFlac(bytes: ByteSource, source: string): AsyncGenerator<Recording> {
  const audio = await audioStart(bytes);
  if (bytes.size < STREAM_INFO + STREAM_INFO_BYTES || audio + LONGEST_FRAME_HEADER > bytes.size) throw new InputError(source, 'is truncated');
  const promised = promisedFrames(await bytes.read(STREAM_INFO, STREAM_INFO_BYTES));
  // The decoder sees where a frame ends by the header of the next, and can lose the last one: so one more header follows it.
  const header = await bytes.read(audio, LONGEST_FRAME_HEADER);
  let frames = 0;
  for await (const block of decodeCompressed(new FLACDecoder(), bytes, source, header)) {
    frames += block.channels[0]!.length;
    yield block;
  }
  // Frames whose checksum is wrong are left out by the decoder.
  if (promised > 0 && frames !== promised) throw new InputError(source, `is truncated or damaged: ${frames} of ${promised} samples can be read`);
}

/** Where the frames begin, behind the blocks of metadata. */
async function audioStart(bytes: ByteSource): Promise<number> {
  let at = MAGIC_BYTES;
  for (let last = false; !last && at + BLOCK_HEADER_BYTES <= bytes.size; ) {
    const [head, a, b, c] = [...(await bytes.read(at, BLOCK_HEADER_BYTES))] as [number, number, number, number];
    last = (head & LAST_BLOCK) !== 0;
    at += BLOCK_HEADER_BYTES + a * 2 ** 16 + b * 2 ** 8 + c;
  }
  return at;
}

/** The 36-bit count of samples; 0 where the encoder did not know it. */
function promisedFrames(info: Uint8Array): number {
  const view = new DataView(info.buffer, info.byteOffset, STREAM_INFO_BYTES);
  return (view.getUint8(13) & 0x0f) * 2 ** 32 + view.getUint32(14);
}
