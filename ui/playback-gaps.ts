/** Gaps in the sound, where the browser counts them: `AudioContext.playbackStats` of the Web Audio API. */

interface PlaybackStats {
  /** Times that the device had to play silence, since the audio thread was late. */
  readonly underrunEvents: number;
}

/** Seconds for which a gap is worth a word. */
const RECENT_SECONDS = 10;
/** Seconds in which a context that has just begun to run finds its feet. */
const BEGINNING_SECONDS = 2;

export class PlaybackGaps {
  readonly #context: AudioContext;
  readonly #stats: PlaybackStats | undefined;
  #counted = 0;
  #began: number | undefined;
  #times: readonly number[] = [];

  constructor(context: AudioContext) {
    this.#context = context;
    this.#stats = (context as AudioContext & { readonly playbackStats?: PlaybackStats }).playbackStats;
    this.#counted = this.#stats?.underrunEvents ?? 0;
  }

  /** Gaps of the last ten seconds; to be asked at least once a second. @param now seconds of any clock */
  recent(now: number): number {
    const events = this.#stats?.underrunEvents ?? 0;
    this.#began = this.#context.state === 'running' ? (this.#began ?? now) : undefined;
    const settled = this.#began !== undefined && now - this.#began >= BEGINNING_SECONDS;
    const fresh = !settled ? [] : Array.from({ length: Math.max(0, events - this.#counted) }, () => now);
    this.#counted = events;
    if (fresh.length > 0 || this.#times.length > 0) this.#times = [...this.#times, ...fresh].filter((time) => now - time < RECENT_SECONDS);
    return this.#times.length;
  }
}
