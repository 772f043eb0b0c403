/** Plays a performance on a node by sending each event a little ahead of its time. */
import type { Performance, PerformanceEvent } from '../model/performance.ts';

/** What can be played; times are seconds of the audio context. */
export interface PerformanceSink {
  noteOn(note: number, velocity: number, time: number): void;
  noteOff(note: number, time: number): void;
  control(controller: number, value: number, time: number): void;
}

/** How far ahead events are sent: more than the longest pause between two calls of `advance`. */
export const LOOK_AHEAD_SECONDS = 0.2;
const SUSTAIN = 64;
const ALL_NOTES_OFF = 123;

/**
 * Keeps its own place in the performance. The caller calls `advance` several
 * times within `LOOK_AHEAD_SECONDS`; if it comes late, the music waits and
 * goes on where it was, rather than catching up in one burst.
 */
export class PerformancePlayer {
  readonly performance: Performance;
  readonly #sink: PerformanceSink;
  readonly #clock: () => number;
  /** Context time at which the performance began; meaningful while playing. */
  #origin = 0;
  /** Place up to which events were sent, in seconds of the performance. */
  #sent = 0;
  #next = 0;
  #playing = false;

  /** @param clock seconds of the audio context */
  constructor(performance: Performance, sink: PerformanceSink, clock: () => number) {
    this.performance = performance;
    this.#sink = sink;
    this.#clock = clock;
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** Seconds of the performance that have been heard. */
  get position(): number {
    const position = this.#playing ? this.#clock() - this.#origin : this.#sent;
    return Math.min(this.performance.seconds, Math.max(0, position));
  }

  play(): void {
    if (this.#playing) return;
    if (this.#next >= this.performance.events.length) this.#moveTo(0);
    this.#playing = true;
    // A pause just before may have sent its releases as late as this.
    this.#origin = this.#clock() + LOOK_AHEAD_SECONDS - this.#sent;
    this.#restoreControllers();
    this.advance();
  }

  /** Stops where the last event was sent, and lets go of keys and pedals. */
  pause(): void {
    if (!this.#playing) return;
    this.#playing = false;
    this.#release();
  }

  seek(seconds: number): void {
    const playing = this.#playing;
    this.pause();
    this.#moveTo(Math.min(this.performance.seconds, Math.max(0, seconds)));
    if (playing) this.play();
  }

  /**
   * Sends what is due; the events that were sent, with their context times.
   * Stops by itself after the last one.
   */
  advance(): { event: PerformanceEvent; time: number }[] {
    if (!this.#playing) return [];
    const now = this.#clock();
    const late = now - (this.#origin + this.#sent);
    if (late > 0) this.#origin += late;
    const until = now + LOOK_AHEAD_SECONDS - this.#origin;
    const sent: { event: PerformanceEvent; time: number }[] = [];
    const { events, seconds } = this.performance;
    for (; this.#next < events.length && events[this.#next]!.seconds < until; this.#next++) {
      const event = events[this.#next]!;
      const time = this.#origin + event.seconds;
      this.#send(event, time);
      sent.push({ event, time });
    }
    this.#sent = Math.max(this.#sent, until);
    if (this.#next >= events.length && now - this.#origin >= seconds) {
      this.#playing = false;
      this.#release();
      this.#sent = seconds;
    }
    return sent;
  }

  #release(): void {
    const time = this.#origin + this.#sent;
    this.#sink.control(SUSTAIN, 0, time);
    this.#sink.control(ALL_NOTES_OFF, 0, time);
  }

  #send(event: PerformanceEvent, time: number): void {
    if (event.type === 'noteOn') this.#sink.noteOn(event.note, event.velocity, time);
    else if (event.type === 'noteOff') this.#sink.noteOff(event.note, time);
    else this.#sink.control(event.controller, event.value, time);
  }

  #moveTo(seconds: number): void {
    const { events } = this.performance;
    const next = events.findIndex((event) => event.seconds >= seconds);
    this.#next = next < 0 ? events.length : next;
    this.#sent = seconds;
  }

  /** Sets each controller to the last value before the place where playing begins. */
  #restoreControllers(): void {
    const values = new Map<number, number>();
    for (const event of this.performance.events.slice(0, this.#next)) {
      if (event.type === 'control') values.set(event.controller, event.value);
    }
    for (const [controller, value] of values) this.#sink.control(controller, value, this.#origin + this.#sent);
  }
}
