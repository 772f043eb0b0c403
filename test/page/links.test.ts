/** A piano of the player's own goes to somebody else as a link. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseStyle, serialiseStyle } from '../../model/style.ts';
import { peakOf, randomVoicing } from '../worklet/fixtures.ts';
import { DemoBrowser, dropFile, listen, ready, shares } from './demo-page.ts';

let browser: DemoBrowser;
beforeAll(async () => void (browser = await DemoBrowser.start()));
afterAll(() => browser.close());

const shipped = parseStyle(await readFile('model/pretrained/styles/upright-kw.json', 'utf8'), 'upright-kw');
const grandma = { ...shipped, id: 'own-grandma', name: 'Grandma', voicing: randomVoicing(3) };

test('a piano is shared as a link, and whoever opens it plays it, also beside one of that name', async () => {
  const { page, site, complaints } = await browser.open({ permissions: ['clipboard-read', 'clipboard-write'] });
  expect(await page.getByRole('button', { name: 'Share', exact: true }).count()).toBe(0);
  await dropFile(page, 'grandma.json', serialiseStyle(grandma));
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByText('A link to Grandma is on the clipboard').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.startsWith(`${site.address}/demo/#piano=`)).toBe(true);

  // Somebody else, who never saw this page.
  const theirs = await page.context().browser()!.newContext({ acceptDownloads: true });
  const other = await theirs.newPage();
  await other.goto(link);
  await ready(other);
  await other.getByText('Grandma is ready to be played.').waitFor();
  expect(await shares(other)).toEqual({ 'own-grandma': 1 });
  expect(other.url()).toBe(`${site.address}/demo/`);
  const [download] = await Promise.all([other.waitForEvent('download'), other.getByRole('button', { name: 'Save', exact: true }).click()]);
  expect(parseStyle(await readFile(await download.path(), 'utf8'), 'Grandma.json')).toEqual(grandma);
  await other.keyboard.down('KeyQ');
  expect(peakOf(await listen(other, 0.3))).toBeGreaterThan(1e-3);

  // The same link again is the same piano; another one of that name stands beside it.
  await other.evaluate((hash) => void (location.hash = hash), new URL(link).hash);
  await expect.poll(() => other.url()).toBe(`${site.address}/demo/`);
  expect(await other.getByRole('radio', { name: /^Grandma/ }).count()).toBe(1);
  await dropFile(other, 'grandma.json', serialiseStyle({ ...grandma, embedding: grandma.embedding.map((value) => -value) }));
  await other.getByText('Grandma 2 is ready to be played.').waitFor();
  expect(await other.getByRole('radio', { name: /^Grandma/ }).count()).toBe(2);
  expect(complaints).toEqual([]);
  await theirs.close();
  await page.context().close();
});

test('a link that lost its end says so, and the pianos are as they were', async () => {
  const { page } = await browser.open({ path: '#piano=7VpLj9s2EP4rhi5toVUkWX7' });
  await page.getByText('the piano of this address: is damaged: was all of it copied?').waitFor();
  expect(new URL(page.url()).hash).toBe('');
  expect(await page.getByRole('radio').count()).toBe(9);
  await page.context().close();
});
