import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { peakOf } from '../worklet/fixtures.ts';
import { DemoBrowser, keysDown, listen, pressPlay, ready, shares, type DemoGlobal } from './demo-page.ts';

let browser: DemoBrowser;
beforeAll(async () => void (browser = await DemoBrowser.start()));
afterAll(() => browser.close());

const send = (page: Page, name: string, ...bytes: number[]): Promise<void> =>
  page.evaluate(([input, message]) => (globalThis as DemoGlobal).fakeMidi.send(input, ...message), [name, bytes] as const);
const plug = (page: Page, name: string): Promise<void> => page.evaluate((input) => (globalThis as DemoGlobal).fakeMidi.plug(input), name);
const unplug = (page: Page, name: string): Promise<void> => page.evaluate((input) => (globalThis as DemoGlobal).fakeMidi.unplug(input), name);

/** A page with two keyboards, with the sheet about them on top. */
async function openWithTwo(): Promise<Page> {
  const { page } = await browser.open();
  await plug(page, 'Left Keys');
  await plug(page, 'Right Keys');
  await pressPlay(page);
  await page.getByRole('tab', { name: 'Touch' }).click();
  await page.getByRole('radio', { name: 'Right Keys' }).waitFor();
  return page;
}

describe('MIDI keyboards', () => {
  test('are listed by name, come and go, and leave no note behind', async () => {
    const page = await openWithTwo();
    await plug(page, 'Third Keys');
    await page.getByRole('radio', { name: 'Third Keys' }).waitFor();
    await send(page, 'Third Keys', 0x90, 60, 100);
    await send(page, 'Third Keys', 0xb0, 64, 127);
    await send(page, 'Left Keys', 0x90, 64, 100);
    expect(await keysDown(page)).toEqual(['C 4', 'E 4']);
    await unplug(page, 'Third Keys');
    await page.getByRole('radio', { name: 'Third Keys' }).waitFor({ state: 'detached' });
    expect(await keysDown(page)).toEqual(['E 4']);
    await unplug(page, 'Left Keys');
    await page.waitForTimeout(1500);
    expect(await keysDown(page)).toEqual([]);
    expect(peakOf(await listen(page, 0.2))).toBeLessThan(1e-3);
    // Nor does a foot or a wheel.
    await plug(page, 'Left Keys');
    await page.getByRole('radio', { name: 'Left Keys' }).waitFor();
    const pressed = (): Promise<(string | null)[]> => page.locator('piano-pedal [role=button]').evaluateAll((pedals) => pedals.map((pedal) => pedal.getAttribute('aria-pressed')));
    for (const controller of [64, 66, 67]) await send(page, 'Left Keys', 0xb0, controller, 127);
    await send(page, 'Left Keys', 0xb0, 11, 0);
    await expect.poll(pressed).toEqual(['true', 'true', 'true']);
    await unplug(page, 'Left Keys');
    await expect.poll(pressed).toEqual(['false', 'false', 'false']);
    await page.keyboard.down('KeyQ');
    expect(peakOf(await listen(page, 0.3))).toBeGreaterThan(1e-3);
    await page.keyboard.up('KeyQ');
    // Plugged in again, it plays again.
    await plug(page, 'Left Keys');
    await page.getByRole('radio', { name: 'Left Keys' }).waitFor();
    await send(page, 'Left Keys', 0x90, 62, 100);
    expect(await keysDown(page)).toEqual(['D 4']);
    await page.context().close();
  });

  test('can be chosen among, and what the others hold down is let go', async () => {
    const page = await openWithTwo();
    await send(page, 'Left Keys', 0x90, 60, 100);
    await page.getByRole('radio', { name: 'Right Keys' }).check();
    expect(await keysDown(page)).toEqual([]);
    await send(page, 'Left Keys', 0x90, 61, 100);
    await send(page, 'Right Keys', 0x90, 67, 100);
    expect(await keysDown(page)).toEqual(['G 4']);
    await page.getByRole('radio', { name: 'All' }).check();
    await send(page, 'Left Keys', 0x90, 61, 100);
    expect(await keysDown(page)).toEqual(['C sharp 4']);
    await page.context().close();
  });

  test('move the three pedals that the page shows, and so do hands on the screen', async () => {
    const page = await openWithTwo();
    const pressed = (): Promise<(string | null)[]> => page.locator('piano-pedal [role=button]').evaluateAll((pedals) => pedals.map((pedal) => pedal.getAttribute('aria-pressed')));
    for (const controller of [67, 66, 64]) await send(page, 'Left Keys', 0xb0, controller, 127);
    await expect.poll(pressed).toEqual(['true', 'true', 'true']);
    await send(page, 'Left Keys', 0xb0, 121, 0);
    await expect.poll(pressed).toEqual(['false', 'false', 'false']);
    for (const [i, name] of ['Una corda', 'Sostenuto', 'Sustain'].entries()) {
      await page.getByRole('button', { name: `${name} pedal` }).hover();
      await page.mouse.down();
      await expect.poll(pressed).toEqual([0, 1, 2].map((pedal) => String(pedal === i)));
      await page.mouse.up();
      await expect.poll(pressed).toEqual(['false', 'false', 'false']);
    }
    await page.context().close();
  });

  test('choose a piano by its place in the list', async () => {
    const page = await openWithTwo();
    await send(page, 'Left Keys', 0xc0, 2);
    const styles = JSON.parse(await readFile('model/pretrained/styles/index.json', 'utf8')) as { id: string }[];
    await expect.poll(() => shares(page)).toEqual({ [styles[2]!.id]: 1 });
    // Nothing stands there.
    await send(page, 'Left Keys', 0xc0, 127);
    expect(await shares(page)).toEqual({ [styles[2]!.id]: 1 });
    await page.context().close();
  });

  test('are heard on one channel or on all', async () => {
    const page = await openWithTwo();
    await send(page, 'Left Keys', 0x90, 60, 100);
    await page.getByRole('combobox', { name: 'Channel' }).selectOption('3');
    expect(await keysDown(page)).toEqual([]);
    await send(page, 'Left Keys', 0x90, 62, 100);
    await send(page, 'Left Keys', 0x92, 64, 100);
    expect(await keysDown(page)).toEqual(['E 4']);
    await page.context().close();
  });

  test('are felt as the touch curve says, and a dot on it shows each strike', async () => {
    const page = await openWithTwo();
    const dot = page.locator('touch-curve circle');
    const heard = async (): Promise<number> => 1 - Number(await dot.getAttribute('cy')) / 100;
    const mark = (): Promise<number> =>
      page.locator('piano-keyboard .key.down').evaluate((key) => Number((key as HTMLElement).style.getPropertyValue('--velocity')));
    await send(page, 'Left Keys', 0x90, 60, 64);
    expect(await heard()).toBeCloseTo(64 / 127, 6);
    await send(page, 'Left Keys', 0x80, 60, 0);
    const slider = page.getByRole('slider', { name: 'Touch' });
    await slider.focus();
    await page.keyboard.press('Home');
    await send(page, 'Left Keys', 0x90, 60, 64);
    expect(await heard()).toBeCloseTo(Math.sqrt(64 / 127), 6);
    expect(await mark()).toBeCloseTo(Math.sqrt(64 / 127), 2);
    await send(page, 'Left Keys', 0x80, 60, 0);
    await page.keyboard.press('End');
    await send(page, 'Left Keys', 0x90, 60, 64);
    expect(await heard()).toBeCloseTo((64 / 127) ** 2, 6);
    expect(Number(await dot.getAttribute('cx'))).toBeCloseTo((100 * 64) / 127, 3);
    await page.context().close();
  });
});

