/** Reads a sample file of the corpus as mono at the model's rate. */
import { readFile } from 'node:fs/promises';
import { decodeAudio } from '../audio/decode.ts';
import { toMono } from '../audio/recording.ts';
import { resample } from '../audio/resample.ts';
import { InputError } from '../input-error.ts';

/**
 * Decodes the first `seconds` of a file, mean of its channels.
 *
 * @throws InputError where the file is missing or cannot be decoded
 */
export async function readMono(path: string, sampleRate: number, seconds: number): Promise<Float32Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch {
    throw new InputError(path, 'cannot be read');
  }
  const recording = await decodeAudio(bytes, path);
  const start = toMono(recording).subarray(0, Math.ceil(seconds * recording.sampleRate));
  return resample(start, recording.sampleRate, sampleRate);
}
