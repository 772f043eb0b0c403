import type { Strike } from './touch-curve.ts';
import { bendVelocity } from './velocity-curve.ts';

/** What hands play on. */
export interface HandsTarget {
  /** How the keyboard is felt: -1 light, 0 as it is, 1 heavy. */
  readonly touch: number;
  noteOn(note: number, velocity: number): void;
  noteOff(note: number, velocity?: number): void;
  control(controller: number, value: number): void;
}

/** The hands on a MIDI keyboard, as the piano feels them. */
export class MidiHands {
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

  program(number: number): void {
    this.#onProgram(number);
  }
}
