/** Keys and pedals: what holds a string's damper up, and how soft a strike is. */
import { damperContact, damperRate } from '../../model/damper.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../../model/spec.ts';

export class Pedals {
  readonly #keyDown = new Uint8Array(NOTE_COUNT);
  /** Keys that the sostenuto pedal caught. */
  readonly #caught = new Uint8Array(NOTE_COUNT);
  readonly #rate: Float64Array;
  #sostenuto = false;
  #soft = 0;
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

  get sostenuto(): boolean {
    return this.#sostenuto;
  }

  /** The middle pedal holds the dampers of the keys that are down as it goes down, until it comes up. */
  set sostenuto(down: boolean) {
    if (down === this.#sostenuto) return;
    this.#sostenuto = down;
    if (down) this.#caught.set(this.#keyDown);
    else this.#caught.fill(0);
  }

  /** Depth of the left pedal (una corda), 0..1; counts for the strikes that follow. */
  get soft(): number {
    return this.#soft;
  }

  set soft(value: number) {
    this.#soft = value;
  }

  setKey(note: number, down: boolean): void {
    this.#keyDown[note - FIRST_NOTE] = down ? 1 : 0;
  }

  /** Whether a key, by itself or by the sostenuto pedal, holds its damper up. */
  isHeld(note: number): boolean {
    const key = note - FIRST_NOTE;
    return this.#keyDown[key] === 1 || this.#caught[key] === 1;
  }

  /** Takes over keys and pedals as they stand. */
  follow(other: Pedals): void {
    this.#keyDown.set(other.#keyDown);
    this.#caught.set(other.#caught);
    this.#sostenuto = other.#sostenuto;
    this.#soft = other.#soft;
    this.sustain = other.#sustain;
  }

  /** All keys up; what the sostenuto pedal caught stays. */
  allKeysUp(): void {
    this.#keyDown.fill(0);
  }

  /** All keys and pedals up. */
  lift(): void {
    this.allKeysUp();
    this.sustain = 0;
    this.sostenuto = false;
    this.#soft = 0;
  }

  /** Factor by which the damper takes down a note's strings in one sample; 1 while key or pedal holds it up. */
  step(note: number): number {
    const rate = this.isHeld(note) ? 0 : this.#contact * this.#rate[note - FIRST_NOTE]!;
    return rate === 0 ? 1 : Math.exp(-rate);
  }
}
