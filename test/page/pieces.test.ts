import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { writeMidi, type MidiEvent } from 'midi-file';
import { peakOf } from '../worklet/fixtures.ts';
import { DemoBrowser, dropFile, keysDown, listen, pressPlay } from './demo-page.ts';

let browser: DemoBrowser;
beforeAll(async () => void (browser = await DemoBrowser.start()));
afterAll(() => browser.close());

/** A scale of 20 notes, one each half second from C4, each held until the next. */
function scale(): number[] {
  const track: MidiEvent[] = Array.from({ length: 20 }, (_, i): MidiEvent[] => [
    { deltaTime: 0, type: 'noteOn', channel: 0, noteNumber: 60 + i, velocity: 90 },
    { deltaTime: 480, type: 'noteOff', channel: 0, noteNumber: 60 + i, velocity: 0 },
  ]).flat();
  return writeMidi({ header: { format: 0, numTracks: 1, ticksPerBeat: 480 }, tracks: [[...track, { deltaTime: 0, type: 'endOfTrack' }]] });
}

/** Chooses a file in the browser's own dialog. */
async function openFile(page: Page, name: string, bytes: readonly number[]): Promise<void> {
  await page.getByRole('tab', { name: 'Pieces' }).click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /Open a MIDI file/ }).click();
  await (await chooser).setFiles({ name, mimeType: 'audio/midi', buffer: Buffer.from(bytes) });
}

const place = async (page: Page, name: string): Promise<number> => Number(await page.getByRole('slider', { name: `Place in ${name}` }).inputValue());

/** Share of the roll's pixels that are painted, in its lower half. */
const painted = (page: Page): Promise<number> =>
  page.locator('piano-roll canvas').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const half = Math.floor(canvas.height / 2);
    const { data } = canvas.getContext('2d')!.getImageData(0, canvas.height - half, canvas.width, half);
    let count = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) count++;
    return count / (data.length / 4);
  });

test('a piece is played, paused, and shown as it falls on its keys', async () => {
  const { page, complaints } = await browser.open();
  await page.getByRole('tab', { name: 'Pieces' }).click();
  await page.getByRole('button', { name: 'Play Prelude in C major' }).click();
  await page.waitForTimeout(1500);
  expect(peakOf(await listen(page, 0.3))).toBeGreaterThan(1e-3);
  expect(await painted(page)).toBeGreaterThan(0.002);
  expect((await keysDown(page)).length).toBeGreaterThan(0);
  await page.locator('piano-transport').getByRole('button', { name: 'Pause' }).click();
  const stopped = await place(page, 'Prelude in C major');
  expect(await keysDown(page)).toEqual([]);
  await page.waitForTimeout(500);
  expect(await place(page, 'Prelude in C major')).toBe(stopped);
  expect(stopped).toBeGreaterThan(0.5);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('in a file of the player’s own one seeks, slows down and loops, and the keys follow', async () => {
  const { page } = await browser.open();
  await pressPlay(page);
  await openFile(page, 'scale.mid', scale());
  const slider = page.getByRole('slider', { name: 'Place in scale' });
  await slider.waitFor();
  // Half-way along the line: in the eleventh note, so the twelfth is the first to be struck.
  const box = (await slider.boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.51, box.y + box.height / 2);
  await expect.poll(() => keysDown(page), { timeout: 2000, interval: 50 }).toEqual(['B 4']);

  const before = await place(page, 'scale');
  await page.getByRole('combobox', { name: 'Tempo' }).selectOption({ label: '50 %' });
  await page.waitForTimeout(1000);
  const passed = (await place(page, 'scale')) - before;
  expect(passed).toBeGreaterThan(0.2);
  expect(passed).toBeLessThan(0.85);

  await page.getByRole('combobox', { name: 'Tempo' }).selectOption({ label: '150 %' });
  await page.getByRole('button', { name: 'Loop' }).click();
  await page.getByRole('slider', { name: 'Loop from' }).fill('3');
  await page.getByRole('slider', { name: 'Loop to' }).fill('4');
  // What was sent before the loop was set is still heard.
  await expect.poll(async () => Math.abs((await place(page, 'scale')) - 3.5), { interval: 50 }).toBeLessThan(0.5);
  const laps: number[] = [];
  for (let i = 0; i < 24; i++) {
    await page.waitForTimeout(60);
    laps.push(await place(page, 'scale'));
  }
  expect(Math.min(...laps)).toBeGreaterThanOrEqual(2.9);
  expect(Math.max(...laps)).toBeLessThanOrEqual(4.1);
  expect(laps.some((x, i) => i > 0 && x < laps[i - 1]!)).toBe(true);
  await page.context().close();
});

test('a file that is dropped is played, and the roll shows a still picture to those who asked for less motion', async () => {
  const { page } = await browser.open({ reducedMotion: 'reduce' });
  await pressPlay(page);
  await dropFile(page, 'scale.mid', Uint8Array.from(scale()));
  await page.getByRole('slider', { name: 'Place in scale' }).waitFor();
  await page.waitForTimeout(600);
  /** How often a second the picture changes until it has changed four times, looked at in every frame; 0 where it does not in ten seconds. */
  const rate = await page.locator('piano-roll canvas').evaluate(async (element) => {
    const canvas = element as HTMLCanvasElement;
    const context = canvas.getContext('2d')!;
    let [changes, last] = [-1, ''];
    const start = performance.now();
    while (changes < 4 && performance.now() < start + 10_000) {
      await new Promise(requestAnimationFrame);
      const picture = context.getImageData(0, 0, canvas.width, canvas.height).data.filter((_, i) => i % 4 === 3).join();
      if (picture !== last) changes++;
      last = picture;
    }
    return changes < 4 ? 0 : (1000 * changes) / (performance.now() - start);
  });
  expect(rate).toBeGreaterThan(0);
  // Twice a second, and once more when a note begins to sound.
  expect(rate).toBeLessThanOrEqual(5);
  await page.context().close();
});
