import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { InputError } from '../model/input-error.ts';
import type { Style } from '../model/style.ts';
import { linkedStyle, styleLink, withoutFragment } from './style-link.ts';

export interface LinkHost {
  /** Whether pianos come and go as addresses of this page. */
  readonly links: boolean;
  onAudioError(error: Error): void;
}

/** Shares pianos as addresses of the page, and opens the one that the page's address holds. */
export class LinkController implements ReactiveController {
  readonly #host: ReactiveControllerHost & LinkHost;
  readonly #onPiano: (style: Style) => Promise<void>;

  /** @param onPiano takes the piano of an address */
  constructor(host: ReactiveControllerHost & LinkHost, onPiano: (style: Style) => Promise<void>) {
    this.#host = host;
    this.#onPiano = onPiano;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('hashchange', this.#onHashChange);
  }

  hostDisconnected(): void {
    removeEventListener('hashchange', this.#onHashChange);
  }

  /** Takes the piano of the page's address, if it holds one, out of the address. */
  async open(): Promise<void> {
    if (!this.#host.links) return;
    const { href } = location;
    try {
      const style = await linkedStyle(href);
      if (style === undefined) return;
      await this.#onPiano(style);
    } catch (error) {
      this.#host.onAudioError(error as Error);
    }
    history.replaceState(history.state, '', withoutFragment(href));
  }

  /**
   * Gives a link to what the device shares with, or to the clipboard.
   *
   * @returns whether it is on the clipboard
   * @throws InputError where the browser keeps its clipboard to itself
   */
  async share(style: Style): Promise<boolean> {
    const url = await styleLink(style, location.href);
    const { share, clipboard } = navigator as { share?: Navigator['share']; clipboard?: Clipboard };
    if (share !== undefined && matchMedia('(pointer: coarse)').matches) {
      // Somebody who changes their mind is no error.
      await share.call(navigator, { title: style.name, url }).catch(() => undefined);
      return false;
    }
    if (clipboard === undefined) throw new InputError(style.name, 'cannot be copied from a page without https; save it as a file');
    await clipboard.writeText(url).catch(() => {
      throw new InputError(style.name, 'could not be copied, as the browser does not let this page; save it as a file');
    });
    return true;
  }

  readonly #onHashChange = (): void => void this.open();
}
