/** A page with a small random piano, in a real browser. */
import type { Browser, Page } from 'playwright-core';
import { serialiseStyle, serialiseStyleIndex } from '../../model/style.ts';
import { serialiseWeights } from '../../model/weights.ts';
import { DEFAULT_SPEC } from '../../model/spec.ts';
import { plainStyle } from '../model/files.ts';
import { randomWeights } from '../worklet/fixtures.ts';
import { startBrowser } from './find-browser.ts';
import type { InPage } from './in-page.ts';
import { bundle, openSite, type Site } from './site.ts';

/** `globalThis` of the page: what `in-page.ts` puts there. */
export type PageGlobal = typeof globalThis & { readonly inPage: InPage };

const RECORDER = `
  registerProcessor('recorder', class extends AudioWorkletProcessor {
    process([[samples]]) {
      if (samples) this.port.postMessage(samples.slice());
      return true;
    }
  });`;

export const STYLES = ['first', 'second'].map((id, i) =>
  plainStyle({
    id,
    name: `The ${id} piano`,
    model: DEFAULT_SPEC.id,
    embedding: Array.from({ length: DEFAULT_SPEC.style.size }, (_, n) => Math.sin(n + 5 * i)),
  }),
);

/** Files of the piano, as they lie beside the script. */
function pianoFiles(): Record<string, string | Uint8Array> {
  return {
    '/pretrained/model.safetensors': serialiseWeights(randomWeights(DEFAULT_SPEC, 1)),
    '/pretrained/styles/index.json': serialiseStyleIndex(STYLES),
    ...Object.fromEntries(STYLES.map((style) => [`/pretrained/styles/${style.id}.json`, serialiseStyle(style)])),
  };
}

/** A browser, and sites to open in it. */
export class PianoBrowser {
  readonly #browser: Browser;
  readonly #inPage: string;
  readonly #sites: Site[] = [];

  private constructor(browser: Browser, inPage: string) {
    this.#browser = browser;
    this.#inPage = inPage;
  }

  static async start(): Promise<PianoBrowser> {
    return new PianoBrowser(await startBrowser(), await bundle('test/browser/in-page.ts'));
  }

  /** An empty page that loads the element; `files` go over the piano's own, `headers` with every answer. */
  async open(files: Readonly<Record<string, string | Uint8Array>> = {}, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    const site = await openSite({
      folder: 'dist',
      headers,
      files: {
        '/index.html': '<!doctype html><script type="module" src="anypiano.js"></script><script type="module" src="in-page.js"></script>',
        '/in-page.js': this.#inPage,
        '/recorder.js': RECORDER,
        ...pianoFiles(),
        ...files,
      },
    });
    this.#sites.push(site);
    const page = await this.#browser.newPage();
    await page.goto(site.address);
    await page.waitForFunction(() => 'inPage' in globalThis && customElements.get('any-piano') !== undefined);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await Promise.all(this.#sites.map((site) => site.close()));
  }
}