describe('where there is no MIDI', () => {
  test('as the browser has none, the page says so and plays', async () => {
    const { page } = await browser.open({ before: "delete Navigator.prototype.requestMIDIAccess; Object.defineProperty(navigator, 'requestMIDIAccess', { value: undefined });" });
    await pressPlay(page);
    await page.getByRole('button', { name: /No Web MIDI/ }).click();
    await page.getByText(/This browser has no Web MIDI\./).waitFor();
    await page.keyboard.down('KeyQ');
    expect(peakOf(await listen(page, 0.3))).toBeGreaterThan(1e-3);
    await page.context().close();
  });

  test('as it was refused, the page says what to do, and asks again only when it is told to', async () => {
    const { page } = await browser.open();
    await page.evaluate(() => ((globalThis as DemoGlobal).fakeMidi.allowed = false));
    await plug(page, 'Left Keys');
    await pressPlay(page);
    await page.getByRole('button', { name: 'MIDI: MIDI was refused' }).click();
    await page.getByText(/Allow it in the site settings/).waitFor();
    await page.evaluate(() => ((globalThis as DemoGlobal).fakeMidi.allowed = true));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('radio', { name: 'Left Keys' }).waitFor();
    await send(page, 'Left Keys', 0x90, 60, 100);
    expect(await keysDown(page)).toEqual(['C 4']);
    await page.context().close();
  });
});

