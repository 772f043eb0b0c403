import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { InputError } from '../input-error.ts';
import { decodeCompressed } from './compressed.ts';
import type { Recording } from './recording.ts';

/** The stream info block follows the magic bytes and its own header of four. */
const STREAM_INFO = 8;
const STREAM_INFO_BYTES = 34;

/** @throws InputError if samples that the file's header promises are missing */
export async function readFlac(bytes: Uint8Array, source: string): Promise<Recording> {
  if (bytes.length < STREAM_INFO + STREAM_INFO_BYTES) throw new InputError(source, 'is truncated');
  const recording = await decodeCompressed(new FLACDecoder(), bytes, source);
  const promised = promisedFrames(bytes);
  // Frames whose checksum is wrong are left out by the decoder.
  if (promised > 0 && recording.channels[0]!.length !== promised) {
    throw new InputError(source, `is truncated or damaged: ${recording.channels[0]!.length} of ${promised} samples can be read`);
  }
  return recording;
}

/** The 36-bit count of samples; 0 where the encoder did not know it. */
function promisedFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + STREAM_INFO, STREAM_INFO_BYTES);
  return (view.getUint8(13) & 0x0f) * 2 ** 32 + view.getUint32(14);
}
