/** One real-time performance: dense, then dense under a storm, then a traced stretch of each. */
import type { Page } from 'playwright-core';
import { WorkletInspector } from '../../test/browser/worklet-inspector.ts';
import { ask, type BenchSite } from './bench-site.ts';
import type { LiveRun, Underruns } from './live.ts';
import { quantaOf, traceWhile, type Quanta } from './tracing.ts';

const QUANTUM = 128;
const WARM_UP_SECONDS = 6;
const SETTLE_MILLISECONDS = 300;
const MOST_TRACED_SECONDS = 30;
const LEAST_TRACED_SECONDS = 0.5;

export interface LiveSession {
  readonly dense: LiveRun;
  readonly storm: LiveRun;
  /** From before the dense part to after the storm: growth of the heaps of page and audio thread together, after collections. */
  readonly memoryGrowthBytes: number;
  /** Of the traced stretch, which is not counted above. Undefined where this browser does not trace the audio thread. */
  readonly quanta: { readonly dense: Quanta | undefined; readonly storm: Quanta | undefined };
}

/** Sums of both parts. */
export interface LiveTotals extends Underruns {
  readonly seconds: number;
}

export function totalsOf({ dense, storm }: Pick<LiveSession, 'dense' | 'storm'>): LiveTotals {
  const sum = (name: 'underruns' | 'underrunSeconds'): number | undefined => {
    const [first, second] = [dense[name], storm[name]];
    return first === undefined || second === undefined ? undefined : first + second;
  };
  return {
    seconds: dense.seconds + storm.seconds,
    underruns: sum('underruns'),
    underrunSeconds: sum('underrunSeconds'),
    lostSeconds: dense.lostSeconds + storm.lostSeconds,
  };
}

/** Collects twice: what the first collection frees outside the heap counts as used for a moment longer. */
async function pageBytes(page: Page): Promise<number> {
  const collect = (): Promise<number> =>
    page.evaluate(() => {
      (globalThis as unknown as { gc(): void }).gc();
      return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize;
    });
  await collect();
  await page.waitForTimeout(SETTLE_MILLISECONDS);
  return collect();
}

/** Plays for `seconds` at `rate` Hz, the storm in the second half. */
export async function playSession(site: BenchSite, rate: number, seconds: number): Promise<LiveSession> {
  const page = await site.openPage();
  const inspector = await WorkletInspector.attach(page);
  const bytes = async (): Promise<number> => (await pageBytes(page)) + (await inspector.usedBytes());
  let seed = 0;
  const play = (length: number, storm: boolean): Promise<LiveRun> => ask(page, 'playLive', { seconds: length, seed: ++seed, storm });
  const trace = async (storm: boolean): Promise<Quanta | undefined> => {
    // A browser that was long at it may lose a part: a shorter stretch then does.
    for (let length = Math.min(MOST_TRACED_SECONDS, seconds) / 2; length > LEAST_TRACED_SECONDS; length /= 2) {
      const traced = await traceWhile(site.browser, () => play(length, storm));
      if (traced !== undefined) return quantaOf(traced, QUANTUM / rate);
    }
    throw new Error('the browser loses traces however short they are');
  };
  await ask(page, 'startLive', rate);
  await play(WARM_UP_SECONDS, true);
  const before = await bytes();
  const dense = await play(seconds / 2, false);
  const storm = await play(seconds / 2, true);
  const memoryGrowthBytes = (await bytes()) - before;
  const quanta = { dense: await trace(false), storm: await trace(true) };
  await page.close();
  return { dense, storm, memoryGrowthBytes, quanta };
}
