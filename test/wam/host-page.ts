/** A page that hosts Web Audio Modules, in a real browser, with the small random piano to load. */
import type { Page } from 'playwright-core';
import { bundle } from '../browser/site.ts';
import { PianoBrowser } from '../browser/piano-page.ts';
import type { InHost } from './in-host.ts';

/** `globalThis` of the page. */
export type HostGlobal = typeof globalThis & { readonly inHost: InHost };

const PROBE = `
  registerProcessor('probe', class extends AudioWorkletProcessor {
    constructor({ processorOptions: { groupId, key } }) {
      super();
      const { processors } = webAudioModules.getGroup(groupId, key);
      const [first] = processors.values();
      this.port.postMessage({ processors: processors.size, delay: first?.getCompensationDelay() });
    }
    process() { return false; }
  });`;

export class HostBrowser {
  readonly #browser: PianoBrowser;
  readonly #files: Readonly<Record<string, string>>;

  private constructor(browser: PianoBrowser, files: Readonly<Record<string, string>>) {
    this.#browser = browser;
    this.#files = files;
  }

  /** @param effects names of files in `effects/` to serve as modules under `/effects/NAME.js` */
  static async start(effects: readonly string[] = []): Promise<HostBrowser> {
    const modules = await Promise.all(effects.map(async (name) => [`/effects/${name}.js`, await bundle(`test/wam/effects/${name}.ts`)] as const));
    const files = {
      '/index.html': '<!doctype html><html lang="en"><title>Host</title><main></main><script type="module" src="anypiano.js"></script><script type="module" src="in-page.js"></script><script type="module" src="in-host.js"></script></html>',
      '/in-host.js': await bundle('test/wam/in-host.ts'),
      '/probe.js': PROBE,
      ...Object.fromEntries(modules),
    };
    return new HostBrowser(await PianoBrowser.start(), files);
  }

  async open(): Promise<Page> {
    const page = await this.#browser.open(this.#files);
    await page.waitForFunction(() => 'inHost' in globalThis);
    return page;
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}
