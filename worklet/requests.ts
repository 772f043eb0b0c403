/** What the page asks of the audio thread, and the answers. */
import type { PianoCommand, PianoRequest } from './protocol.ts';

export class Requests {
  readonly #port: MessagePort;
  /** Those that wait for their answer, by id. */
  readonly #waiting = new Map<number, (problem: string | undefined) => void>();
  #last = 0;
  #ended: string | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  /** Why nothing will be answered any more. */
  get ended(): string | undefined {
    return this.#ended;
  }

  send(command: PianoCommand): void {
    this.#port.postMessage(command);
  }

  /** Resolves with the answer of the audio thread. @throws Error with a sentence about why it could not do it */
  ask(request: PianoRequest, transfer: Transferable[] = []): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) throw new Error(this.#ended);
      const id = ++this.#last;
      this.#waiting.set(id, (problem) => (problem === undefined ? resolve() : reject(new Error(problem))));
      this.#port.postMessage({ ...request, id }, transfer);
    });
  }

  /** Takes an answer. */
  settle(id: number, problem: string | undefined): void {
    this.#waiting.get(id)?.(problem);
    this.#waiting.delete(id);
  }

  /** Nothing will be answered any more. */
  end(message: string): void {
    this.#ended ??= message;
    for (const answer of this.#waiting.values()) answer(message);
    this.#waiting.clear();
    // An open port keeps all that its listener knows.
    this.#port.close();
  }
}
