/** Plays a performance on the engine from its first to its last frame, off-line, as fast as it can. */
import type { Performance, PerformanceEvent } from '../../model/performance.ts';

/** The part of the engine that a performance needs. */
export interface Instrument {
  noteOn(note: number, velocity: number, frame: number): void;
  noteOff(note: number, frame: number, velocity?: number): void;
  control(controller: number, value: number, frame: number): void;
  bend(cents: number, note: number | undefined, frame: number): void;
  render(left: Float32Array, right: Float32Array): void;
}

/** Frames between two deliveries of events. */
const STEP = 128;
/** The instrument computes this many strikes in a step, and its queue holds no more than these events. */
const STRIKES = 8;
const MOST_WAITING = 512;
/** So that what still sounds at the end of the tail is not cut off with a click. */
const FADE_SECONDS = 0.05;

export class Performer {
  /** Length of the whole sound. */
  readonly frames: number;
  readonly #instrument: Instrument;
  readonly #events: readonly PerformanceEvent[];
  readonly #rate: number;
  #nextEvent = 0;
  /** Upper bound of the events in the instrument's queue. */
  #waiting = 0;
  #played = 0;
  #seconds = 0;
  #peak = 0;

  /** @param rate the instrument's in Hz, @param frames to play; events after them are left out */
  constructor(instrument: Instrument, performance: Performance, rate: number, frames: number) {
    this.#instrument = instrument;
    this.#events = performance.events;
    this.#rate = rate;
    this.frames = frames;
  }

  /** Frames of a performance whose last notes ring on for `tail` seconds. */
  static frames({ seconds }: Performance, rate: number, tail: number): number {
    return Math.ceil((seconds + tail) * rate);
  }

  get played(): number {
    return this.#played;
  }

  get finished(): boolean {
    return this.#played >= this.frames;
  }

  /** Largest magnitude so far. */
  get peak(): number {
    return this.#peak;
  }

  /** Seconds of sound in a second of computing. */
  get realTimeFactor(): number {
    return this.#played / this.#rate / this.#seconds;
  }

  /** Plays into two blocks of the same length; returns the parts of them that belong to the sound. */
  render(left: Float32Array, right: Float32Array): [left: Float32Array, right: Float32Array] {
    const frames = Math.min(left.length, this.frames - this.#played);
    const out: [Float32Array, Float32Array] = [left.subarray(0, frames), right.subarray(0, frames)];
    const start = performance.now();
    for (let at = 0; at < frames; at += STEP) {
      const [l, r] = [out[0].subarray(at, at + STEP), out[1].subarray(at, at + STEP)];
      this.#sendUntil(this.#played + at + l.length);
      this.#instrument.render(l, r);
      this.#waiting = Math.max(0, this.#waiting - STRIKES);
    }
    this.#seconds += (performance.now() - start) / 1000;
    for (const channel of out) {
      this.#fade(channel);
      for (const sample of channel) this.#peak = Math.max(this.#peak, Math.abs(sample));
    }
    this.#played += frames;
    return out;
  }

  /** Sends the events before frame `end`; more than the queue holds follow later. */
  #sendUntil(end: number): void {
    for (; this.#nextEvent < this.#events.length && this.#waiting < MOST_WAITING; this.#nextEvent++, this.#waiting++) {
      const event = this.#events[this.#nextEvent]!;
      const frame = Math.round(event.seconds * this.#rate);
      if (frame >= end) return;
      if (event.type === 'noteOn') this.#instrument.noteOn(event.note, event.velocity, frame);
      else if (event.type === 'noteOff') this.#instrument.noteOff(event.note, frame, event.velocity);
      else if (event.type === 'bend') this.#instrument.bend(event.cents, event.note, frame);
      else this.#instrument.control(event.controller, event.value, frame);
    }
  }

  #fade(out: Float32Array): void {
    const fadeFrames = FADE_SECONDS * this.#rate;
    for (let i = out.length - 1; i >= 0; i--) {
      const left = this.frames - this.#played - i;
      if (left > fadeFrames) return;
      out[i]! *= left / fadeFrames;
    }
  }
}
