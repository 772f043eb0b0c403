/** Opens built pages in a real browser and listens to what reaches the loudspeakers. */
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../browser/find-browser.ts';
import { openSite, type Site, type SiteOptions } from '../browser/site.ts';

type PageGlobal = typeof globalThis & { ears: AnalyserNode[] };

/** Not even inline styles, and nothing from elsewhere. */
export const SECURE = { 'content-security-policy': "default-src 'none'; connect-src 'self'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'" };

/** Puts an analyser beside each destination. Runs in the page before its own scripts. */
function eavesdrop(): void {
  const { ears } = Object.assign(globalThis, { ears: [] as AnalyserNode[] });
  const connect = AudioNode.prototype.connect as (this: AudioNode, target: AudioNode, output?: number, input?: number) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, target: AudioNode, ...places: [number?, number?]): AudioNode {
    if (target instanceof AudioDestinationNode) {
      const ear = new AnalyserNode(target.context, { fftSize: 8192 });
      ears.push(ear);
      connect.call(this, ear);
    }
    return connect.call(this, target, ...places);
  } as typeof AudioNode.prototype.connect;
}

export class Audience {
  readonly #browser: Browser;
  readonly #sites: Site[] = [];
  #page: Page | undefined;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<Audience> {
    return new Audience(await startBrowser());
  }

  /** Serves a site until the end. */
  async serve(options: SiteOptions): Promise<string> {
    const site = await openSite(options);
    this.#sites.push(site);
    return site.address;
  }

  /** Opens a page, and closes the one before; what it complains about stands in `complaints`. */
  async open(address: string): Promise<{ page: Page; complaints: string[] }> {
    await this.#page?.close();
    const page = await this.#browser.newPage();
    page.setDefaultTimeout(60_000);
    this.#page = page;
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) complaints.push(`${message.text()} ${message.location().url}`);
    });
    await page.addInitScript(eavesdrop);
    await page.goto(address);
    return { page, complaints };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await Promise.all(this.#sites.map((site) => site.close()));
  }
}

/** Strikes middle C on the element of the page as soon as it is ready. */
export async function strikeMiddleC(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('any-piano')?.node !== undefined);
  await page.evaluate(() => document.querySelector('any-piano')!.noteOn(60, 0.8));
}

/** Waits for a sound at the loudspeakers, and gives its largest sample; 0 where none comes. */
export function loudest(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { ears } = globalThis as PageGlobal;
    for (let tries = 0; tries < 600; tries++) {
      for (const ear of ears) {
        const samples = new Float32Array(ear.fftSize);
        ear.getFloatTimeDomainData(samples);
        const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
        if (peak > 1e-3) return peak;
      }
      await new Promise((passed) => setTimeout(passed, 50));
    }
    return 0;
  });
}
