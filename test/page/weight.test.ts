import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../browser/find-browser.ts';
import { openSite } from '../browser/site.ts';
import { ready } from './demo-page.ts';

let browser: Browser;
beforeAll(async () => void (browser = await startBrowser()));
afterAll(() => browser.close());

const MOST_BYTES = 2_500_000;
const MOST_CODE_BYTES = 250_000;

test('until the first note a visitor fetches no more than was promised, all of it from the page’s own site, and nothing that only listens or hosts plugins', async () => {
  const sent = new Map<string, number>();
  const site = await openSite({ folder: 'dist', compress: true, onSent: (path, bytes) => sent.set(path, bytes) });
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(site.address)) elsewhere.push(request.url());
  });
  await page.goto(`${site.address}/demo/`);
  await ready(page);
  await page.keyboard.down('KeyQ');
  await expect.poll(() => page.locator('piano-keyboard .key.down').getAttribute('data-level').then(Number)).toBeGreaterThan(0.2);

  const files = [...sent];
  const sum = (some: readonly (readonly [string, number])[]): number => some.reduce((all, [, bytes]) => all + bytes, 0);
  const weights = files.filter(([path]) => path.endsWith('.safetensors'));
  expect(weights).toHaveLength(1);
  expect(sum(files)).toBeLessThanOrEqual(MOST_BYTES);
  expect(sum(files) - sum(weights)).toBeLessThanOrEqual(MOST_CODE_BYTES);
  expect(files.map(([path]) => path).filter((path) => /tfjs|basic-pitch|extractor|encoder|renderer|plugins|wam/.test(path))).toEqual([]);
  expect(elsewhere).toEqual([]);
  await context.close();
  await site.close();
});
