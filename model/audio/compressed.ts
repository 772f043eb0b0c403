/** Feeds a compressed file to one of the WASM decoders, piece by piece. */
import { InputError } from '../input-error.ts';
import type { ByteSource } from './byte-source.ts';
import type { Recording } from './recording.ts';

interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly sampleRate: number;
}

/** What the decoders of FLAC, Ogg Vorbis and MP3 have in common. */
export interface Decoder {
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>;
  flush?(): Promise<Decoded>;
  free(): void;
}

/** Small, because silence can expand ten thousand times. */
const PIECE_BYTES = 65536;

/**
 * Decodes a file piece by piece.
 *
 * @param decoder used up by the call, @param suffix bytes that follow the file's own
 * @throws InputError if the decoder refuses the bytes
 */
export async function* decodeCompressed(decoder: Decoder, bytes: ByteSource, source: string, suffix?: Uint8Array): AsyncGenerator<Recording> {
  await decoder.ready;
  try {
    for (let at = 0; at < bytes.size; at += PIECE_BYTES) yield* heard(await decoding(source, decoder, await bytes.read(at, PIECE_BYTES)));
    if (suffix) yield* heard(await decoding(source, decoder, suffix));
    if (decoder.flush) yield* heard(await decoding(source, decoder));
  } finally {
    decoder.free();
  }
}

/** @param bytes to decode; without them the decoder gives what it still holds */
async function decoding(source: string, decoder: Decoder, bytes?: Uint8Array): Promise<Decoded> {
  try {
    return await quietly(() => (bytes ? decoder.decode(bytes) : decoder.flush!()));
  } catch {
    throw new InputError(source, 'is damaged or not of the format that its first bytes promise');
  }
}

function* heard({ channelData, samplesDecoded, sampleRate }: Decoded): Generator<Recording> {
  if (samplesDecoded > 0) yield { sampleRate, channels: channelData.map((channel) => channel.subarray(0, samplesDecoded)) };
}

/** The decoders print their troubles with damaged frames; what counts is thrown or seen in the number of samples. */
function quietly<T>(decode: () => T): T {
  /* eslint-disable no-console -- the decoders know no other way to be quiet */
  const print = console.error;
  console.error = () => undefined;
  try {
    // Decodes before it returns, even where it returns a promise.
    return decode();
  } finally {
    console.error = print;
  }
  /* eslint-enable no-console */
}
