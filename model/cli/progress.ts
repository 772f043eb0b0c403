/** A progress bar on a terminal, with the time left, for work that takes longer than a second. */
import { SingleBar } from 'cli-progress';

const PATIENCE_MS = 1000;
/** Below this share the time left is a guess. */
const SURE = 0.03;

export class Progress {
  readonly #what: string;
  readonly #start = Date.now();
  readonly #bar: SingleBar | undefined;
  #shown = false;
  /** What the first update said, and when: work that is taken up again has begun long before. */
  #first: { readonly share: number; readonly at: number } | undefined;

  /** @param what stands before the bar */
  constructor(what: string) {
    this.#what = what;
    if (process.stderr.isTTY) {
      this.#bar = new SingleBar({ format: '{what} {bar} {percentage} %{note}', clearOnComplete: true, hideCursor: true });
    }
  }

  /** @param share of the work that is done, 0..1, @param note stands after the bar */
  update(share: number, note = ''): void {
    this.#first ??= { share, at: Date.now() };
    if (this.#bar === undefined || Date.now() - this.#start < PATIENCE_MS) return;
    const left = timeLeft(share - this.#first.share, 1 - share, (Date.now() - this.#first.at) / 1000);
    const notes = [note, left].filter((text) => text !== '');
    const payload = { what: this.#what, note: notes.map((text) => `, ${text}`).join('') };
    if (this.#shown) this.#bar.update(share, payload);
    else this.#bar.start(1, share, payload);
    this.#shown = true;
  }

  /** Removes the bar; to be called also when the work fails. */
  stop(): void {
    if (this.#shown) this.#bar?.stop();
  }
}

/** In words: `done` took so many seconds, and `left` is still to come, both as shares; empty where nobody can tell. */
export function timeLeft(done: number, left: number, seconds: number): string {
  if (done < SURE || left <= 0) return '';
  const more = Math.ceil((seconds * left) / done);
  return more < 90 ? `${more} s left` : `${Math.round(more / 60)} min left`;
}
