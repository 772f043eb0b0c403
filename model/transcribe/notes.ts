/** From likelihoods to notes, a stretch of the recording at a time, so that an hour needs no more memory than a minute. */
import { outputToNotesPoly } from '@spotify/basic-pitch/cjs/toMidi.js';
import type { SoundReader } from '../audio/mono-reader.ts';
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

/** What is heard in one stretch of a recording. */
export interface HeardStretch {
  /** In order of their start; times in the recording. */
  readonly notes: readonly HeardNote[];
  /** What was listened to, from sample `origin` of the recording on: more than the stretch. */
  readonly sound: Float32Array;
  readonly origin: number;
}

/**
 * The notes of a recording, stretch by stretch.
 *
 * @param recording mono at `RATE`
 * @throws the signal's reason where it aborts
 */
export async function* hearStretches(network: BasicPitch, recording: SoundReader, options: StretchOptions = {}): AsyncGenerator<HeardStretch> {
  const { stretch = STRETCH, onProgress, signal } = options;
  const windows = BasicPitch.windows(recording.length);
  for (let from = 0; from < windows; from += stretch) {
    signal?.throwIfAborted();
    const first = Math.max(0, from - BEFORE);
    const last = Math.min(windows, from + stretch + AFTER);
    const [start, end] = BasicPitch.span(first, last);
    const origin = Math.max(0, start);
    const sound = await recording.read(origin, end);
    const { frames, onsets } = await network.listen(sound, origin, first, last);
    const [earliest, latest] = [BasicPitch.start(from), BasicPitch.start(from + stretch)];
    const notes = outputToNotesPoly(frames, onsets, ONSET, SOUNDS, SHORTEST, true, null, null, false).flatMap(({ pitchMidi, startFrame, durationFrames }) => {
      const struck = BasicPitch.start(first) + BasicPitch.seconds(startFrame);
      const over = BasicPitch.start(first) + BasicPitch.seconds(startFrame + durationFrames);
      return struck >= earliest && struck < latest ? [{ note: pitchMidi, start: struck, end: over }] : [];
    });
    yield { notes: notes.sort((a, b) => a.start - b.start || a.note - b.note), sound, origin };
    onProgress?.(Math.min(1, (from + stretch) / windows));
  }
}
