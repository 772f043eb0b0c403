/** The page with plugins, in a real browser, and what is heard behind them. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { bundle } from '../browser/site.ts';
import { DemoBrowser, pressPlay, type Demo, type DemoOptions } from '../page/demo-page.ts';
import { MODULES } from '../wam/effects/sources.ts';
import type { HostGlobal } from '../wam/host-page.ts';

type PageGlobal = HostGlobal & { heard: AudioNode };

/** Remembers the node that the loudspeakers hear. */
const REMEMBER_OUTPUT = `
  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) globalThis.heard ??= this;
    return connect.call(this, target, ...rest);
  };`;

export interface Levels {
  /** Largest sample behind the plugins. */
  readonly peak: number;
  /** Power behind the plugins over that of the piano before them, as a ratio of amplitudes. */
  readonly ratio: number;
  readonly finite: boolean;
}

export class PluginBrowser {
  readonly #browser: DemoBrowser;
  readonly #files: Readonly<Record<string, string>>;

  private constructor(browser: DemoBrowser, files: Readonly<Record<string, string>>) {
    this.#browser = browser;
    this.#files = files;
  }

  static async start(): Promise<PluginBrowser> {
    const made = await Promise.all(['gain', 'clip', 'thrower'].map(async (name) => [`/effects/${name}.js`, await bundle(`test/wam/effects/${name}.ts`)] as const));
    // The example of a decoder, as it lies in the package.
    const example = await Promise.all([['sines', 'index'], ['sines-processor', 'sines-processor']].map(async ([name, file]) => [`/effects/${name!}.js`, await readFile(`demo/examples/decoder/${file!}.js`, 'utf8')] as const));
    return new PluginBrowser(await DemoBrowser.start(), { ...MODULES, ...Object.fromEntries(example), ...Object.fromEntries(made), '/in-host.js': await bundle('test/wam/in-host.ts') });
  }

  /** Opens the page whose policy takes plugins from anywhere, or the strict one, and its sheet. */
  async open(path: '' | 'plugins.html' = 'plugins.html', options: DemoOptions = {}): Promise<Demo> {
    const demo = await this.#browser.open({ before: REMEMBER_OUTPUT, files: { ...this.#files }, path, reducedMotion: 'reduce', ...options });
    await wake(demo.page);
    return demo;
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

/** Starts the sound and turns to the sheet. */
export async function wake(page: Page): Promise<void> {
  await pressPlay(page);
  await page.addScriptTag({ url: '/in-host.js', type: 'module' });
  await page.getByRole('tab', { name: 'Plugins' }).click();
}

/** Loads a plugin by hand. */
export async function addPlugin(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Address of a plugin' }).fill(new URL(`/effects/${name}.js`, page.url()).href);
  await page.getByRole('button', { name: 'Load', exact: true }).click();
}

/** The rows of the list: name, and whether it is heard, bypassed or muted. */
export function rows(page: Page): Promise<string[]> {
  return page.locator('plugin-panel li').evaluateAll((items) =>
    items.map((item) => {
      const name = item.querySelector('.name')!.textContent.trim();
      const detail = item.querySelector('.detail')!.textContent.trim();
      const bypassed = item.querySelector('[aria-pressed]')!.getAttribute('aria-pressed') === 'true';
      return `${name}: ${/^(?:muted|loading)/.test(detail) ? detail : bypassed ? 'bypassed' : 'on'}`;
    }),
  );
}

/** Strikes a chord and measures it before and behind the plugins. */
export function measure(page: Page): Promise<Levels> {
  return page.evaluate(async () => {
    const { inHost, heard } = globalThis as PageGlobal;
    const piano = document.querySelector('any-piano')!;
    for (const note of [57, 64, 69]) piano.noteOn(note, 0.8);
    await inHost.wait(150);
    const [before, behind] = await Promise.all([inHost.record(piano.node!, 0.4), inHost.record(heard, 0.4)]);
    for (const note of [57, 64, 69]) piano.noteOff(note);
    await inHost.wait(250);
    const power = (samples: readonly number[]): number => samples.reduce((sum, x) => sum + x * x, 0);
    return { peak: Math.max(...behind.map(Math.abs)), ratio: Math.sqrt(power(behind) / power(before)), finite: behind.every(Number.isFinite) };
  });
}
