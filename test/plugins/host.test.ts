import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { peakNear, spectrumOf } from '../../model/corpus/spectrum.ts';
import { listen, ready } from '../page/demo-page.ts';
import { peakOf } from '../worklet/fixtures.ts';
import { PluginBrowser, addPlugin, measure, rows, wake } from './plugin-page.ts';

let browser: PluginBrowser;
beforeAll(async () => void (browser = await PluginBrowser.start()));
afterAll(() => browser.close());

/** Largest sample that the clipping effect lets pass. */
const CEILING = 0.02;
/** The two recordings begin within a block or two of each other, in a chord that decays. */
const NEARLY = 0.03;

const settle = (page: Page): Promise<void> => page.waitForTimeout(400);
const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

test('two effects of different make are heard in their order, moved, bypassed, removed and brought back', async () => {
  const { page } = await browser.open();
  const dry = await measure(page);
  expect(dry.peak).toBeGreaterThan(2 * CEILING);
  expect(Math.abs(dry.ratio - 1)).toBeLessThan(NEARLY);

  await addPlugin(page, 'gain');
  await expect.poll(() => rows(page)).toEqual(['Gain: on']);
  await settle(page);
  expect(Math.abs((await measure(page)).ratio - 0.5)).toBeLessThan(NEARLY);

  await addPlugin(page, 'clip');
  await expect.poll(() => rows(page)).toEqual(['Gain: on', 'Clip: on']);
  await settle(page);
  expect((await measure(page)).peak).toBeCloseTo(CEILING, 3);

  // Clipped first and then halved, it is half as loud.
  await press(page, 'Move Clip up');
  await expect.poll(() => rows(page)).toEqual(['Clip: on', 'Gain: on']);
  await settle(page);
  expect((await measure(page)).peak).toBeCloseTo(CEILING / 2, 3);

  await press(page, 'Bypass Clip');
  await settle(page);
  expect(await rows(page)).toEqual(['Clip: bypassed', 'Gain: on']);
  expect(Math.abs((await measure(page)).ratio - 0.5)).toBeLessThan(NEARLY);

  await press(page, 'Remove Gain');
  await expect.poll(() => rows(page)).toEqual(['Clip: bypassed']);
  await settle(page);
  expect(Math.abs((await measure(page)).ratio - 1)).toBeLessThan(NEARLY);
  await press(page, 'Undo');
  await expect.poll(() => rows(page)).toEqual(['Clip: bypassed', 'Gain: on']);
  await settle(page);
  expect(Math.abs((await measure(page)).ratio - 0.5)).toBeLessThan(NEARLY);
  await page.context().close();
});

test('a plugin is edited in its own controls, and comes back after a reload as it was', async () => {
  const { page } = await browser.open();
  await addPlugin(page, 'clip');
  await addPlugin(page, 'gain');
  await expect.poll(() => rows(page)).toEqual(['Clip: on', 'Gain: on']);
  await press(page, 'Bypass Clip');
  await press(page, 'Edit Gain');
  await page.getByRole('slider', { name: 'Gain' }).fill('1.5');
  await settle(page);
  expect(Math.abs((await measure(page)).ratio - 1.5)).toBeLessThan(0.05);
  await press(page, 'Edit Gain');
  expect(await page.getByRole('slider', { name: 'Gain' }).count()).toBe(0);
  await settle(page);

  await page.reload();
  await ready(page);
  await wake(page);
  await expect.poll(() => rows(page)).toEqual(['Clip: bypassed', 'Gain: on']);
  await settle(page);
  expect(Math.abs((await measure(page)).ratio - 1.5)).toBeLessThan(0.05);
  await page.context().close();
});

