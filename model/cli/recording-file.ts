/** Recordings that the user names, and what is played in them. */
import { decodeAudio } from '../audio/decode.ts';
import type { Recording } from '../audio/recording.ts';
import { InputError } from '../input-error.ts';
import type { Performance } from '../performance.ts';
import { startBackend } from '../train/backend.ts';
import { loadBasicPitch } from '../transcribe/package-model.ts';
import { NoNotesError, transcribe } from '../transcribe/transcribe.ts';
import type { ListenOptions, Transcriber } from '../transcribe/transcriber.ts';
import { serveCheckpoint } from './checkpoint-server.ts';
import { readInputFile } from './input-file.ts';
import { choiceOption, required } from './options.ts';

const RECORDING_MIB = 1024;
/** Peak of a recording that holds nothing but the noise of a converter: -80 dB. */
const SILENCE = 1e-4;

/**
 * @param shortest seconds that it has to last
 * @throws InputError also for what is too short
 */
export async function readRecording(path: string, shortest: number): Promise<Recording> {
  const recording = await decodeAudio(await readInputFile(path, RECORDING_MIB), path);
  const { channels, sampleRate } = recording;
  if (channels[0]!.length < shortest * sampleRate) throw new InputError(path, `is shorter than ${shortest} s`);
  return recording;
}

/** Whether a recording holds nothing but the noise of a converter. */
export function isSilent({ channels }: Recording): boolean {
  return !channels.some((channel) => channel.some((sample) => Math.abs(sample) > SILENCE));
}

/** Options of every command that listens. */
export const TRANSCRIBER_OPTIONS = {
  transcriber: { type: 'string', default: 'basic-pitch' },
  checkpoint: { type: 'string' },
} as const;
export const TRANSCRIBER_HELP = `  --transcriber NAME  what hears the notes: basic-pitch (default), or onsets-frames, which needs
  --checkpoint PLACE  folder or address of the checkpoint of Onsets and Frames`;

/** What the user wants to hear the notes with. @throws InputError where the options do not fit together */
export function chosenTranscriber({ transcriber, checkpoint }: { transcriber: string; checkpoint?: string | undefined }): string | undefined {
  const choice = choiceOption('--transcriber', transcriber, ['basic-pitch', 'onsets-frames']);
  if (choice === 'basic-pitch' && checkpoint !== undefined) throw new InputError('--checkpoint', 'belongs to --transcriber onsets-frames');
  return choice === 'basic-pitch' ? undefined : required('--transcriber onsets-frames', '--checkpoint', checkpoint);
}

/**
 * What is played in a recording.
 *
 * @param name of the recording, for errors, @param checkpoint of Onsets and Frames; without it Basic Pitch listens
 * @throws NoNotesError where no note is heard, InputError also where the checkpoint is none, the signal's reason where it aborts
 */
export async function hearRecording(recording: Recording, name: string, checkpoint: string | undefined, options: ListenOptions): Promise<Performance> {
  if (isSilent(recording)) throw new NoNotesError(name);
  await startBackend('wasm');
  const transcriber = await (checkpoint === undefined ? loadBasicPitch() : loadOnsetsFrames(checkpoint));
  try {
    return await transcribe(transcriber, recording, name, options);
  } finally {
    transcriber.dispose();
  }
}

async function loadOnsetsFrames(checkpoint: string): Promise<Transcriber> {
  const { createOnsetsFramesTranscriber } = await import('../transcribe/onsets-frames.ts');
  if (/^https?:/.test(checkpoint)) return createOnsetsFramesTranscriber(checkpoint.replace(/\/$/, ''), checkpoint);
  const server = await serveCheckpoint(checkpoint);
  return createOnsetsFramesTranscriber(server.address, checkpoint).finally(() => server.close());
}
