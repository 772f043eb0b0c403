/** Plays a performance on a node by sending each event a little ahead of its time. */
import type { Performance, PerformanceEvent } from '../model/performance.ts';

/** What can be played; times are seconds of the audio context. */
export interface PerformanceSink {
  noteOn(note: number, velocity: number, time: number): void;
  noteOff(note: number, time: number, velocity?: number): void;
  control(controller: number, value: number, time: number): void;
  bend(cents: number, note: number | undefined, time: number): void;
}

/** How far ahead events are sent: more than the longest pause between two calls of `advance`. */
export const LOOK_AHEAD_SECONDS = 0.2;
const SUSTAIN = 64;
/** Volume, expression, sostenuto and una corda, and where they are when nobody moves them. */
const AT_REST = new Map([[7, 127], [11, 127], [66, 0], [67, 0]]);
const ALL_NOTES_OFF = 123;

/** A part of a performance that is played again and again, in seconds of the performance. */
export interface Loop {
  readonly start: number;
  readonly end: number;
}

/** A shorter loop would be a buzz. */
export const SHORTEST_LOOP_SECONDS = 0.25;
export const SLOWEST_TEMPO = 0.25;
export const FASTEST_TEMPO = 2;

/** An event that was sent, and the context time at which it is heard. */
export interface SentEvent {
  readonly event: PerformanceEvent;
  readonly time: number;
}

/**
 * Keeps its own place in the performance. The caller calls `advance` several
 * times within `LOOK_AHEAD_SECONDS`; if it comes late, the music waits and
 * goes on where it was, rather than catching up in one burst.
 */
