import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RenderRequest } from './renderer/protocol.ts';
import { renderWav } from './renderer/render-wav.ts';

/** A file in the making. */
export interface WavJob {
  /** Of the piece or the take. */
  readonly id: string;
  /** 0..1. */
  readonly done: number;
}

/** Makes one WAV file at a time; a second wish for the same one stops it. */
export class WavController implements ReactiveController {
  job: WavJob | undefined;
  readonly #host: ReactiveControllerHost;
  #abort: AbortController | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#abort?.abort();
  }

  /** The file, or undefined if it was stopped. @throws InputError, Error if it cannot be made */
  async make(id: string, what: Omit<RenderRequest, 'kernel'>): Promise<Blob | undefined> {
    const running = this.job?.id;
    this.#abort?.abort();
    if (running === id) return undefined;
    const abort = new AbortController();
    this.#abort = abort;
    const show = (done: number): void => {
      if (this.#abort !== abort) return;
      this.job = { id, done };
      this.#host.requestUpdate();
    };
    show(0);
    try {
      return await renderWav({ ...what, onProgress: show, signal: abort.signal });
    } catch (error) {
      if (abort.signal.aborted) return undefined;
      throw error;
    } finally {
      if (this.#abort === abort) {
        this.#abort = undefined;
        this.job = undefined;
        this.#host.requestUpdate();
      }
    }
  }
}
