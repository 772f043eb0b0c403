/** Reads a recording from the bytes of an audio file, in Node and in the browser. */
import { InputError } from '../input-error.ts';
import { bytesInMemory, type ByteSource } from './byte-source.ts';
import { readFlac } from './flac.ts';
import { readMp3 } from './mp3.ts';
import { readOggVorbis } from './ogg-vorbis.ts';
import { MOST_SAMPLES, joinBlocks, type Recording } from './recording.ts';
import { readWav } from './wav-reader.ts';

type Reader = (bytes: ByteSource, source: string) => AsyncIterable<Recording>;

const HEAD_BYTES = 12;
/** Nothing that was recorded goes beyond this; damaged floating point does. */
const LOUDEST = 1000;

/**
 * Reads WAV, FLAC, Ogg Vorbis or MP3, told apart by their first bytes.
 *
 * @param source names the file in errors
 * @throws InputError if the file is empty, truncated, damaged, too long or of another format
 */
export async function decodeAudio(bytes: Uint8Array, source: string): Promise<Recording> {
  const blocks: Recording[] = [];
  let samples = 0;
  for await (const block of decodeBlocks(bytesInMemory(bytes), source)) {
    blocks.push(block);
    samples += block.channels.length * block.channels[0]!.length;
    if (samples > MOST_SAMPLES) throw new InputError(source, 'is too long');
  }
  return joinBlocks(blocks);
}

/**
 * The same block by block, so that a file of any length can be read. All blocks have the rate and the channels of the first.
 *
 * @throws InputError as `decodeAudio`, some of it only at the end of the file
 */
export async function* decodeBlocks(bytes: ByteSource, source: string): AsyncGenerator<Recording> {
  let first: Recording | undefined;
  for await (const block of readerFor(await bytes.read(0, HEAD_BYTES), source)(bytes, source)) {
    const { sampleRate, channels } = block;
    if (!(sampleRate >= 1000 && sampleRate <= 768000)) throw new InputError(source, `has the sample rate ${sampleRate} Hz`);
    if (channels.length < 1 || channels.length > 32) throw new InputError(source, `has ${channels.length} channels`);
    if (channels[0]!.length === 0) continue;
    // The comparison is also false for what is not a number.
    if (!channels.every((channel) => channel.every((sample) => Math.abs(sample) <= LOUDEST))) throw new InputError(source, 'has samples that are no sound');
    first ??= block;
    if (sampleRate !== first.sampleRate || channels.length !== first.channels.length) throw new InputError(source, 'changes its sample rate or channels half-way');
    yield block;
  }
  if (first === undefined) throw new InputError(source, 'has no sound: it is truncated or damaged');
}

function readerFor(bytes: Uint8Array, source: string): Reader {
  const head = String.fromCharCode(...bytes);
  if (/^(?:RIFF|RF64|BW64)/.test(head) && head.endsWith('WAVE')) return readWav;
  if (head.startsWith('fLaC')) return readFlac;
  if (head.startsWith('OggS')) return readOggVorbis;
  // Eleven bits of sync, then a layer that is not the reserved one.
  const frameSync = bytes[0] === 0xff && (bytes[1]! & 0xe0) === 0xe0 && (bytes[1]! & 0x06) !== 0;
  if (head.startsWith('ID3') || frameSync) return readMp3;
  throw new InputError(source, 'is not a WAV, FLAC, Ogg Vorbis or MP3 file');
}
