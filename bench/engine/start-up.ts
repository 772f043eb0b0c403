/** How soon a page with the piano can sound: several loads in fresh browser contexts, so that nothing is cached. */
import { readFile } from 'node:fs/promises';
import { medianOf } from '../../model/corpus/median.ts';
import { bundle } from '../../test/browser/site.ts';
import type { BenchSite } from './bench-site.ts';
import { ONSET_SOURCE } from './onset-processor.ts';
import type { StartUp } from './start-up-page.ts';

const LOADS = 7;
const PATH = '/start-up/';
const PROCESSOR = 'anypiano-processor.js';

/** Files of the page: those of dist/ as they are, but a listener stands behind the processor in its file. */
export async function startUpFiles(): Promise<Record<string, string>> {
  const page = await bundle('bench/engine/start-up-page.ts');
  return {
    [`${PATH}index.html`]:
      `<!doctype html><script type="module">${page}</script>` +
      '<script type="module" src="/anypiano.js"></script><any-piano piano="salamander-c5"></any-piano>',
    [`/${PROCESSOR}`]: `${await readFile(`dist/${PROCESSOR}`, 'utf8')}\n${ONSET_SOURCE}`,
  };
}

/** Medians of each part over all loads. */
export async function measureStartUp(site: BenchSite): Promise<StartUp> {
  const loads: StartUp[] = [];
  for (let i = 0; i < LOADS; i++) {
    const context = await site.browser.newContext();
    const page = await context.newPage();
    await page.goto(site.address(PATH));
    loads.push(await page.evaluate(() => (globalThis as unknown as { startUp: Promise<StartUp> }).startUp));
    await context.close();
  }
  const median = (part: keyof StartUp): number => medianOf(loads.map((load) => load[part]));
  return {
    script: median('script'),
    weights: median('weights'),
    kernelCompile: median('kernelCompile'),
    ready: median('ready'),
    firstSound: median('firstSound'),
  };
}
