import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeWav } from '../../model/audio/wav-writer.ts';
import { parseMidiFile } from '../../model/performance.ts';
import { parseStyle } from '../../model/style.ts';
import { PIECE, PIECE_RATE, playPiece } from '../transcribe/piece.ts';
import { peakOf } from '../worklet/fixtures.ts';
import { DemoBrowser, listen, pressPlay, shares } from './demo-page.ts';

let browser: DemoBrowser;
let wav: Buffer;
beforeAll(async () => {
  browser = await DemoBrowser.start();
  wav = Buffer.from(encodeWav({ sampleRate: PIECE_RATE, channels: [playPiece('upright-kw')] }, 16));
});
afterAll(() => browser.close());

const choose = (page: Page, name: string, mimeType: string, buffer: Buffer): Promise<void> => page.locator('recording-panel input').setInputFiles({ name, mimeType, buffer });
const notice = (page: Page): Promise<string> => page.locator('piano-notice .message span').innerText();

describe('a recording of a piano', () => {
  test('becomes a piano that is played, saved, deleted and brought back, while the other one goes on playing', async () => {
    const { page, complaints } = await browser.open();
    await pressPlay(page);
    const before = await shares(page);
    await choose(page, 'Grandma.wav', 'audio/wav', wav);
    await page.getByRole('button', { name: 'Make a piano of it' }).click();
    const bar = page.getByRole('progressbar', { name: 'Progress' });
    await expect.poll(async () => Number(await bar.getAttribute('value').catch(() => 1)) || bar.evaluate((element) => (element as HTMLProgressElement).value), { timeout: 60_000 }).toBeGreaterThan(0.05);
    expect(await shares(page)).toEqual(before);
    await page.keyboard.down('KeyZ');
    expect(peakOf(await listen(page, 0.3))).toBeGreaterThan(1e-3);
    await page.keyboard.up('KeyZ');

    await page.getByRole('radio', { name: 'Grandma' }).waitFor({ state: 'attached', timeout: 300_000 });
    expect(await shares(page)).toEqual({ 'own-grandma': 1 });
    await page.keyboard.down('KeyQ');
    expect(peakOf(await listen(page, 0.3))).toBeGreaterThan(1e-3);
    await page.keyboard.up('KeyQ');

    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save', exact: true }).click()]);
    expect(download.suggestedFilename()).toBe('Grandma.json');
    const style = parseStyle(await readFile(await download.path(), 'utf8'), 'Grandma.json');
    expect(style).toMatchObject({ id: 'own-grandma', name: 'Grandma', source: 'Grandma' });

    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect.poll(() => page.getByRole('radio', { name: 'Grandma' }).count()).toBe(0);
    expect(await shares(page)).toEqual(before);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => shares(page)).toEqual({ 'own-grandma': 1 });
    expect(complaints).toEqual([]);

    // Once the browser has kept it, it is there again.
    await page.waitForFunction(
      () =>
        new Promise((resolve) => {
          const opening = indexedDB.open('anypiano-page');
          opening.onsuccess = (): void => {
            const query = opening.result.transaction('library').objectStore('library').count('style:own-grandma');
            query.onsuccess = (): void => {
              opening.result.close();
              resolve(query.result === 1);
            };
          };
        }),
    );
    await page.reload();
    await page.getByRole('radio', { name: 'Grandma' }).waitFor({ state: 'attached' });
    await page.context().close();
  }, 360_000);

  test('gives its notes, which play on the piano that is chosen and are saved as MIDI', async () => {
    const { page, complaints } = await browser.open();
    await pressPlay(page);
    await choose(page, 'Song.wav', 'audio/wav', wav);
    await page.getByRole('button', { name: /Hear its notes/ }).click();
    await page.getByRole('tab', { name: 'Pieces' }).click();
    await page.getByRole('button', { name: 'Save Song as MIDI' }).waitFor({ timeout: 120_000 });
    await expect.poll(async () => peakOf(await listen(page, 0.5)), { timeout: 10_000 }).toBeGreaterThan(1e-3);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save Song as MIDI' }).click()]);
    const { events } = parseMidiFile(await readFile(await download.path()), 'Song.mid');
    const heard = events.flatMap((event) => (event.type === 'noteOn' ? [event] : []));
    const found = PIECE.filter(({ note, start }) => heard.some((event) => event.note === note && Math.abs(event.seconds - start) < 0.05));
    expect(found.length).toBeGreaterThan(0.85 * PIECE.length);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('is let go of when the player stops', async () => {
    const { page } = await browser.open();
    await choose(page, 'Song.wav', 'audio/wav', wav);
    await page.getByRole('button', { name: 'Make a piano of it' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Open a recording' }).waitFor();
    expect(await page.getByRole('radio', { name: 'Song' }).count()).toBe(0);
    await page.context().close();
  });

  test.each([
    ['text.wav', Buffer.from('no sound at all'), 'text.wav: is not a recording that this browser can read'],
    ['hush.wav', Buffer.from(encodeWav({ sampleRate: 48000, channels: [new Float32Array(96000)] }, 16)), 'hush.wav: is silent'],
    ['tick.wav', Buffer.from(encodeWav({ sampleRate: 48000, channels: [new Float32Array(4800).fill(0.5)] }, 16)), 'tick.wav: is shorter than 1 s'],
  ])('says what is wrong with %s', async (name, bytes, message) => {
    const { page } = await browser.open();
    await choose(page, name, 'audio/wav', bytes);
    await expect.poll(() => notice(page)).toBe(message);
    await page.context().close();
  });

  test('is made with the microphone', async () => {
    const beeping = await DemoBrowser.start(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
    const { page } = await beeping.open();
    await page.getByRole('button', { name: 'Use the microphone' }).click();
    await page.waitForTimeout(2500);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Make a piano of it' }).waitFor();
    await page.getByRole('button', { name: 'Forget the recording' }).click();
    await page.getByRole('button', { name: 'Use the microphone' }).waitFor();
    await beeping.close();
  });

  test('says when the microphone is refused', async () => {
    const { page } = await browser.open({ before: `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));` });
    await page.getByRole('button', { name: 'Use the microphone' }).click();
    await expect.poll(() => notice(page)).toBe('microphone: was refused; allow it in the site settings, beside the address');
    await page.context().close();
  });
});
