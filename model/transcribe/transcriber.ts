/** What hears the notes of a recording. */
import type { SoundReader } from '../audio/mono-reader.ts';

/** Strikes less than this far apart, in seconds, are one chord. */
export const CHORD = 0.06;

/** A note that was heard; times in seconds. */
export interface HeardNote {
  readonly note: number;
  readonly start: number;
  readonly end: number;
}

export interface StruckNote extends HeardNote {
  /** 0..1. */
  readonly velocity: number;
}

export interface ListenOptions {
  /** Called with the share that is done, 0..1. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

export interface Transcriber {
  /** Hz of the sound that it hears. */
  readonly rate: number;
  /** Notes in order of their start. @param sound mono at `rate`. @throws the signal's reason where it aborts */
  hear(sound: SoundReader, options: ListenOptions): Promise<StruckNote[]>;
  dispose(): void;
}
