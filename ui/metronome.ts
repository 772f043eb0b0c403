/** Clicks in time with the audio context, beside the piano and not in what it records. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { BeatGrid } from './take-recorder.ts';

export const SLOWEST_BEATS = 30;
export const FASTEST_BEATS = 240;

/** Clicks are scheduled this far ahead, several times within it. */
const LOOK_AHEAD_SECONDS = 0.2;
const INTERVAL_MILLISECONDS = 50;
/** A short, soft knock of wood. */
const CLICK_HERTZ = 1600;
const CLICK_SECONDS = 0.05;
const CLICK_GAIN = 0.16;

export class Metronome implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #beatsPerMinute = 90;
  #context: AudioContext | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Context time of the next click. */
  #next = 0;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  get beatsPerMinute(): number {
    return this.#beatsPerMinute;
  }

  set beatsPerMinute(beats: number) {
    if (!Number.isFinite(beats)) return;
    this.#beatsPerMinute = Math.min(FASTEST_BEATS, Math.max(SLOWEST_BEATS, Math.round(beats)));
    this.#host.requestUpdate();
  }

  /** The beats as they are heard, in seconds of `performance.now()`; undefined while it is silent. */
  get beats(): BeatGrid | undefined {
    if (this.#context === undefined) return undefined;
    const { contextTime = 0, performanceTime = 0 } = this.#context.getOutputTimestamp();
    return { firstBeat: performanceTime / 1000 + this.#next - contextTime, secondsPerBeat: 60 / this.#beatsPerMinute };
  }

  hostDisconnected(): void {
    this.stop();
  }

  start(context: AudioContext): void {
    if (this.running) return;
    this.#context = context;
    this.#next = context.currentTime + 0.1;
    this.#timer = setInterval(this.#schedule, INTERVAL_MILLISECONDS);
    this.#schedule();
    this.#host.requestUpdate();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#context = undefined;
    this.#host.requestUpdate();
  }

  readonly #schedule = (): void => {
    const context = this.#context!;
    // After a sleep it goes on with the next beat, and does not catch up.
    if (this.#next < context.currentTime) this.#next = context.currentTime;
    for (; this.#next < context.currentTime + LOOK_AHEAD_SECONDS; this.#next += 60 / this.#beatsPerMinute) click(context, this.#next);
  };
}

function click(context: AudioContext, time: number): void {
  const oscillator = new OscillatorNode(context, { frequency: CLICK_HERTZ });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(CLICK_GAIN, time);
  gain.gain.exponentialRampToValueAtTime(1e-4, time + CLICK_SECONDS);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(time);
  oscillator.stop(time + CLICK_SECONDS);
}
