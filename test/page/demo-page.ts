/** The page that `npm start` opens, as a person finds it: in a real browser, with the shipped pianos. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { AnyPiano } from '../../ui/any-piano.ts';
import { startBrowser } from '../browser/find-browser.ts';
import type { InPage } from '../browser/in-page.ts';
import { bundle, openSite, type Site } from '../browser/site.ts';
import type { FakeMidi } from './fake-midi.ts';

/** `globalThis` of the page. */
export type DemoGlobal = typeof globalThis & { readonly inPage: InPage; readonly fakeMidi: FakeMidi };

const RECORDER = `
  registerProcessor('recorder', class extends AudioWorkletProcessor {
    process([[samples]]) {
      if (samples) this.port.postMessage(samples.slice());
      return true;
    }
  });
  registerProcessor('pair-recorder', class extends AudioWorkletProcessor {
    process([[first, second]]) {
      if (first && second) this.port.postMessage([first.slice(), second.slice()]);
      return true;
    }
  });`;

export interface DemoOptions extends BrowserContextOptions {
  /** Runs in the page before its own scripts; without it, there are MIDI keyboards to plug in. */
  readonly before?: string;
  /** The page to open; by default the one that `npm start` opens. */
  readonly path?: string;
  /** Served in place of what was built. May be changed while the page is open. */
  readonly files?: Record<string, string | Uint8Array>;
}

/** An open page with the site that it came from, and what it complained about. */
export interface Demo {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly site: Site;
  /** Errors of scripts, and everything that the content security policy refused. */
  readonly complaints: readonly string[];
}

/** Code that runs in the page. */
interface Scripts {
  readonly inPage: string;
  readonly fakeMidi: string;
  readonly autoplay: string;
}

export class DemoBrowser {
  readonly #browser: Browser;
  readonly #scripts: Scripts;
  readonly #sites: Site[] = [];

  private constructor(browser: Browser, scripts: Scripts) {
    this.#browser = browser;
    this.#scripts = scripts;
  }

  static async start(flags: readonly string[] = []): Promise<DemoBrowser> {
    const [inPage, fakeMidi, autoplay] = await Promise.all(['browser/in-page', 'page/fake-midi', 'page/autoplay'].map((name) => bundle(`test/${name}.ts`)));
    return new DemoBrowser(await startBrowser(flags), { inPage: inPage!, fakeMidi: fakeMidi!, autoplay: `{${autoplay!}}` });
  }

  /** Opens the page and waits until the piano is ready; nobody has touched it yet. */
  async open({ before = this.#scripts.fakeMidi, files = {}, path = '', ...options }: DemoOptions = {}): Promise<Demo> {
    const tools = { '/in-page.js': this.#scripts.inPage, '/recorder.js': RECORDER };
    const site = await openSite({ folder: 'dist', files: Object.assign(files, tools) });
    this.#sites.push(site);
    const context = await this.#browser.newContext({ acceptDownloads: true, ...options });
    await context.addInitScript(this.#scripts.autoplay);
    await context.addInitScript(before);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
    await page.goto(`${site.address}/demo/${path}`);
    await ready(page);
    return { page, context, site, complaints };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await Promise.all(this.#sites.map((site) => site.close()));
  }
}

/** Waits until the piano can be played. */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('any-piano')?.node !== undefined);
}

/** Presses the big button. */
export async function pressPlay(page: Page): Promise<void> {
  await page.locator('any-piano').getByRole('button', { name: 'Play', exact: true }).click();
}

/** Drags a file from elsewhere over the page and drops it there. @param content of the file */
export async function dropFile(page: Page, name: string, content: string | Uint8Array): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'anypiano-drop-'));
  const path = join(folder, name);
  await writeFile(path, content);
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize()!;
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop'): Promise<unknown> =>
    session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data: { items: [], files: [path], dragOperationsMask: 1 } });
  await drag('dragEnter');
  await drag('dragOver');
  await page.getByText('Drop a MIDI file, a recording or a piano').waitFor();
  await drag('drop');
}

/** What the piano plays in the next `seconds`. */
export async function listen(page: Page, seconds: number): Promise<number[]> {
  await page.addScriptTag({ url: '/in-page.js', type: 'module' });
  return page.evaluate(
    (length) => (globalThis as DemoGlobal).inPage.record(document.querySelector('any-piano')!, length),
    seconds,
  );
}

/** Numbers of the keys that are shown as down. */
export function keysDown(page: Page): Promise<string[]> {
  return page.locator('piano-keyboard .key.down').evaluateAll((keys) => keys.map((key) => key.getAttribute('aria-label')!));
}

/** What is played, as the element has it. */
export function shares(page: Page): Promise<Record<string, number>> {
  return page.evaluate(() => {
    const piano = document.querySelector('any-piano') as AnyPiano;
    const { piano: id, blend } = piano;
    return blend.length > 0 ? Object.fromEntries(blend.map((part) => [part.id, part.share])) : { [id]: 1 };
  });
}
