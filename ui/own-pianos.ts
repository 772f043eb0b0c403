import type { ReactiveControllerHost } from 'lit';
import type { Spec } from '../model/spec.ts';
import { serialiseStyle, type Style } from '../model/style.ts';
import { LinkController, type LinkHost } from './link-controller.ts';
import type { Notice } from './piano-notice.ts';
import type { PlayerMemory } from './player-memory.ts';
import { saveFile } from './save-file.ts';
import type { StyleController } from './style-controller.ts';

export interface OwnPianosHost extends LinkHost {
  /** Id of the piano that is played; of a mixture, the one with the largest share. */
  readonly piano: string;
  /** Of the weights that play; throws Error before they are there. */
  spec(): Spec;
  say(notice: Notice | undefined): void;
  /** Does something that may fail; a failure becomes a message. */
  attempt(action: () => Promise<void>): Promise<void>;
}

/** The pianos that the player brought: how they come, are kept, go out to others, and go. */
export class OwnPianos {
  readonly #host: ReactiveControllerHost & OwnPianosHost;
  readonly #styles: StyleController;
  readonly #memory: () => PlayerMemory | undefined;
  readonly #links: LinkController;

  /** @param memory what keeps them in the browser, if anything does */
  constructor(host: ReactiveControllerHost & OwnPianosHost, styles: StyleController, memory: () => PlayerMemory | undefined) {
    this.#host = host;
    this.#styles = styles;
    this.#memory = memory;
    this.#links = new LinkController(host, (style) => this.welcome(style));
  }

  /** Adds a piano to the list, in place of one with its id, and plays it. @throws InputError if it does not fit the weights */
  add(style: Style): void {
    const host = this.#host;
    this.#styles.add(style, host.spec());
    host.say(undefined);
    void host.attempt(async () => this.#memory()?.keepStyle(style));
  }

  /** Adds a piano that is new here beside all others, and says so. */
  async welcome(style: Style, action?: Notice['action']): Promise<void> {
    const own = await this.#styles.apart(style);
    this.add(own);
    this.#host.say({ text: `${own.name} is ready to be played.`, ...(action && { action }) });
  }

  /** Welcomes the piano of the page's address, if it holds one. */
  openAddress(): Promise<void> {
    return this.#links.open();
  }

  /** Saves the piano that is played to a file. */
  save(): void {
    void this.#host.attempt(async () => {
      const style = await this.#styles.current();
      saveFile(new Blob([serialiseStyle(style)], { type: 'application/json' }), `${style.name}.json`);
    });
  }

  /** Gives the piano that is played to somebody, as a link. */
  share(): void {
    const host = this.#host;
    void host.attempt(async () => {
      const style = await this.#styles.current();
      if (await this.#links.share(style)) host.say({ text: `A link to ${style.name} is on the clipboard. Whoever opens it can play it.` });
    });
  }

  /** Throws the piano that is played away; what it is mixed with stays. */
  discard(): void {
    const host = this.#host;
    void host.attempt(async () => {
      const style = await this.#styles.find(host.piano);
      this.#styles.remove(style.id);
      host.say({ text: `${style.name} was deleted.`, action: { label: 'Undo', run: () => this.add(style) } });
      await this.#memory()?.forgetStyle(style);
    });
  }
}
