import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { peakOf } from '../worklet/fixtures.ts';
import { DemoBrowser, listen, pressPlay, ready } from './demo-page.ts';

let browser: DemoBrowser;
beforeAll(async () => void (browser = await DemoBrowser.start()));
afterAll(() => browser.close());

/** Waits until all files are kept and the page is looked after. */
const kept = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (navigator.serviceWorker.controller === null) await new Promise((passed) => setTimeout(passed, 20));
  });

test('after the first visit the page comes, plays and makes files without a network', async () => {
  const { page, context, site, complaints } = await browser.open();
  await kept(page);
  await site.close();
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  await pressPlay(page);
  // Another piano, a piece and the renderer were never asked for while there was a network.
  await page.getByRole('radio', { name: /Kawai/ }).check({ force: true });
  await page.keyboard.down('KeyQ');
  await page.waitForTimeout(300);
  // The tools of the test were not kept.
  const peak = await page.evaluate(async () => {
    const piano = document.querySelector('any-piano')!;
    const analyser = new AnalyserNode(piano.node!.context);
    piano.node!.connect(analyser);
    await new Promise((passed) => setTimeout(passed, 300));
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return Math.max(...samples.map(Math.abs));
  });
  expect(peak).toBeGreaterThan(1e-3);
  await page.getByRole('tab', { name: 'Pieces' }).click();
  await page.getByRole('button', { name: 'Play Prelude in E minor' }).click();
  const download = page.waitForEvent('download', { timeout: 120_000 });
  await page.getByRole('button', { name: 'Save Prelude in E minor as WAV' }).click();
  const { length } = await readFile(await (await download).path());
  expect(length).toBeGreaterThan(48000 * 3 * 30);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a new version waits until the player wants it, and fetches only what changed', async () => {
  const files: Record<string, string | Uint8Array> = {};
  const { page, context } = await browser.open({ files });
  await kept(page);
  // The next version has another title; its service worker knows the file by its new hash.
  const old = await readFile('dist/demo/index.html', 'utf8');
  const fresh = old.replace('<title>anypiano</title>', '<title>anypiano, next</title>');
  const hashOf = async (text: string): Promise<string> => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    return Buffer.from(digest).toString('hex');
  };
  const worker = await readFile('dist/service-worker.js', 'utf8');
  expect(worker).toContain(await hashOf(old));
  files['/demo/index.html'] = fresh;
  files['/service-worker.js'] = worker.replace(await hashOf(old), await hashOf(fresh));
  const fetched: string[] = [];
  context.on('request', (request) => {
    if (request.serviceWorker() !== null) fetched.push(new URL(request.url()).pathname);
  });

  await page.reload();
  await ready(page);
  await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  const accept = page.getByRole('button', { name: 'Use it now' });
  await accept.waitFor();
  expect(await page.title()).toBe('anypiano');
  await Promise.all([page.waitForEvent('load'), accept.click()]);
  await ready(page);
  expect(await page.title()).toBe('anypiano, next');
  expect(fetched.filter((path) => path.endsWith('.safetensors'))).toEqual([]);
  await pressPlay(page);
  await page.keyboard.down('KeyQ');
  expect(peakOf(await listen(page, 0.3))).toBeGreaterThan(1e-3);
  await context.close();
});

test('a file of another version is not kept beside the others', async () => {
  const files: Record<string, string | Uint8Array> = { '/demo/page.css': 'body { color: red }' };
  const { page, context } = await browser.open({ files });
  const { state, styles } = await page.evaluate(async () => {
    const { installing } = await navigator.serviceWorker.register('../service-worker.js');
    while (installing?.state === 'installing') await new Promise((passed) => setTimeout(passed, 20));
    const kept = await (await caches.open('anypiano')).keys();
    return { state: installing?.state, styles: kept.filter(({ url }) => url.includes('page.css')).length };
  });
  expect(state).toBe('redundant');
  expect(styles).toBe(0);
  await context.close();
});

test('what listens is kept once it was used, and refused where it belongs to another version', async () => {
  const files: Record<string, string | Uint8Array> = {};
  const { page, context } = await browser.open({ files });
  await kept(page);
  const status = (path: string): Promise<number> => page.evaluate(async (address) => (await fetch(address)).status, path);
  expect(await status('../pretrained/encoder.safetensors')).toBe(200);
  files['/pretrained/encoder.safetensors'] = 'another encoder';
  files['/basic-pitch/model.json'] = '{}';
  expect(await status('../pretrained/encoder.safetensors')).toBe(200);
  expect(await status('../basic-pitch/model.json')).toBe(409);
  await context.setOffline(true);
  expect(await status('../pretrained/encoder.safetensors')).toBe(200);
  await context.close();
});

test('another tab is told when a tab goes over to a new version', async () => {
  const files: Record<string, string | Uint8Array> = {};
  const { page, context } = await browser.open({ files });
  await kept(page);
  await page.reload();
  await ready(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await ready(other);
  files['/service-worker.js'] = `${await readFile('dist/service-worker.js', 'utf8')}\n// The next one.`;
  await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  const accept = page.getByRole('button', { name: 'Use it now' });
  await accept.waitFor();
  await Promise.all([page.waitForEvent('load'), accept.click()]);
  await ready(page);
  await other.bringToFront();
  const here = other.getByRole('button', { name: 'Use it here too' });
  await here.waitFor();
  await Promise.all([other.waitForEvent('load'), here.click()]);
  await ready(other);
  await context.close();
});

test('the manifest has what an installation needs', async () => {
  const { page, context, site } = await browser.open();
  const address = await page.locator('link[rel=manifest]').evaluate((link) => (link as HTMLLinkElement).href);
  const manifest = (await (await fetch(address)).json()) as { name: string; display: string; start_url: string; icons: { src: string; sizes: string; purpose?: string }[] };
  expect(manifest.display).toBe('standalone');
  expect(new URL(manifest.start_url, address).href).toBe(`${site.address}/demo/`);
  for (const { src, sizes } of manifest.icons.filter((icon) => icon.src.endsWith('.png'))) {
    const size = await page.evaluate(async (url) => {
      const image = await createImageBitmap(await (await fetch(url)).blob());
      return `${image.width}x${image.height}`;
    }, new URL(src, address).href);
    expect(size).toBe(sizes);
  }
  expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  // What Chromium itself has against an installation.
  const session = await context.newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
  await context.close();
});
