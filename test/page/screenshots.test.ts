/** Takes the pictures of docs/page.md: SCREENSHOTS=1 npx vitest run test/page/screenshots.test.ts, after a build. */
import { mkdir, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { encodeWav } from '../../model/audio/wav-writer.ts';
import { PIECE_RATE, playPiece } from '../transcribe/piece.ts';
import { DemoBrowser, pressPlay, type DemoGlobal } from './demo-page.ts';

const FOLDER = 'docs/page';
const LARGEST_BYTES = 150_000;
const DESKTOP = { width: 1200, height: 700 };
const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

const send = (page: Page, ...bytes: number[]): Promise<void> =>
  page.evaluate((message) => (globalThis as DemoGlobal).fakeMidi.send('Stage piano', ...message), bytes);

async function plugIn(page: Page): Promise<void> {
  await page.evaluate(() => (globalThis as DemoGlobal).fakeMidi.plug('Stage piano'));
  await page.getByRole('button', { name: 'MIDI: Stage piano' }).waitFor();
}

describe.runIf(process.env['SCREENSHOTS'] !== undefined)('pictures of the page', () => {
  let browser: DemoBrowser;
  beforeAll(async () => {
    browser = await DemoBrowser.start();
    await mkdir(FOLDER, { recursive: true });
  });
  afterAll(() => browser.close());

  async function take(page: Page, name: string): Promise<void> {
    // The processor of whoever takes pictures says nothing about the piano.
    await page.evaluate(() => {
      const piano = document.querySelector('any-piano')!;
      const status = piano.renderRoot.querySelector('piano-status')!;
      status.gaps = 0;
      status.economy = 0;
      return status.updateComplete;
    });
    const path = `${FOLDER}/${name}.png`;
    await page.screenshot({ path });
    expect((await stat(path)).size, name).toBeLessThan(LARGEST_BYTES);
  }

  test('on a desk, in the light', async () => {
    const { page } = await browser.open({ viewport: DESKTOP, colorScheme: 'light' });
    await page.getByRole('slider', { name: /between the pianos/ }).waitFor();
    await take(page, 'start');

    await pressPlay(page);
    await plugIn(page);
    await page.waitForTimeout(600);
    for (const note of [48, 55, 64, 72]) await send(page, 0x90, note, 96);
    await page.waitForTimeout(250);
    await take(page, 'playing');
    for (const note of [48, 55, 64, 72]) await send(page, 0x80, note, 0);

    await page.getByRole('slider', { name: /between the pianos/ }).focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(300);
    await take(page, 'pianos');

    await page.getByRole('tab', { name: 'Tone' }).click();
    await page.getByRole('slider', { name: 'Brightness' }).fill('1.2');
    await page.getByRole('slider', { name: 'Hammers' }).fill('-0.3');
    await page.getByRole('slider', { name: 'Pitch', exact: true }).fill('442');
    await page.getByRole('button', { name: 'Learn a controller for Brightness' }).click();
    await send(page, 0xb0, 74, 90);
    await page.waitForTimeout(200);
    await take(page, 'tone');

    await page.getByRole('tab', { name: 'Touch' }).click();
    await page.getByRole('slider', { name: 'Touch' }).fill('0.4');
    await send(page, 0x90, 60, 80);
    await page.waitForTimeout(100);
    await take(page, 'touch');
    await send(page, 0x80, 60, 0);

    await page.getByRole('tab', { name: 'Pieces' }).click();
    await page.getByRole('button', { name: 'Play Prelude in C major' }).click();
    await page.waitForTimeout(3000);
    await take(page, 'pieces');
    await page.context().close();
  });

  test('while it listens to a recording', async () => {
    const { page } = await browser.open({ viewport: DESKTOP, colorScheme: 'light' });
    await pressPlay(page);
    const buffer = Buffer.from(encodeWav({ sampleRate: PIECE_RATE, channels: [playPiece('upright-kw')] }, 16));
    await page.locator('recording-panel input').setInputFiles({ name: 'Grandma’s piano.wav', mimeType: 'audio/wav', buffer });
    await page.getByRole('button', { name: 'Make a piano of it' }).click();
    const bar = page.getByRole('progressbar', { name: 'Progress' });
    await expect.poll(() => bar.evaluate((element) => (element as HTMLProgressElement).value), { timeout: 120_000 }).toBeGreaterThan(0.1);
    await take(page, 'listening');
    await page.context().close();
  });

  test('in the dark, on a desk and on a phone', async () => {
    const { page } = await browser.open({ viewport: DESKTOP, colorScheme: 'dark' });
    await pressPlay(page);
    await page.getByRole('tab', { name: 'Pieces' }).click();
    await page.getByRole('button', { name: 'Play Gymnopédie' }).click();
    await page.waitForTimeout(3000);
    await take(page, 'dark');
    await page.context().close();

    const phone = await browser.open({ ...PHONE, colorScheme: 'dark' });
    await pressPlay(phone.page);
    await phone.page.getByRole('tab', { name: 'Pieces' }).click();
    await phone.page.getByRole('button', { name: 'Play Prelude in C major' }).click();
    await phone.page.waitForTimeout(3000);
    await take(phone.page, 'phone');
    await phone.page.context().close();
  });
});
