/** Reads a recording from the bytes of an audio file, in Node and in the browser. */
import { InputError } from '../input-error.ts';
import { readFlac } from './flac.ts';
import { readMp3 } from './mp3.ts';
import { readOggVorbis } from './ogg-vorbis.ts';
import type { Recording } from './recording.ts';
import { readWav } from './wav-reader.ts';

type Reader = (bytes: Uint8Array, source: string) => Recording | Promise<Recording>;

/** Nothing that was recorded goes beyond this; damaged floating point does. */
const LOUDEST = 1000;

/**
 * Reads WAV, FLAC, Ogg Vorbis or MP3, told apart by their first bytes.
 *
 * @param source names the file in errors
 * @throws InputError if the file is empty, truncated, damaged, too long or of another format
 */
export async function decodeAudio(bytes: Uint8Array, source: string): Promise<Recording> {
  const recording = await readerFor(bytes, source)(bytes, source);
  const { sampleRate, channels } = recording;
  if (!(sampleRate >= 1000 && sampleRate <= 768000)) throw new InputError(source, `has the sample rate ${sampleRate} Hz`);
  if (channels.length < 1 || channels.length > 32) throw new InputError(source, `has ${channels.length} channels`);
  if (channels[0]!.length === 0) throw new InputError(source, 'has no sound');
  for (const channel of channels) {
    // The comparison is also false for what is not a number.
    if (!channel.every((sample) => Math.abs(sample) <= LOUDEST)) throw new InputError(source, 'has samples that are no sound');
  }
  return recording;
}

function readerFor(bytes: Uint8Array, source: string): Reader {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  if (head.startsWith('RIFF') && head.endsWith('WAVE')) return readWav;
  if (head.startsWith('fLaC')) return readFlac;
  if (head.startsWith('OggS')) return readOggVorbis;
  // Eleven bits of sync, then a layer that is not the reserved one.
  const frameSync = bytes[0] === 0xff && (bytes[1]! & 0xe0) === 0xe0 && (bytes[1]! & 0x06) !== 0;
  if (head.startsWith('ID3') || frameSync) return readMp3;
  throw new InputError(source, 'is not a WAV, FLAC, Ogg Vorbis or MP3 file');
}
