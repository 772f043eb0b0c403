/** The messages of one keyboard, one after the other: what some of them mean depends on those before. */
import { MidiPitch, type PitchTarget } from '../model/midi-pitch.ts';
import { playMidi, type MidiTarget } from './midi-message.ts';

const PITCH_BEND = 0xe0;
const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROL_CHANGE = 0xb0;
const EXCLUSIVE = 0xf0;

/** Plays messages as `playMidi` does, and bends and tunes besides. */
export class MidiReceiver {
  readonly #target: MidiTarget;
  readonly #pitch: MidiPitch;

  constructor(target: MidiTarget & PitchTarget) {
    this.#target = target;
    this.#pitch = new MidiPitch(target);
  }

  /** Plays one message; what is not MIDI is ignored. Notes, controllers and bends allocate nothing. */
  receive(bytes: ArrayLike<number>, time?: number): void {
    const status = bytes[0] ?? 0;
    const first = bytes[1] ?? 0xff;
    const second = bytes[2] ?? 0xff;
    if (status === EXCLUSIVE) return this.#pitch.exclusive(bytes, time);
    const kind = status & 0xf0;
    const channel = status & 0x0f;
    if (first <= 127 && second <= 127) {
      if (kind === PITCH_BEND) return this.#pitch.bend(channel, first | (second << 7), time);
      if (kind === CONTROL_CHANGE && this.#pitch.control(channel, first, second, time)) return;
      if (kind === NOTE_ON && second > 0) this.#pitch.noteOn(channel, first, time);
      else if ((kind === NOTE_ON || kind === NOTE_OFF) && !this.#pitch.noteOff(channel, first)) return;
    }
    playMidi(this.#target, bytes, time);
  }
}
