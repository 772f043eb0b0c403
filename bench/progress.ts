/** One line that counts what a benchmark has done; silent where nobody watches. */
export class Progress {
  #what = '';
  #count = 0;

  /** Counts one more of `what`. */
  step(what: string): void {
    this.#count = what === this.#what ? this.#count + 1 : 1;
    this.#what = what;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}: ${this.#count}`);
  }

  clear(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }
}
