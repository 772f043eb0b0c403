/** What is played in the recordings that the user names. */
import { basename, extname } from 'node:path';
import { InputError } from '../input-error.ts';
import type { Performance } from '../performance.ts';
import { startBackend } from '../train/backend.ts';
import { loadBasicPitch } from '../transcribe/package-model.ts';
import { NoNotesError, transcribe, type TranscribeOptions } from '../transcribe/transcribe.ts';
import type { Transcriber } from '../transcribe/transcriber.ts';
import { serveCheckpoint } from './checkpoint-server.ts';
import { choiceOption, required } from './options.ts';
import type { SoundFile } from './sound-file.ts';

/** What a performance that was heard is made of, for reports. */
export function countHeard({ events }: Performance): { notes: number; pedals: number } {
  return { notes: events.filter(({ type }) => type === 'noteOn').length, pedals: events.filter((event) => event.type === 'control' && event.value > 0).length };
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

/** Options of commands that write down, or play, what they hear. */
export const PEDAL_OPTION = { 'no-pedal': { type: 'boolean' } } as const;
export const PEDAL_HELP = `  --no-pedal          leaves out the sustain pedal, which is inferred from notes that overlap`;

/**
 * What is played in a recording.
 *
 * @param checkpoint of Onsets and Frames; without it Basic Pitch listens
 * @throws NoNotesError where no note is heard, InputError also where the checkpoint is none, the signal's reason where it aborts
 */
export async function hearRecording(recording: SoundFile, checkpoint: string | undefined, options: TranscribeOptions): Promise<Performance> {
  if (recording.silent) throw new NoNotesError(recording.path);
  await startBackend('wasm');
  const transcriber = await (checkpoint === undefined ? loadBasicPitch() : loadOnsetsFrames(checkpoint));
  try {
    const performance = await transcribe(transcriber, recording, recording.path, options);
    return { ...performance, name: basename(recording.path, extname(recording.path)) };
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
