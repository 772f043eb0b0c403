import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { InputError } from '../input-error.ts';
import { decodeCompressed } from './compressed.ts';
import type { Recording } from './recording.ts';

const MAGIC_BYTES = 4;
const BLOCK_HEADER_BYTES = 4;
const STREAM_INFO = MAGIC_BYTES + BLOCK_HEADER_BYTES;
const STREAM_INFO_BYTES = 34;
const LAST_BLOCK = 0x80;
const LONGEST_FRAME_HEADER = 16;

/** @throws InputError if samples that the file's header promises are missing */
export async function readFlac(bytes: Uint8Array, source: string): Promise<Recording> {
  const audio = audioStart(bytes);
  if (bytes.length < STREAM_INFO + STREAM_INFO_BYTES || audio + LONGEST_FRAME_HEADER > bytes.length) throw new InputError(source, 'is truncated');
  // The decoder sees where a frame ends by the header of the next, and can lose the last one: so one more header follows it.
  const headed = new Uint8Array(bytes.length + LONGEST_FRAME_HEADER);
  headed.set(bytes);
  headed.set(bytes.subarray(audio, audio + LONGEST_FRAME_HEADER), bytes.length);
  const recording = await decodeCompressed(new FLACDecoder(), headed, source);
  const promised = promisedFrames(bytes);
  // Frames whose checksum is wrong are left out by the decoder.
  if (promised > 0 && recording.channels[0]!.length !== promised) {
    throw new InputError(source, `is truncated or damaged: ${recording.channels[0]!.length} of ${promised} samples can be read`);
  }
  return recording;
}

/** Where the frames begin, behind the blocks of metadata. */
function audioStart(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = MAGIC_BYTES;
  for (let last = false; !last && at + BLOCK_HEADER_BYTES <= bytes.length; ) {
    last = (bytes[at]! & LAST_BLOCK) !== 0;
    at += BLOCK_HEADER_BYTES + (view.getUint32(at) & 0xffffff);
  }
  return at;
}

/** The 36-bit count of samples; 0 where the encoder did not know it. */
function promisedFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + STREAM_INFO, STREAM_INFO_BYTES);
  return (view.getUint8(13) & 0x0f) * 2 ** 32 + view.getUint32(14);
}
