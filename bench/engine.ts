/** `npm run bench -- engine`: the whole engine in a browser's audio worklet, off line and live. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { InputError } from '../model/input-error.ts';
import { startBrowser } from '../test/browser/find-browser.ts';
import { bundle, openSite } from '../test/browser/site.ts';
import { WorkletInspector } from '../test/browser/worklet-inspector.ts';
import type { EnginePage, LiveRun, OfflineRun } from './engine/page.ts';

const NOTES = [1, 16, 32, 64];
/** The best of these is taken: on a busy machine the others measure the neighbours. */
const REPETITIONS = 3;
const WARM_UP_SECONDS = 6;

type InPage = typeof globalThis & { readonly enginePage: EnginePage };

interface Live extends LiveRun {
  /** Growth of the heaps of page and audio thread together, after collections. */
  readonly memoryGrowthBytes: number;
}

/** Each in a page of its own: many worklets on one page run out of address space. */
async function playOffline(openPage: () => Promise<Page>, count: number): Promise<OfflineRun> {
  const runs: OfflineRun[] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    const page = await openPage();
    runs.push(await page.evaluate((notes) => (globalThis as InPage).enginePage.playOffline(notes), count));
    await page.close();
  }
  return runs.reduce((best, run) => (run.realTimeFactor > best.realTimeFactor ? run : best));
}

async function playLive(page: Page, seconds: number): Promise<Live> {
  const inspector = await WorkletInspector.attach(page);
  const play = (length: number, seed: number): Promise<LiveRun> =>
    page.evaluate(([s, r]) => (globalThis as InPage).enginePage.playLive(s!, r!), [length, seed]);
  const pageBytes = (): Promise<number> =>
    page.evaluate(() => {
      (globalThis as unknown as { gc(): void }).gc();
      return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize;
    });
  const bytes = async (): Promise<number> => (await pageBytes()) + (await inspector.usedBytes());
  await page.evaluate(() => (globalThis as InPage).enginePage.startLive());
  await play(WARM_UP_SECONDS, 1);
  const before = await bytes();
  const run = await play(seconds, 2);
  return { ...run, memoryGrowthBytes: (await bytes()) - before };
}

async function readInput(path: string): Promise<Uint8Array> {
  return readFile(path).catch(() => {
    throw new InputError(path, 'cannot be read');
  });
}

function describe(factors: ReadonlyMap<number, OfflineRun>, framesLate: number, live: Live): string {
  const { underruns, seconds, load, voices, memoryGrowthBytes } = live;
  return [
    'The engine in the audio worklet at 48 kHz',
    ...Array.from(factors, ([count, { realTimeFactor, voices: sounding }]) => {
      const share = `${(100 / realTimeFactor).toFixed(0)} % of each block's time`;
      return `${String(count).padStart(4)} notes ${realTimeFactor.toFixed(1).padStart(6)} times real time, ${share} (${sounding} voices at the end)`;
    }),
    `first sound ${framesLate} frames after it is due`,
    `${underruns ?? 'uncounted'} underruns in ${seconds.toFixed(0)} s of live playing, ${voices.toFixed(0)} voices, load ${(100 * load).toFixed(0)} %`,
    `memory grew by ${memoryGrowthBytes} bytes in that time`,
  ].join('\n');
}

/** Runs the benchmark. @throws InputError where weights or style are missing */
export async function engine(args: string[]): Promise<void> {
  const { values: options } = parseArgs({
    args,
    options: {
      weights: { type: 'string', default: 'model/pretrained/model.safetensors' },
      style: { type: 'string', default: 'model/pretrained/styles/salamander-c5.json' },
      seconds: { type: 'string', default: '60' },
      json: { type: 'boolean', default: false },
    },
  });
  const site = await openSite({
    folder: 'dist',
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
    files: {
      '/index.html': '<!doctype html><script type="module" src="/page.js"></script>',
      '/page.js': await bundle('bench/engine/page.ts'),
      '/weights.safetensors': await readInput(options.weights),
      '/style.json': await readInput(options.style),
    },
  });
  const browser = await startBrowser();
  const openPage = async (): Promise<Page> => {
    const page = await browser.newPage();
    await page.goto(site.address);
    await page.waitForFunction(() => 'enginePage' in globalThis);
    return page;
  };
  try {
    const factors = new Map<number, OfflineRun>();
    for (const count of NOTES) factors.set(count, await playOffline(openPage, count));
    const page = await openPage();
    const framesLate = await page.evaluate(() => (globalThis as InPage).enginePage.firstSoundFramesLate());
    const live = await playLive(await openPage(), Number(options.seconds));
    console.log(describe(factors, framesLate, live));
    if (options.json) {
      const realTimeFactor = Object.fromEntries(Array.from(factors, ([count, run]) => [count, run.realTimeFactor]));
      const { underruns, memoryGrowthBytes } = live;
      console.log(JSON.stringify({ underruns, realTimeFactor, firstSoundFramesLate: framesLate, memoryGrowthBytes, live }));
    }
  } finally {
    await browser.close();
    await site.close();
  }
}
