import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Performance, PerformanceEvent } from '../model/performance.ts';
import { PerformancePlayer, type PerformanceSink } from './performance-player.ts';

export interface PerformanceListener {
  /** An event of the performance is heard now. */
  onPerformanceEvent(event: PerformanceEvent): void;
  /** The performance stopped; its keys come up. */
  onPerformanceStop(): void;
}

/** Browsers do not slow down the timers of a page that sounds, so this holds in the background too. */
const INTERVAL_MILLISECONDS = 30;

/** Plays one performance at a time, and keeps the page in step with it. */
export class PerformanceController implements ReactiveController {
  readonly #host: ReactiveControllerHost & PerformanceListener;
  #player: PerformancePlayer | undefined;
  #clock: () => number = () => 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #pending = new Set<ReturnType<typeof setTimeout>>();
  #shownSecond = -1;

  constructor(host: ReactiveControllerHost & PerformanceListener) {
    this.#host = host;
    host.addController(this);
  }

  get performance(): Performance | undefined {
    return this.#player?.performance;
  }

  get playing(): boolean {
    return this.#player?.playing ?? false;
  }

  get position(): number {
    return this.#player?.position ?? 0;
  }

  hostDisconnected(): void {
    this.pause();
    this.#player = undefined;
  }

  /** Plays a performance from its start, in place of the one before. @param clock seconds of the audio context */
  open(performance: Performance, sink: PerformanceSink, clock: () => number): void {
    this.pause();
    this.#clock = clock;
    this.#player = new PerformancePlayer(performance, sink, clock);
    this.play();
  }

  play(): void {
    this.#player?.play();
    this.#timer ??= setInterval(this.#advance, INTERVAL_MILLISECONDS);
    this.#host.requestUpdate();
  }

  pause(): void {
    this.#player?.pause();
    this.#stop();
  }

  seek(seconds: number): void {
    this.#player?.seek(seconds);
    this.#forgetPending();
    this.#host.requestUpdate();
  }

  readonly #advance = (): void => {
    if (this.#player === undefined) return;
    for (const { event, time } of this.#player.advance()) {
      const timer = setTimeout(
        () => {
          this.#pending.delete(timer);
          this.#host.onPerformanceEvent(event);
        },
        1000 * (time - this.#clock()),
      );
      this.#pending.add(timer);
    }
    if (!this.#player.playing) return this.#stop();
    const second = Math.floor(this.#player.position * 4);
    if (second !== this.#shownSecond) this.#host.requestUpdate();
    this.#shownSecond = second;
  };

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#forgetPending();
    this.#host.requestUpdate();
  }

  #forgetPending(): void {
    this.#pending.forEach(clearTimeout);
    this.#pending.clear();
    this.#host.onPerformanceStop();
  }
}
