import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Performance, PerformanceEvent } from '../model/performance.ts';
import { PerformancePlayer, type Loop, type PerformanceSink } from './performance-player.ts';

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

  /** Context time at which a place is heard, or was; undefined where nothing plays. */
  timeAt(seconds: number): number | undefined {
    return this.#player?.timeAt(seconds);
  }

  get tempo(): number {
    return this.#player?.tempo ?? 1;
  }

  set tempo(tempo: number) {
    if (this.#player !== undefined) this.#player.tempo = tempo;
    this.#host.requestUpdate();
  }

  get loop(): Loop | undefined {
    return this.#player?.loop;
  }

  set loop(loop: Loop | undefined) {
    if (this.#player !== undefined) this.#player.loop = loop;
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.pause();
    this.#player = undefined;
  }

  /** Lays a performance out at its start, in place of the one before. @param clock seconds of the audio context */
  open(performance: Performance, sink: PerformanceSink, clock: () => number): void {
    this.pause();
    this.#clock = clock;
    this.#player = new PerformancePlayer(performance, sink, clock);
    this.#host.requestUpdate();
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

  /** Puts the performance away. */
  close(): void {
    this.pause();
    this.#player = undefined;
    this.#host.requestUpdate();
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
