/** Events of a host that wait for their time, on the audio thread. */
import type { WamEvent } from '@webaudiomodules/api';

/**
 * In order of frames; events of one frame stay in the order in which they came. What a host
 * schedules far ahead has no bound, so `push` makes room where all is taken: it is called when messages
 * arrive. All else, which `process` calls, does not allocate.
 */
export class EventSchedule {
  #frames: Float64Array;
  #ids: Uint32Array;
  readonly #events: (WamEvent | undefined)[];
  #head = 0;
  #tail = 0;

  /** @param capacity events for which there is room from the start */
  constructor(capacity: number) {
    this.#frames = new Float64Array(capacity);
    this.#ids = new Uint32Array(capacity);
    this.#events = new Array<WamEvent | undefined>(capacity).fill(undefined);
  }

  get length(): number {
    return this.#tail - this.#head;
  }

  /** Frame of the first event; infinite when there is none. */
  get frame(): number {
    return this.#head < this.#tail ? this.#frames[this.#head]! : Infinity;
  }

  /** By which the first event is answered; 0 where no answer is awaited. */
  get id(): number {
    return this.#ids[this.#head]!;
  }

  /** The first event. */
  get event(): WamEvent | undefined {
    return this.#events[this.#head];
  }

  /** Removes the first event. */
  shift(): void {
    this.#events[this.#head++] = undefined;
    if (this.#head < this.#tail) return;
    this.#head = 0;
    this.#tail = 0;
  }

  clear(): void {
    this.#events.fill(undefined, this.#head, this.#tail);
    this.#head = 0;
    this.#tail = 0;
  }

  push(frame: number, id: number, event: WamEvent): void {
    if (this.#tail === this.#frames.length) this.#makeRoom();
    let at = this.#tail;
    while (at > this.#head && this.#frames[at - 1]! > frame) at--;
    this.#move(at, this.#tail, at + 1);
    this.#tail++;
    this.#frames[at] = frame;
    this.#ids[at] = id;
    this.#events[at] = event;
  }

  #makeRoom(): void {
    const { length } = this.#frames;
    if (this.#head > length / 2) {
      const { head, tail } = { head: this.#head, tail: this.#tail };
      this.#move(head, tail, 0);
      this.#head = 0;
      this.#tail = tail - head;
      this.#events.fill(undefined, this.#tail, tail);
      return;
    }
    const [frames, ids] = [this.#frames, this.#ids];
    this.#frames = new Float64Array(2 * length);
    this.#frames.set(frames);
    this.#ids = new Uint32Array(2 * length);
    this.#ids.set(ids);
    for (let i = 0; i < length; i++) this.#events.push(undefined);
  }

  /** Moves events `from`..`to` - 1 to where `target` is. */
  #move(from: number, to: number, target: number): void {
    this.#frames.copyWithin(target, from, to);
    this.#ids.copyWithin(target, from, to);
    this.#events.copyWithin(target, from, to);
  }
}
