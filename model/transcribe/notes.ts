/** From likelihoods to notes, a stretch of the recording at a time, so that an hour needs no more memory than a minute. */
import { outputToNotesPoly } from '@spotify/basic-pitch/cjs/toMidi.js';
import { BasicPitch } from './basic-pitch.ts';
import type { HeardNote, ListenOptions } from './transcriber.ts';

export interface StretchOptions extends ListenOptions {
  /** Windows of one stretch, of 1.64 s each. */
  readonly stretch?: number;
}

const STRETCH = 32;
/** Windows that are also heard before a stretch and after it: longer notes than that end there. */
const BEFORE = 1;
const AFTER = 6;
/** Likelihoods from which on something is an onset, and sounds; frames of the shortest note (of 11.6 ms). */
const ONSET = 0.5;
const SOUNDS = 0.3;
const SHORTEST = 5;

/**
 * The notes of a recording, in order of their start.
 *
 * @param recording mono at `RATE`
 * @throws the signal's reason where it aborts
 */
export async function hearNotes(network: BasicPitch, recording: Float32Array, options: StretchOptions = {}): Promise<HeardNote[]> {
  const { stretch = STRETCH, onProgress, signal } = options;
  const windows = BasicPitch.windows(recording.length);
  const notes: HeardNote[] = [];
  for (let from = 0; from < windows; from += stretch) {
    signal?.throwIfAborted();
    const first = Math.max(0, from - BEFORE);
    const { frames, onsets } = await network.listen(recording, first, Math.min(windows, from + stretch + AFTER));
    const [earliest, latest] = [BasicPitch.start(from), BasicPitch.start(from + stretch)];
    for (const { pitchMidi, startFrame, durationFrames } of outputToNotesPoly(frames, onsets, ONSET, SOUNDS, SHORTEST, true, null, null, false)) {
      const start = BasicPitch.start(first) + BasicPitch.seconds(startFrame);
      const end = BasicPitch.start(first) + BasicPitch.seconds(startFrame + durationFrames);
      if (start >= earliest && start < latest) notes.push({ note: pitchMidi, start, end });
    }
    onProgress?.(Math.min(1, (from + stretch) / windows));
  }
  return notes.sort((a, b) => a.start - b.start || a.note - b.note);
}
