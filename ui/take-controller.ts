import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Performance } from '../model/performance.ts';
import type { LibraryStore, Take } from './library-store.ts';
import type { Metronome } from './metronome.ts';
import { TakeRecorder } from './take-recorder.ts';

/** Records takes and keeps them, in the browser where it has a drawer for them. */
export class TakeController implements ReactiveController {
  list: readonly Take[] = [];
  readonly recorder: TakeRecorder = new TakeRecorder(() => performance.now() / 1000);
  readonly #host: ReactiveControllerHost;
  readonly #metronome: Metronome;
  #store: LibraryStore | undefined;

  constructor(host: ReactiveControllerHost, metronome: Metronome) {
    this.#host = host;
    this.#metronome = metronome;
    host.addController(this);
  }

  hostDisconnected(): void {
    removeEventListener('beforeunload', askToStay);
    this.recorder.stop('');
  }

  /** Fetches what was kept earlier. @throws what the browser throws where it refuses to keep */
  async open(store: LibraryStore): Promise<void> {
    const kept = await store.takes();
    this.#store = store;
    this.#show([...kept, ...this.list.filter((take) => !kept.some(({ id }) => id === take.id))]);
  }

  start(): void {
    this.recorder.start();
    addEventListener('beforeunload', askToStay);
    this.#host.requestUpdate();
  }

  /** Ends the take; undefined if nothing was played. Settles when it is kept. */
  async stop(): Promise<Take | undefined> {
    removeEventListener('beforeunload', askToStay);
    const performance = this.recorder.stop(this.#nextName(), this.#metronome.beats);
    this.#host.requestUpdate();
    return performance === undefined ? undefined : this.keep(performance);
  }

  /** Adds a performance to the takes. Settles when it is kept. */
  async keep(performance: Performance): Promise<Take> {
    const take: Take = { id: new Date().toISOString(), performance, beatsPerMinute: this.#metronome.beatsPerMinute };
    await this.restore(take);
    return take;
  }

  /** What is shown is what is kept: the list changes when the browser has let go of the take. */
  async discard(take: Take): Promise<void> {
    try {
      await this.#store?.deleteTake(take);
    } finally {
      this.#show(this.list.filter(({ id }) => id !== take.id));
    }
  }

  /** Puts a take back to where it was. A browser that does not keep it says so, and the page has it until it is closed. */
  async restore(take: Take): Promise<void> {
    try {
      await this.#store?.saveTake(take);
    } finally {
      this.#show([...this.list, take].sort((a, b) => (a.id < b.id ? -1 : 1)));
    }
  }

  #show(list: readonly Take[]): void {
    this.list = list;
    this.#host.requestUpdate();
  }

  #nextName(): string {
    const numbers = this.list.map(({ performance }) => Number(/^Take (\d+)$/.exec(performance.name)?.[1] ?? 0));
    return `Take ${Math.max(0, ...numbers) + 1}`;
  }
}

/** A take that is under way would be lost with the page. */
function askToStay(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
