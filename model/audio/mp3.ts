import { MPEGDecoder } from 'mpg123-decoder';
import { InputError } from '../input-error.ts';
import type { ByteSource } from './byte-source.ts';
import { decodeCompressed } from './compressed.ts';
import type { Recording } from './recording.ts';

/** Far enough to find the tag in the first frame, behind its header and side information. */
const FIRST_FRAME_BYTES = 64;
/** The tag's name, its flags and its two counts. */
const COUNTS_BYTES = 16;
const TAG_HEADER_BYTES = 10;
const HAS_FRAMES = 1;
const HAS_BYTES = 2;

/**
 * Where the first frame says nothing about the length, the file may be cut
 * between any two frames and is read as far as it goes.
 *
 * @throws InputError if bytes that the first frame promises are missing
 */
export async function* readMp3(bytes: ByteSource, source: string): AsyncGenerator<Recording> {
  const start = audioStart(await bytes.read(0, TAG_HEADER_BYTES));
  const promised = promisedBytes(await bytes.read(start, FIRST_FRAME_BYTES + COUNTS_BYTES));
  if (start + promised > bytes.size) throw new InputError(source, 'is truncated');
  yield* decodeCompressed(new MPEGDecoder(), bytes, source);
}

/** Where the frames begin, behind an ID3v2 tag: its length is written in four groups of seven bits. */
function audioStart(head: Uint8Array): number {
  if (String.fromCharCode(...head.subarray(0, 3)) !== 'ID3' || head.length < TAG_HEADER_BYTES) return 0;
  return TAG_HEADER_BYTES + head.subarray(6, 10).reduce((length, byte) => length * 128 + (byte & 0x7f), 0);
}

/** The count of bytes in the Xing or Info tag that encoders put into the first frame; 0 where there is none. */
function promisedBytes(audio: Uint8Array): number {
  const head = String.fromCharCode(...audio.subarray(0, FIRST_FRAME_BYTES));
  const tag = Math.max(head.indexOf('Xing'), head.indexOf('Info'));
  const countsEnd = tag + COUNTS_BYTES;
  if (tag < 0 || countsEnd > audio.length) return 0;
  const view = new DataView(audio.buffer, audio.byteOffset, audio.byteLength);
  const flags = view.getUint32(tag + 4);
  if (!(flags & HAS_BYTES)) return 0;
  return view.getUint32(tag + (flags & HAS_FRAMES ? 12 : 8));
}