export class PerformancePlayer {
  readonly performance: Performance;
  readonly #sink: PerformanceSink;
  readonly #clock: () => number;
  /** Context time at which the performance began, had it always had this tempo; meaningful while playing. */
  #origin = 0;
  /** Place up to which events were sent, in seconds of the performance. */
  #sent = 0;
  #next = 0;
  #playing = false;
  #tempo = 1;
  #loop: Loop | undefined;
  /** Seconds of the lap that is still heard after the next one was begun. */
  #lap = 0;
  /** Keys that events have pressed and not let go. */
  readonly #held = new Set<number>();
  /** Those of `AT_REST` that the performance has moved. */
  readonly #moved = new Set<number>();
  /** Keys that the performance has bent; undefined stands for all. */
  readonly #bent = new Set<number | undefined>();

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
    if (!this.#playing) return Math.min(this.performance.seconds, Math.max(0, this.#sent));
    const position = (this.#clock() - this.#origin) * this.#tempo;
    const inLap = this.#loop !== undefined && position < this.#loop.start ? position + this.#lap : position;
    return Math.min(this.performance.seconds, Math.max(0, inLap));
  }

  /** Context time at which a place is heard, or was, at this tempo; undefined where nothing plays. */
  timeAt(seconds: number): number | undefined {
    return this.#playing ? this.#timeOf(seconds) : undefined;
  }

  /** Times as fast as it was recorded, `SLOWEST_TEMPO` to `FASTEST_TEMPO`. What was sent already keeps its time. */
  get tempo(): number {
    return this.#tempo;
  }

  set tempo(tempo: number) {
    const due = this.#timeOf(this.#sent);
    this.#tempo = Math.min(FASTEST_TEMPO, Math.max(SLOWEST_TEMPO, tempo));
    this.#origin = due - this.#sent / this.#tempo;
  }

  /** What is played again and again; undefined plays to the end. */
  get loop(): Loop | undefined {
    return this.#loop;
  }

  set loop(loop: Loop | undefined) {
    this.#lap = 0;
    if (loop === undefined) {
      this.#loop = undefined;
      return;
    }
    const { seconds } = this.performance;
    const start = Math.min(Math.max(0, loop.start), Math.max(0, seconds - SHORTEST_LOOP_SECONDS));
    this.#loop = { start, end: Math.max(start + SHORTEST_LOOP_SECONDS, Math.min(seconds, loop.end)) };
    if (this.#playing && this.#sent >= this.#loop.end) this.seek(start);
  }

  play(): void {
    if (this.#playing) return;
    if (this.#loop !== undefined && (this.#sent >= this.#loop.end || this.#sent < this.#loop.start)) this.#moveTo(this.#loop.start);
    else if (this.#next >= this.performance.events.length) this.#moveTo(0);
    this.#playing = true;
    this.#lap = 0;
    // A pause just before may have sent its releases as late as this.
    this.#origin = this.#clock() + LOOK_AHEAD_SECONDS - this.#sent / this.#tempo;
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

  /** Sends what is due, and returns it. Stops by itself after the last event, unless a loop is set. */
  advance(): SentEvent[] {
    if (!this.#playing) return [];
    const now = this.#clock();
    const late = now - this.#timeOf(this.#sent);
    if (late > 0) this.#origin += late;
    const sent: SentEvent[] = [];
    const horizon = now + LOOK_AHEAD_SECONDS;
    for (;;) {
      const until = (horizon - this.#origin) * this.#tempo;
      const end = this.#loop !== undefined && this.#sent < this.#loop.end ? this.#loop.end : Infinity;
      this.#sendUntil(Math.min(until, end), sent);
      if (until < end) break;
      this.#beginLap(sent);
    }
    const { events, seconds } = this.performance;
    if (this.#loop === undefined && this.#next >= events.length && now >= this.#timeOf(seconds)) {
      this.#playing = false;
      this.#release();
      this.#sent = seconds;
    }
    return sent;
  }

  #timeOf(seconds: number): number {
    return this.#origin + seconds / this.#tempo;
  }

  #sendUntil(until: number, sent: SentEvent[]): void {
    const { events } = this.performance;
    for (; this.#next < events.length && events[this.#next]!.seconds < until; this.#next++) {
      this.#send(events[this.#next]!, this.#timeOf(events[this.#next]!.seconds), sent);
    }
    this.#sent = Math.max(this.#sent, until);
  }

  /** Lets go of what the end of the loop cuts off, and goes back to its start. */
  #beginLap(sent: SentEvent[]): void {
    const { start, end } = this.#loop!;
    const time = this.#timeOf(end);
    for (const note of [...this.#held]) this.#send({ seconds: end, type: 'noteOff', note }, time, sent);
    this.#sink.control(SUSTAIN, 0, time);
    this.#lap = end - start;
    this.#origin += this.#lap / this.#tempo;
    this.#moveTo(start);
    this.#restoreControllers();
  }

  #release(): void {
    const time = this.#timeOf(this.#sent);
    this.#held.clear();
    this.#sink.control(SUSTAIN, 0, time);
    this.#sink.control(ALL_NOTES_OFF, 0, time);
    for (const controller of this.#moved) this.#sink.control(controller, AT_REST.get(controller)!, time);
    this.#moved.clear();
    for (const note of this.#bent) this.#sink.bend(0, note, time);
    this.#bent.clear();
  }

  #send(event: PerformanceEvent, time: number, sent: SentEvent[]): void {
    if (event.type === 'noteOn') {
      this.#held.add(event.note);
      this.#sink.noteOn(event.note, event.velocity, time);
    } else if (event.type === 'noteOff') {
      this.#held.delete(event.note);
      this.#sink.noteOff(event.note, time, event.velocity);
    } else if (event.type === 'bend') {
      this.#bend(event.cents, event.note, time);
    } else {
      this.#control(event.controller, event.value, time);
    }
    sent.push({ event, time });
  }

  #moveTo(seconds: number): void {
    const { events } = this.performance;
    const next = events.findIndex((event) => event.seconds >= seconds);
    this.#next = next < 0 ? events.length : next;
    this.#sent = seconds;
  }

  /** Sets each controller and each bend to the last value before the place where playing begins. */
  #restoreControllers(): void {
    const values = new Map<number, number>();
    const bends = new Map<number | undefined, number>(Array.from(this.#bent, (note) => [note, 0]));
    for (const event of this.performance.events.slice(0, this.#next)) {
      if (event.type === 'control') values.set(event.controller, event.value);
      else if (event.type === 'bend') bends.set(event.note, event.cents);
    }
    for (const [controller, value] of values) this.#control(controller, value, this.#timeOf(this.#sent));
    for (const [note, cents] of bends) this.#bend(cents, note, this.#timeOf(this.#sent));
  }

  #bend(cents: number, note: number | undefined, time: number): void {
    this.#bent.add(note);
    this.#sink.bend(cents, note, time);
  }

  #control(controller: number, value: number, time: number): void {
    if (AT_REST.has(controller)) this.#moved.add(controller);
    this.#sink.control(controller, value, time);
  }
}