test('piano, mixture, input, channel, touch and beats are there after a reload', async () => {
  const page = await openWithTwo();
  await page.getByRole('radio', { name: 'Right Keys' }).check();
  await page.getByRole('combobox', { name: 'Channel' }).selectOption('5');
  await page.getByRole('slider', { name: 'Touch' }).fill('0.5');
  await page.getByRole('button', { name: 'Metronome' }).click();
  await page.getByRole('spinbutton', { name: 'Beats a minute' }).fill('72');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Pianos' }).click();
  const knob = page.getByRole('slider', { name: /between the pianos/ });
  await page.getByRole('radio', { name: /CP80/ }).check({ force: true });
  await knob.focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowUp');
  const mixture = await knob.getAttribute('aria-valuetext');
  await page.reload();
  await ready(page);
  await plug(page, 'Right Keys');
  await pressPlay(page);
  await knob.waitFor();
  expect(await knob.getAttribute('aria-valuetext')).toBe(mixture);
  await page.getByRole('tab', { name: 'Touch' }).click();
  expect(await page.getByRole('radio', { name: 'Right Keys' }).isChecked()).toBe(true);
  expect(await page.getByRole('combobox', { name: 'Channel' }).inputValue()).toBe('5');
  expect(await page.getByRole('slider', { name: 'Touch' }).inputValue()).toBe('0.5');
  await page.getByRole('button', { name: 'Metronome' }).click();
  expect(await page.getByRole('spinbutton', { name: 'Beats a minute' }).inputValue()).toBe('72');
  await page.context().close();
});

test('a piano of the player’s own is there after a reload, and can be played', async () => {
  const { page } = await browser.open();
  const own = await page.evaluate(async () => {
    const style = (await (await fetch('../pretrained/styles/cp80.json')).json()) as Record<string, unknown>;
    return JSON.stringify({ ...style, id: 'my-own', name: 'My own piano' });
  });
  await page.getByRole('tab', { name: 'Pieces' }).click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /Open a MIDI file/ }).click();
  await (await chooser).setFiles({ name: 'my-own.json', mimeType: 'application/json', buffer: Buffer.from(own) });
  await page.getByRole('tab', { name: 'Pianos' }).click();
  await page.getByRole('radio', { name: 'My own piano' }).waitFor();
  await pressPlay(page);
  await page.waitForTimeout(300);
  await page.reload();
  await ready(page);
  await pressPlay(page);
  expect(await page.getByRole('radio', { name: 'My own piano' }).isChecked()).toBe(true);
  await page.keyboard.down('KeyQ');
  expect(peakOf(await listen(page, 0.3))).toBeGreaterThan(1e-3);
  await page.context().close();
});
