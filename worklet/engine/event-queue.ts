/** Events that wait for their sample: bounded and sorted. */

export const NOTE_OFF = 0;
export const NOTE_ON = 1;
export const CONTROL = 2;
export const BEND = 3;
export type EventKind = typeof NOTE_OFF | typeof NOTE_ON | typeof CONTROL | typeof BEND;

/** Notes, controllers and what is bent are numbers below this. */
const NUMBERS = 128;
/** Events for which there is room from the start: more than hands play in a second. */
const FIRST_ROOM = 1024;

/**
 * A queue in order of samples; events of one sample stay in the order in which they came.
 *
 * What is scheduled ahead gets more room as it needs it, up to the capacity. Where there is none left, and where all
 * that waits is of one instant, which is a flood and no piece, controllers are merged first and note-ons are refused next.
 * Note-offs, the lowest position of a pedal and the last bend are never lost. Only the constructor and `push` allocate,
 * and `push` is for when messages arrive.
 */
export class EventQueue {
  readonly #capacity: number;
  #samples: Float64Array;
  #kinds: Uint8Array;
  #numbers: Uint8Array;
  #values: Float32Array;
  /** Scratch of `#merge`: lowest later value of each controller; 1 where a note's next event is a note-off, or where a bend follows. */
  readonly #lowest = new Float32Array(NUMBERS);
  readonly #releasedLater = new Uint8Array(NUMBERS);
  readonly #bentLater = new Uint8Array(NUMBERS);
  #head = 0;
  #tail = 0;
  /** Whether a merge could find anything. */
  #mergeable = false;
  #refused = 0;

  /** @param capacity events that wait at most */
  constructor(capacity: number) {
    const room = Math.min(FIRST_ROOM, capacity);
    this.#capacity = capacity;
    this.#samples = new Float64Array(room);
    this.#kinds = new Uint8Array(room);
    this.#numbers = new Uint8Array(room);
    this.#values = new Float32Array(room);
  }

  /** Events for which there was no room, or that made room for another, since the queue was made. */
  get refused(): number {
    return this.#refused;
  }

  get length(): number {
    return this.#tail - this.#head;
  }

  /** Sample of the first event; infinite when there is none. */
  get sample(): number {
    return this.#head < this.#tail ? this.#samples[this.#head]! : Infinity;
  }

  get kind(): EventKind {
    return this.#kinds[this.#head]! as EventKind;
  }

  /** Note, controller or what is bent of the first event. */
  get number(): number {
    return this.#numbers[this.#head]!;
  }

  /** Velocity, controller value or cents of the first event. */
  get value(): number {
    return this.#values[this.#head]!;
  }

  /** Removes the first event. */
  shift(): void {
    this.#head++;
    if (this.#head === this.#tail) this.clear();
  }

  clear(): void {
    this.#head = 0;
    this.#tail = 0;
    this.#mergeable = false;
  }

  /**
   * Adds an event.
   *
   * @param number note, controller or what is bent, 0..127
   * @returns false if there was no room for it
   */
  push(sample: number, kind: EventKind, number: number, value: number): boolean {
    if (this.#tail === this.#samples.length && !this.#makeRoom(sample, kind)) return false;
    let at = this.#tail;
    while (at > this.#head && this.#samples[at - 1]! > sample) at--;
    this.#move(at, this.#tail, at + 1);
    this.#tail++;
    this.#samples[at] = sample;
    this.#kinds[at] = kind;
    this.#numbers[at] = number;
    this.#values[at] = value;
    if (kind !== NOTE_ON) this.#mergeable = true;
    return true;
  }

  /** Adds what waits in another queue; `sampleOf` gives this queue's sample for one of the other's. */
  follow(other: EventQueue, sampleOf: (sample: number) => number): void {
    for (let at = other.#head; at < other.#tail; at++) {
      this.push(sampleOf(other.#samples[at]!), other.#kinds[at]! as EventKind, other.#numbers[at]!, other.#values[at]!);
    }
  }

  #makeRoom(sample: number, kind: EventKind): boolean {
    if (this.#head === 0) {
      const scheduled = Math.max(sample, this.#samples[this.#tail - 1]!) > Math.min(sample, this.#samples[0]!);
      if (scheduled && this.#tail < this.#capacity) this.#grow();
      else if (this.#mergeable) this.#merge();
    }
    if (this.#head > 0) {
      this.#move(this.#head, this.#tail, 0);
      this.#tail -= this.#head;
      this.#head = 0;
    }
    if (this.#tail < this.#samples.length) return true;
    this.#refused++;
    return kind !== NOTE_ON && this.#dropLastNoteOn();
  }

  #grow(): void {
    const room = Math.min(2 * this.#tail, this.#capacity);
    const [samples, kinds, numbers, values] = [this.#samples, this.#kinds, this.#numbers, this.#values];
    this.#samples = new Float64Array(room);
    this.#samples.set(samples);
    this.#kinds = new Uint8Array(room);
    this.#kinds.set(kinds);
    this.#numbers = new Uint8Array(room);
    this.#numbers.set(numbers);
    this.#values = new Float32Array(room);
    this.#values.set(values);
  }

  /**
   * Leaves out each controller event that a later, not higher one overtakes, each bend that another
   * follows, and each note-off that another follows before the note is struck again.
   */
  #merge(): void {
    this.#mergeable = false;
    this.#lowest.fill(Infinity);
    this.#releasedLater.fill(0);
    this.#bentLater.fill(0);
    let kept = this.#tail;
    for (let at = this.#tail - 1; at >= 0; at--) {
      const number = this.#numbers[at]!;
      if (this.#kinds[at] === CONTROL) {
        const value = this.#values[at]!;
        if (value >= this.#lowest[number]!) continue;
        this.#lowest[number] = value;
      } else if (this.#kinds[at] === BEND) {
        if (this.#bentLater[number] === 1) continue;
        this.#bentLater[number] = 1;
      } else {
        const release = this.#kinds[at] === NOTE_OFF ? 1 : 0;
        if (release === 1 && this.#releasedLater[number] === 1) continue;
        this.#releasedLater[number] = release;
      }
      kept--;
      this.#samples[kept] = this.#samples[at]!;
      this.#kinds[kept] = this.#kinds[at]!;
      this.#numbers[kept] = number;
      this.#values[kept] = this.#values[at]!;
    }
    this.#head = kept;
  }

  #dropLastNoteOn(): boolean {
    for (let at = this.#tail - 1; at >= this.#head; at--) {
      if (this.#kinds[at] !== NOTE_ON) continue;
      this.#move(at + 1, this.#tail, at);
      this.#tail--;
      return true;
    }
    return false;
  }

  /** Copies events `from`..`to` - 1 to where `target` is. */
  #move(from: number, to: number, target: number): void {
    this.#samples.copyWithin(target, from, to);
    this.#kinds.copyWithin(target, from, to);
    this.#numbers.copyWithin(target, from, to);
    this.#values.copyWithin(target, from, to);
  }
}
