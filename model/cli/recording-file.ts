/** Recordings that the user names, and what is played in them. */
import { decodeAudio } from '../audio/decode.ts';
import type { Recording } from '../audio/recording.ts';
import { InputError } from '../input-error.ts';
import type { Performance } from '../performance.ts';
import { startBackend } from '../train/backend.ts';
import type { ListenOptions } from '../transcribe/notes.ts';
import { loadBasicPitch } from '../transcribe/package-model.ts';
import { transcribe } from '../transcribe/transcribe.ts';
import { readInputFile } from './input-file.ts';

const RECORDING_MIB = 1024;
/** Peak of a recording that holds nothing but the noise of a converter: -80 dB. */
const SILENCE = 1e-4;

/**
 * @param shortest seconds that it has to last
 * @throws InputError also for what is too short or too quiet to hear a piano in
 */
export async function readRecording(path: string, shortest: number): Promise<Recording> {
  const recording = await decodeAudio(await readInputFile(path, RECORDING_MIB), path);
  const { channels, sampleRate } = recording;
  if (channels[0]!.length < shortest * sampleRate) throw new InputError(path, `is shorter than ${shortest} s`);
  if (!channels.some((channel) => channel.some((sample) => Math.abs(sample) > SILENCE))) throw new InputError(path, 'is silent');
  return recording;
}

/**
 * What is played in a recording.
 *
 * @param name of the recording, for errors
 * @throws InputError where no note is heard, the signal's reason where it aborts
 */
export async function hearRecording(recording: Recording, name: string, options: ListenOptions): Promise<Performance> {
  await startBackend('wasm');
  const network = await loadBasicPitch();
  try {
    return await transcribe(network, recording, name, options);
  } finally {
    network.dispose();
  }
}
