/** Plays a performance on the engine from its first to its last frame, as fast as it can. */
import type { Performance, PerformanceEvent } from '../performance.ts';

/** The part of the engine that a performance needs. */
export interface Instrument {
  noteOn(note: number, velocity: number, frame: number): void;
  noteOff(note: number, frame: number): void;
  control(controller: number, value: number, frame: number): void;
  render(out: Float32Array): void;
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

  /** @param rate the instrument's in Hz, @param tail seconds to play on after the last event */
  constructor(instrument: Instrument, performance: Performance, rate: number, tail: number) {
    this.#instrument = instrument;
    this.#events = performance.events;
    this.#rate = rate;
    this.frames = Math.ceil((performance.seconds + tail) * rate);
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

  /** Plays into `block`; returns the part of it that belongs to the sound. */
  render(block: Float32Array): Float32Array {
    const out = block.subarray(0, Math.min(block.length, this.frames - this.#played));
    const start = process.hrtime.bigint();
    for (let at = 0; at < out.length; at += STEP) {
      const step = out.subarray(at, at + STEP);
      this.#sendUntil(this.#played + at + step.length);
      this.#instrument.render(step);
      this.#waiting = Math.max(0, this.#waiting - STRIKES);
    }
    this.#seconds += Number(process.hrtime.bigint() - start) / 1e9;
    this.#fade(out);
    for (const sample of out) this.#peak = Math.max(this.#peak, Math.abs(sample));
    this.#played += out.length;
    return out;
  }

  /** Sends the events before frame `end`; more than the queue holds follow later. */
  #sendUntil(end: number): void {
    for (; this.#nextEvent < this.#events.length && this.#waiting < MOST_WAITING; this.#nextEvent++, this.#waiting++) {
      const event = this.#events[this.#nextEvent]!;
      const frame = Math.round(event.seconds * this.#rate);
      if (frame >= end) return;
      if (event.type === 'noteOn') this.#instrument.noteOn(event.note, event.velocity, frame);
      else if (event.type === 'noteOff') this.#instrument.noteOff(event.note, frame);
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