test('a decoder comes back after a reload, and an effect that is gone by then is muted and named', async () => {
  const { page } = await browser.open();
  await addPlugin(page, 'gain');
  await addPlugin(page, 'sines');
  await expect.poll(() => rows(page)).toEqual(['Gain: on', 'Sines: on']);
  await settle(page);
  await page.route('**/effects/gain.js', (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await ready(page);
  await wake(page);
  await expect.poll(async () => (await rows(page)).map((row) => row.toLowerCase())).toEqual(['gain: muted', 'sines: on']);
  expect(await page.locator('plugin-panel .problem').textContent()).toMatch(/gain\.js: could not be loaded/);
  await settle(page);
  // A sine of three keys, past the effect that is gone.
  const { peak, ratio } = await measure(page);
  expect(peak).toBeGreaterThan(0.05);
  expect(Math.abs(ratio - 1)).toBeLessThan(NEARLY);
  await page.context().close();
});

test('what fails is muted and named, and the piano and the other effects go on', async () => {
  const failures: readonly [string, RegExp][] = [
    ['missing', /missing\.js: could not be loaded/],
    ['syntax', /syntax\.js: could not be loaded/],
    ['nothing', /nothing\.js: is neither a Web Audio Module 2\.0 nor a decoder/],
    ['refuses', /refuses\.js: could not start: no licence/],
    ['source', /source\.js: is no effect: it has no audio input/],
    ['thrower', /Thrower is muted: it stopped: out of gas/],
    ['nan', /Broken is muted: it plays what is no number/],
  ];
  const { page } = await browser.open();
  await addPlugin(page, 'gain');
  await expect.poll(() => rows(page)).toEqual(['Gain: on']);
  for (const [i, [name, problem]] of failures.entries()) {
    await addPlugin(page, name);
    await expect.poll(async () => (await rows(page))[i + 1], { timeout: 20_000 }).toMatch(/: muted$/);
    const row = page.locator('plugin-panel .problem').nth(i);
    expect(await row.textContent()).toMatch(problem);
    // In its row, and where the page says things.
    await expect.poll(() => page.getByText(problem).count()).toBe(2);
    expect((await row.textContent())!.match(/https?:/g) ?? []).toHaveLength(name === 'thrower' || name === 'nan' ? 0 : 1);
  }
  const { ratio, finite } = await measure(page);
  expect(finite).toBe(true);
  expect(Math.abs(ratio - 0.5)).toBeLessThan(NEARLY);
  await page.context().close();
});

test('axe-core at level AA finds nothing against the sheet with what fails, what is bypassed and controls that are open', async () => {
  const { page } = await browser.open('plugins.html', { colorScheme: 'dark' });
  for (const name of ['gain', 'missing', 'clip']) await addPlugin(page, name);
  await expect.poll(() => rows(page), { timeout: 20_000 }).toEqual(['Gain: on', 'missing: muted', 'Clip: on']);
  await press(page, 'Bypass Clip');
  await press(page, 'Edit Gain');
  await page.getByRole('slider', { name: 'Gain' }).waitFor();
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate(
    (values) => (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({ runOnly: { type: 'tag', values } }),
    ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  );
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.flat().join(' ')}: ${failureSummary}`))).toEqual([]);
  await page.context().close();
});

test('another decoder plays in place of the piano’s own, until it is bypassed or fails', async () => {
  const { page } = await browser.open();
  await addPlugin(page, 'sine');
  await expect.poll(() => rows(page)).toEqual(['Sine: on']);
  await settle(page);
  // Three keys are one sine of a tenth of the velocity.
  const { peak } = await measure(page);
  expect(peak).toBeCloseTo(0.08, 3);
  await press(page, 'Bypass Sine');
  await settle(page);
  expect(Math.abs((await measure(page)).peak - 0.08)).toBeGreaterThan(0.005);
  await press(page, 'Bypass Sine');
  await settle(page);
  await page.evaluate(() => document.querySelector('any-piano')!.noteOn(108, 0.5));
  await expect.poll(() => rows(page)).toEqual(['Sine: muted']);
  expect(await page.locator('plugin-panel .problem').textContent()).toContain('too high');
  await settle(page);
  const own = await measure(page);
  expect(own.peak).toBeGreaterThan(0.01);
  expect(Math.abs(own.peak - 0.08)).toBeGreaterThan(0.005);
  await page.context().close();
});

test('the decoder of the examples plays each key as one sine, in the tuning of the piano that is chosen, and is held by the pedal', async () => {
  const { page } = await browser.open('');
  await addPlugin(page, 'sines');
  await expect.poll(() => rows(page)).toEqual(['Sines: on']);
  await settle(page);
  const [rate, cents] = await page.evaluate(async () => {
    const piano = document.querySelector('any-piano')!;
    const { tuning } = (await (await fetch('../pretrained/styles/salamander-c5.json')).json()) as { tuning: { cents: number[] } };
    piano.noteOn(57, 0.8);
    piano.sustain(1);
    piano.noteOff(57);
    return [piano.node!.context.sampleRate, tuning.cents[57 - 21]!] as const;
  });
  const samples = Float32Array.from(await listen(page, 1));
  const peak = peakNear(spectrumOf(samples, rate), 220, 20)!;
  expect(Math.abs(1200 * Math.log2(peak.frequency / 220) - cents)).toBeLessThan(1);
  // A sine of this level, and no more: its power is half of its peak's.
  const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
  const loudest = peakOf(samples);
  expect(loudest).toBeGreaterThan(0.02);
  expect(power / loudest ** 2).toBeGreaterThan(0.15);
  expect(power / loudest ** 2).toBeLessThanOrEqual(0.5);
  await page.evaluate(() => document.querySelector('any-piano')!.sustain(0));
  await page.waitForTimeout(800);
  expect(peakOf(await listen(page, 0.1))).toBeLessThan(1e-4);
  await page.context().close();
});

test('a strict page loads nothing of Web Audio Modules before there is one; a worklet of its own address is heard, and what the policy refuses is named', async () => {
  const { page, complaints } = await browser.open('');
  const loaded = (): Promise<string[]> => page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
  await measure(page);
  expect((await loaded()).some((path) => path.endsWith('anypiano.js'))).toBe(true);
  expect((await loaded()).filter((path) => /plugins[^/]*\.js|\/wam\//.test(path))).toEqual([]);

  await addPlugin(page, 'half');
  await expect.poll(() => rows(page)).toEqual(['Half: on']);
  expect(await loaded()).toContain('/anypiano-plugins.js');
  await settle(page);
  expect(Math.abs((await measure(page)).ratio - 0.5)).toBeLessThan(NEARLY);
  expect(complaints).toEqual([]);

  await addPlugin(page, 'gain');
  await expect.poll(async () => (await rows(page))[1], { timeout: 20_000 }).toBe('gain: muted');
  expect(await page.locator('plugin-panel .problem').textContent()).toContain('blob:');
  await page.getByRole('textbox', { name: 'Address of a plugin' }).fill('https://elsewhere.test/effect.js');
  await press(page, 'Load');
  await expect.poll(async () => (await rows(page))[2], { timeout: 20_000 }).toBe('effect: muted');
  expect(await page.locator('plugin-panel .problem').nth(1).textContent()).toContain('refused by the content security policy');
  await page.context().close();
});
