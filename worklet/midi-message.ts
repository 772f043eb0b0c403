/** MIDI messages, as keyboards send them. */
import { releaseVelocity } from '../model/mechanics.ts';

const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROL_CHANGE = 0xb0;
const PROGRAM_CHANGE = 0xc0;

/** What a MIDI message can ask of a piano. */
export interface MidiTarget {
  /** @param velocity 0..1; 0 releases the key */
  noteOn(note: number, velocity: number, time?: number): void;
  /** @param velocity 0..1 of the release, if the keyboard knows it */
  noteOff(note: number, time?: number, velocity?: number): void;
  /** @param value 0..127 */
  control(controller: number, value: number, time?: number): void;
  /** Chooses a piano. @param number 0..127 */
  program?(number: number): void;
}

/** Plays one message of any channel, without allocating; all but notes, controllers and programmes is ignored, and so is what is not MIDI. */
export function playMidi(target: MidiTarget, bytes: ArrayLike<number>, time?: number): void {
  const kind = (bytes[0] ?? 0) & 0xf0;
  const first = bytes[1] ?? 0xff;
  const second = bytes[2] ?? 0xff;
  if (kind === PROGRAM_CHANGE && first <= 127) target.program?.(first);
  if (first > 127 || second > 127) return;
  if (kind === NOTE_ON) target.noteOn(first, second / 127, time);
  else if (kind === NOTE_OFF) target.noteOff(first, time, releaseVelocity(second));
  else if (kind === CONTROL_CHANGE) target.control(first, second, time);
}
