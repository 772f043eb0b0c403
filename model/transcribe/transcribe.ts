/** Transcription: a recording of a piano in, the notes that were played out. */
import { InputError } from '../input-error.ts';
import type { Performance, PerformanceEvent } from '../performance.ts';
import { MonoReader } from '../audio/mono-reader.ts';
import type { Sound } from '../audio/sound.ts';
import { readReferencePitch } from '../extract/reference-pitch.ts';
import { findPedal } from './pedal.ts';
import { LevelReader, letRing } from './ringing.ts';
import type { ListenOptions, StruckNote, Transcriber } from './transcriber.ts';

/** Cents from A4 = 440 Hz up to which a recording is heard as it is. */
const IN_TUNE = 12;
/** Seconds between the release of a key and its next strike. */
const REPEAT_GAP = 0.01;
/** A key that is struck again this soon was struck once. */
const SHORTEST = 0.03;

/** MIDI's controller of the sustain pedal. */
const SUSTAIN = 64;

export interface TranscribeOptions extends ListenOptions {
  /** Whether the sustain pedal is inferred from notes that overlap; without it keys stay down as long as they are heard. */
  readonly pedal?: boolean;
}

/** No note was heard. */
export class NoNotesError extends InputError {
  constructor(name: string) {
    super(name, 'has no notes that could be heard');
  }
}

/**
 * Transcribes a recording. Keys stay down as long as they are heard, or ring on before a rest, also where the pedal holds them.
 *
 * The sound is read twice, a stretch at a time. Networks are trained on instruments near A4 = 440 Hz, so one that lies between two semitones is brought there first.
 *
 * @param name of the performance, and in errors
 * @throws NoNotesError where no note is heard, the signal's reason where it aborts
 */
export async function transcribe(transcriber: Transcriber, sound: Sound, name: string, options: TranscribeOptions = {}): Promise<Performance> {
  const { sampleRate } = sound;
  const whole = new MonoReader(sound, sampleRate, sampleRate);
  const cents = await readReferencePitch(whole, sampleRate).finally(() => whole.close());
  const speed = Math.abs(cents) > IN_TUNE ? 2 ** (-cents / 1200) : 1;
  const tuned = new MonoReader(sound, sampleRate * speed, transcriber.rate);
  const metered = new LevelReader(tuned, transcriber.rate);
  const heard = await transcriber.hear(metered, options).finally(() => tuned.close());
  const notes = oneAtATime(letRing(heard, metered.levels));
  if (notes.length === 0) throw new NoNotesError(name);
  const events = notes.flatMap(({ note, start, end, velocity }): PerformanceEvent[] => [
    { seconds: start * speed, type: 'noteOn', note, velocity },
    { seconds: end * speed, type: 'noteOff', note },
  ]);
  if (options.pedal) {
    for (const { down, up } of findPedal(notes)) {
      events.push({ seconds: down * speed, type: 'control', controller: SUSTAIN, value: 127 }, { seconds: up * speed, type: 'control', controller: SUSTAIN, value: 0 });
    }
  }
  // A release comes before a strike of the same instant.
  events.sort((a, b) => a.seconds - b.seconds || Number(a.type === 'noteOn') - Number(b.type === 'noteOn'));
  return { name, seconds: events.at(-1)!.seconds, events };
}

/** Each key ends before it is struck again. */
function oneAtATime(notes: readonly StruckNote[]): StruckNote[] {
  const next = new Map<number, number>();
  const kept: StruckNote[] = [];
  for (const heard of [...notes].reverse()) {
    const end = Math.min(heard.end, (next.get(heard.note) ?? Infinity) - REPEAT_GAP);
    if (end - heard.start < SHORTEST) continue;
    next.set(heard.note, heard.start);
    kept.push({ ...heard, end });
  }
  return kept.reverse();
}
