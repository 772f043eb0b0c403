/** Keys and pedals: what holds a string's damper up, and how soft a strike is. */
import { damperContact, damperRate } from '../../model/damper.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../../model/spec.ts';

export class Pedals {
  readonly #keyDown = new Uint8Array(NOTE_COUNT);
  /** Model sample at which each key last went down. */
  readonly #downSince = new Float64Array(NOTE_COUNT);
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

  /** @param position model sample at which it goes down */
  pressKey(note: number, position: number): void {
    this.#keyDown[note - FIRST_NOTE] = 1;
    this.#downSince[note - FIRST_NOTE] = position;
  }

  releaseKey(note: number): void {
    this.#keyDown[note - FIRST_NOTE] = 0;
  }

  isDown(note: number): boolean {
    return this.#keyDown[note - FIRST_NOTE] === 1;
  }

  /** Model sample at which a key last went down. */
  downSince(note: number): number {
    return this.#downSince[note - FIRST_NOTE]!;
  }

  /** Whether a key, by itself or by the sostenuto pedal, holds its damper up. */
  isHeld(note: number): boolean {
    const key = note - FIRST_NOTE;
    return this.#keyDown[key] === 1 || this.#caught[key] === 1;
  }

  /** Whether a note has a damper. */
  hasDamper(note: number): boolean {
    return this.#rate[note - FIRST_NOTE]! > 0;
  }

  /** Takes over keys and pedals as they stand. @param startOf a sample of the other's in samples of this one's */
  follow(other: Pedals, startOf: (start: number) => number): void {
    for (let key = 0; key < NOTE_COUNT; key++) this.#downSince[key] = startOf(other.#downSince[key]!);
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

  /** Contact in 0..1 of a note's damper; 0 while key or pedal holds it up, and where there is none. */
  contact(note: number): number {
    return this.isHeld(note) || !this.hasDamper(note) ? 0 : this.#contact;
  }

  /** Factor by which the damper takes down a note's strings in one sample; 1 while key or pedal holds it up. */
  step(note: number): number {
    const rate = this.contact(note) * this.#rate[note - FIRST_NOTE]!;
    return rate === 0 ? 1 : Math.exp(-rate);
  }
}
