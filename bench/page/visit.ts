/** One visit of the page by somebody who was never there, and who presses a key. */
import type { Browser, ConsoleMessage, Page } from 'playwright-core';
import { traceWhile } from '../engine/tracing.ts';
import { WrongResult } from '../kernel/wrong-result.ts';
import { LOADING_CATEGORIES, loadingOf, type Loading } from './loading.ts';
import { VISIT_MARK, type PageTimes, type VisitNews } from './visit-news.ts';

/** What a page thinks it over before a person has found a key. */
const LOOK_MILLISECONDS = 1000;

/**
 * A service worker fetches the page's files for later, in the background; this visitor has none.
 *
 * @param script runs in the page first: `visit-page.ts`, bundled
 * @throws WrongResult if the audio ran before it was touched, or the trace does not hold the loading
 */
export async function visit(browser: Browser, address: string, script: string): Promise<PageTimes & Loading> {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  try {
    await context.addInitScript(script);
    const page = await context.newPage();
    const ready = news(page, 'ready');
    const heard = news(page, 'heard');
    // The trace ends before the click, which it would slow down.
    const trace = await traceWhile(browser, async () => {
      await page.goto(address);
      await ready;
      // Nothing is asked of the page meanwhile: to the browser, that would be as good as a touch.
      await new Promise((passed) => setTimeout(passed, LOOK_MILLISECONDS));
    }, LOADING_CATEGORIES);
    const loading = trace === undefined ? undefined : loadingOf(trace, address);
    if (loading === undefined) throw new WrongResult('the trace does not hold how the page was loaded');
    const { x, y } = await ready;
    await page.mouse.move(x, y);
    await page.mouse.down();
    const times = await heard;
    if (!times.asleep) throw new WrongResult('the audio ran before the page was touched, so the click did not start it');
    return { ...times, ...loading };
  } finally {
    await context.close();
  }
}

function news<T extends VisitNews['type']>(page: Page, type: T): Promise<Extract<VisitNews, { type: T }>> {
  return new Promise((resolve) => {
    const listen = (message: ConsoleMessage): void => {
      const text = message.text();
      if (!text.startsWith(VISIT_MARK)) return;
      const said = JSON.parse(text.slice(VISIT_MARK.length)) as VisitNews;
      if (said.type !== type) return;
      page.off('console', listen);
      resolve(said as Extract<VisitNews, { type: T }>);
    };
    page.on('console', listen);
  });
}
