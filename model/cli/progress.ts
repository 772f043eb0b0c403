/** A progress bar on a terminal, for work that takes longer than a second. */
import { SingleBar } from 'cli-progress';

const PATIENCE_MS = 1000;

export class Progress {
  readonly #what: string;
  readonly #start = Date.now();
  readonly #bar: SingleBar | undefined;
  #shown = false;

  /** @param what stands before the bar */
  constructor(what: string) {
    this.#what = what;
    if (process.stderr.isTTY) {
      this.#bar = new SingleBar({ format: '{what} {bar} {percentage} %{note}', clearOnComplete: true, hideCursor: true });
    }
  }

  /** @param share of the work that is done, 0..1, @param note stands after the bar */
  update(share: number, note = ''): void {
    if (this.#bar === undefined || Date.now() - this.#start < PATIENCE_MS) return;
    const payload = { what: this.#what, note: note === '' ? '' : `, ${note}` };
    if (this.#shown) this.#bar.update(share, payload);
    else this.#bar.start(1, share, payload);
    this.#shown = true;
  }

  /** Removes the bar; to be called also when the work fails. */
  stop(): void {
    if (this.#shown) this.#bar?.stop();
  }
}
