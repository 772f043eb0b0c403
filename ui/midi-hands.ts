import type { PitchTarget } from '../model/midi-pitch.ts';
import type { MidiTarget } from '../worklet/midi-message.ts';
import type { Strike } from './touch-curve.ts';
import { bendVelocity } from './velocity-curve.ts';

/** What hands play on. */
export interface HandsTarget {
  /** How the keyboard is felt: -1 light, 0 as it is, 1 heavy. */
  readonly touch: number;
  noteOn(note: number, velocity: number): void;
  noteOff(note: number, velocity?: number): void;
  control(controller: number, value: number): void;
  bend(cents: number, note?: number): void;
  readonly node: Pick<PitchTarget, 'tune'> | undefined;
}

/** The hands on a MIDI keyboard, as the piano feels them. */
export class MidiHands implements MidiTarget, PitchTarget {
  readonly #target: HandsTarget;
  readonly #onStrike: (strike: Strike) => void;
  readonly #onProgram: (number: number) => void;

  constructor(target: HandsTarget, onStrike: (strike: Strike) => void, onProgram: (number: number) => void) {
    this.#target = target;
    this.#onStrike = onStrike;
    this.#onProgram = onProgram;
  }

  noteOn(note: number, velocity: number): void {
    if (velocity <= 0) return this.noteOff(note);
    const heard = bendVelocity(velocity, this.#target.touch);
    this.#onStrike({ sent: velocity, heard });
    this.#target.noteOn(note, heard);
  }

  noteOff(note: number, _time?: number, velocity?: number): void {
    this.#target.noteOff(note, velocity);
  }

  control(controller: number, value: number): void {
    this.#target.control(controller, value);
  }

  bend(cents: number, note?: number): void {
    this.#target.bend(cents, note);
  }

  /** How a keyboard is tuned is no part of what is played, and of no take. */
  tune(cents: number): void {
    this.#target.node?.tune(cents);
  }

  program(number: number): void {
    this.#onProgram(number);
  }
}
