/** The browser of the benchmark, and the site whose pages it opens. */
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { InputError } from '../../model/input-error.ts';
import { startBrowser } from '../../test/browser/find-browser.ts';
import { bundle, openSite, type Site } from '../../test/browser/site.ts';
import { ONSET_SOURCE } from './onset-processor.ts';
import type { EnginePage } from './page.ts';

/** An isolated page has a clock of 5 us instead of 100. */
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

type Answer<K extends keyof EnginePage> = Awaited<ReturnType<EnginePage[K]>>;

async function readInput(path: string): Promise<Uint8Array> {
  return readFile(path).catch(() => {
    throw new InputError(path, 'cannot be read');
  });
}

export class BenchSite {
  readonly browser: Browser;
  readonly #site: Site;

  private constructor(browser: Browser, site: Site) {
    this.browser = browser;
    this.#site = site;
  }

  /** @param files served besides, by path; @throws InputError where weights or style are missing */
  static async open(weights: string, style: string, files: Readonly<Record<string, string>> = {}): Promise<BenchSite> {
    const site = await openSite({
      folder: 'dist',
      headers: ISOLATED,
      files: {
        '/index.html': '<!doctype html><script type="module" src="/page.js"></script>',
        '/page.js': await bundle('bench/engine/page.ts'),
        '/onset.js': ONSET_SOURCE,
        '/weights.safetensors': await readInput(weights),
        '/style.json': await readInput(style),
        ...files,
      },
    });
    return new BenchSite(await startBrowser(), site);
  }

  address(path = '/'): string {
    return `${this.#site.address}${path}`;
  }

  async openPage(): Promise<Page> {
    const page = await this.browser.newPage();
    await page.goto(this.address());
    await page.waitForFunction(() => 'enginePage' in globalThis);
    return page;
  }

  /** Asks a page that nothing else has used: many worklets on one page run out of address space. */
  async askFreshPage<K extends keyof EnginePage>(name: K, ...args: Parameters<EnginePage[K]>): Promise<Answer<K>> {
    const page = await this.openPage();
    try {
      return await ask(page, name, ...args);
    } finally {
      await page.close();
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#site.close();
  }
}

/** Has a page of `openPage` run one of its functions. */
export async function ask<K extends keyof EnginePage>(page: Page, name: K, ...args: Parameters<EnginePage[K]>): Promise<Answer<K>> {
  return page.evaluate(
    ([wanted, given]) => {
      const { enginePage } = globalThis as unknown as { enginePage: Record<string, (...all: unknown[]) => unknown> };
      return enginePage[wanted]!(...given);
    },
    [name as string, args as unknown[]] as const,
  ) as Promise<Answer<K>>;
}
