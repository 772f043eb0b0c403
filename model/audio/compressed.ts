/** Feeds a compressed file to one of the WASM decoders, piece by piece, within a limit. */
import { InputError } from '../input-error.ts';
import { MOST_SAMPLES, type Recording } from './recording.ts';

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
 * @param decoder used up by the call
 * @throws InputError if the decoder refuses the bytes or they hold more than `MOST_SAMPLES`
 */
export async function decodeCompressed(decoder: Decoder, bytes: Uint8Array, source: string): Promise<Recording> {
  const pieces: Decoded[] = [];
  let samples = 0;
  const keep = (piece: Decoded): void => {
    if (piece.samplesDecoded === 0) return;
    pieces.push(piece);
    samples += piece.samplesDecoded * piece.channelData.length;
    if (samples > MOST_SAMPLES) throw new InputError(source, 'is too long');
  };
  await decoder.ready;
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      keep(await quietly(() => decoder.decode(bytes.subarray(at, at + PIECE_BYTES))));
    }
    if (decoder.flush) keep(await quietly(() => decoder.flush!()));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(source, 'is damaged or not of the format that its first bytes promise');
  } finally {
    decoder.free();
  }
  return join(pieces, source);
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

function join(pieces: readonly Decoded[], source: string): Recording {
  const first = pieces[0];
  if (first === undefined) throw new InputError(source, 'has no sound: it is truncated or damaged');
  if (pieces.some((piece) => piece.sampleRate !== first.sampleRate || piece.channelData.length !== first.channelData.length)) {
    throw new InputError(source, 'changes its sample rate or channels half-way');
  }
  const frames = pieces.reduce((sum, piece) => sum + piece.samplesDecoded, 0);
  const channels = first.channelData.map((_, channel) => {
    const samples = new Float32Array(frames);
    let at = 0;
    for (const { channelData, samplesDecoded } of pieces) {
      samples.set(channelData[channel]!.subarray(0, samplesDecoded), at);
      at += samplesDecoded;
    }
    return samples;
  });
  return { sampleRate: first.sampleRate, channels };
}
