/** Plugins that keep no promise, and pages that do not wait. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ready } from '../page/demo-page.ts';
import { PluginBrowser, addPlugin, measure, rows, wake } from './plugin-page.ts';

let browser: PluginBrowser;
beforeAll(async () => void (browser = await PluginBrowser.start()));
afterAll(() => browser.close());

/** `globalThis` of the page, in which a plugin counts its controls. */
type PageGlobal = typeof globalThis & { readonly made?: number; readonly destroyed?: number };

test('a plugin that was added while the page was loading is heard', async () => {
  const { page } = await browser.open();
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((free) => (letGo = free));
  await page.route('**/*.safetensors', async (route) => {
    await held;
    await route.continue();
  });
  await page.reload();
  await page.waitForFunction(() => customElements.get('any-piano') !== undefined);
  await page.evaluate(() => void document.querySelector('any-piano')!.addPlugin('/effects/clip.js'));
  await page.waitForTimeout(500);
  letGo();
  await ready(page);
  await wake(page);
  await expect.poll(() => rows(page)).toEqual(['Clip: on']);
  await page.waitForTimeout(400);
  // The largest sample that the clipping effect lets pass.
  expect((await measure(page)).peak).toBeCloseTo(0.02, 3);
  await page.context().close();
});

test('a plugin whose state and controls fail is edited once, removed and brought back, and the others are kept', async () => {
  const { page, complaints } = await browser.open();
  await addPlugin(page, 'stubborn');
  await addPlugin(page, 'clip');
  await expect.poll(() => rows(page)).toEqual(['Stubborn: on', 'Clip: on']);
  const controls = (): Promise<[number, number]> => page.evaluate(() => [(globalThis as PageGlobal).made ?? 0, (globalThis as PageGlobal).destroyed ?? 0]);
  const edit = page.getByRole('button', { name: 'Edit Stubborn', exact: true });
  await edit.dblclick();
  // Both clicks made controls, and those of the first were let go.
  await expect.poll(controls).toEqual([2, 1]);
  await page.getByRole('button', { name: 'Remove Stubborn', exact: true }).click();
  await expect.poll(() => rows(page)).toEqual(['Clip: on']);
  expect(await controls()).toEqual([2, 2]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => rows(page)).toEqual(['Stubborn: on', 'Clip: on']);
  await page.getByRole('button', { name: 'Bypass Clip', exact: true }).click();
  await page.waitForTimeout(1500);
  await page.reload();
  await ready(page);
  await wake(page);
  await expect.poll(() => rows(page)).toEqual(['Stubborn: on', 'Clip: bypassed']);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a decoder that is never ready, or plays what is no number, is muted and named, and the piano plays', async () => {
  // Seconds of patience pass as hundredths.
  const before = `{ const { setInterval } = globalThis; globalThis.setInterval = (action, wait, ...rest) => setInterval(action, wait === 1000 ? 60 : wait, ...rest); }`;
  const { page } = await browser.open('plugins.html', { before });
  await addPlugin(page, 'asleep');
  await expect.poll(() => rows(page), { timeout: 20_000 }).toEqual(['Asleep: muted']);
  expect(await page.locator('plugin-panel .problem').textContent()).toBe('Asleep is muted: it did not answer');
  const note = (down: boolean): Promise<void> => page.evaluate((on) => (on ? document.querySelector('any-piano')!.noteOn(60, 0.8) : document.querySelector('any-piano')!.noteOff(60)), down);
  await addPlugin(page, 'wild');
  await expect.poll(() => rows(page)).toEqual(['Asleep: muted', 'Wild: on']);
  await note(true);
  await expect.poll(() => rows(page)).toEqual(['Asleep: muted', 'Wild: muted']);
  expect(await page.locator('plugin-panel .problem').last().textContent()).toBe('Wild is muted: it plays what is no number');
  await note(false);
  await page.waitForTimeout(500);
  await note(true);
  await expect.poll(() => page.evaluate(() => document.querySelector('any-piano')!.renderRoot.querySelector('piano-status')!.peak)).toBeGreaterThan(1e-3);
  await page.context().close();
});
