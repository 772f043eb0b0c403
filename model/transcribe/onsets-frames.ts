/**
 * Onsets and Frames (Hawthorne et al. 2018), for whoever has its checkpoint: `weights_manifest.json` and the files that
 * it names, as the authors publish them for `@magenta/music`.
 */
import { OnsetsAndFrames } from '@magenta/music/esm/transcription/model.js';
import { InputError } from '../input-error.ts';
import { MEL_HOP, MEL_RATE, melSpectrogram } from './mel-spectrogram.ts';
import type { StruckNote, Transcriber } from './transcriber.ts';

/** Seconds of one stretch, and of what is heard before it and after it. */
const STRETCH = 60;
const BEFORE = 2;
const AFTER = 8;
/** The network's velocities lie in 10..90 of 127. */
const SOFTEST = 10;
const LOUDEST = 90;

/**
 * A TensorFlow.js backend has to be ready.
 *
 * @param address of the checkpoint's folder, @param source as the user named it, for errors
 * @throws InputError where the checkpoint cannot be loaded
 */
export async function createOnsetsFramesTranscriber(address: string, source: string): Promise<Transcriber> {
  const network = new OnsetsAndFrames(address);
  try {
    await quietly(() => network.initialize());
  } catch (error) {
    throw new InputError(source, `is no checkpoint of Onsets and Frames (${(error as Error).message})`);
  }
  return {
    rate: MEL_RATE,
    async hear(sound, { onProgress, signal }) {
      const notes: StruckNote[] = [];
      const seconds = sound.length / MEL_RATE;
      for (let from = 0; from < seconds; from += STRETCH) {
        signal?.throwIfAborted();
        // On a frame, so that stretches meet.
        const first = Math.floor((Math.max(0, from - BEFORE) * MEL_RATE) / MEL_HOP) * MEL_HOP;
        const stretch = melSpectrogram(await sound.read(first, Math.ceil((from + STRETCH + AFTER) * MEL_RATE)));
        const heard = await quietly(() => network.transcribeFromMelSpec(stretch));
        for (const { pitch, startTime, endTime, velocity } of heard.notes ?? []) {
          const [start, end] = [startTime, endTime].map((time) => first / MEL_RATE + (time ?? 0)) as [number, number];
          if (start < from || start >= from + STRETCH) continue;
          notes.push({ note: pitch!, start, end, velocity: Math.min(1, Math.max(0, ((velocity ?? 0) - SOFTEST) / (LOUDEST - SOFTEST))) });
        }
        onProgress?.(Math.min(1, (from + STRETCH) / seconds));
      }
      return notes.sort((a, b) => a.start - b.start || a.note - b.note);
    },
    dispose: () => network.dispose(),
  };
}

/** The package prints what it does. */
async function quietly<T>(action: () => Promise<T>): Promise<T> {
  /* eslint-disable no-console -- it knows no other way to be quiet */
  const { log } = console;
  console.log = () => undefined;
  try {
    return await action();
  } finally {
    console.log = log;
  }
  /* eslint-enable no-console */
}
