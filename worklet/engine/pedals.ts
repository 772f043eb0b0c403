/** Keys and sustain pedal: what holds a string's damper up. */
import { damperContact, damperRate } from '../../model/damper.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../../model/spec.ts';

export class Pedals {
  readonly #keyDown = new Uint8Array(NOTE_COUNT);
  readonly #rate: Float64Array;
  #sustain = 0;
  #contact = 1;

  /** @param sampleRate Hz of the samples that `step` speaks of */
  constructor(sampleRate: number) {
    this.#rate = Float64Array.from({ length: NOTE_COUNT }, (_, i) => damperRate(FIRST_NOTE + i) / sampleRate);
  }

  /** Sustain pedal in 0..1. */
  get sustain(): number {
    return this.#sustain;
  }

  set sustain(value: number) {
    this.#sustain = value;
    this.#contact = damperContact(value);
  }

  setKey(note: number, down: boolean): void {
    this.#keyDown[note - FIRST_NOTE] = down ? 1 : 0;
  }

  isDown(note: number): boolean {
    return this.#keyDown[note - FIRST_NOTE] === 1;
  }

  /** Takes over keys and pedal as they stand. */
  follow(other: Pedals): void {
    this.#keyDown.set(other.#keyDown);
    this.sustain = other.#sustain;
  }

  allKeysUp(): void {
    this.#keyDown.fill(0);
  }

  /** Factor by which the damper takes down a note's strings in one sample; 1 while key or pedal holds it up. */
  step(note: number): number {
    const key = note - FIRST_NOTE;
    const rate = this.#keyDown[key] === 1 ? 0 : this.#contact * this.#rate[key]!;
    return rate === 0 ? 1 : Math.exp(-rate);
  }
}
