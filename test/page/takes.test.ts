import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { decodeAudio } from '../../model/audio/decode.ts';
import { parseMidiFile, type Performance } from '../../model/performance.ts';
import { parseStyle } from '../../model/style.ts';
import { parseWeights } from '../../model/weights.ts';
import { Engine } from '../../worklet/engine/engine.ts';
import { OutputStage } from '../../worklet/engine/output-stage.ts';
import { Stage } from '../../worklet/engine/stage.ts';
import { distance, kernelBuilds, peakOf } from '../worklet/fixtures.ts';
import { DemoBrowser, pressPlay, ready, type DemoGlobal, type DemoOptions } from './demo-page.ts';

let browser: DemoBrowser;
beforeAll(async () => void (browser = await DemoBrowser.start()));
afterAll(() => browser.close());

const PIANO = 'Salamander Grand Piano';
const SCREEN_KEY = 'D 5';

/** Plays three notes: one with the computer's keys, one with the mouse, one on a MIDI keyboard, under the pedal. */
async function perform(page: Page): Promise<void> {
  await page.keyboard.down('Space');
  await page.waitForTimeout(60);
  await page.keyboard.press('KeyZ', { delay: 150 });
  const key = (await page.locator('piano-keyboard').getByRole('button', { name: SCREEN_KEY, exact: true }).boundingBox())!;
  await page.mouse.move(key.x + key.width / 2, key.y + 0.9 * key.height);
  await page.mouse.down();
  await page.waitForTimeout(120);
  await page.mouse.up();
  await page.evaluate(() => (globalThis as DemoGlobal).fakeMidi.send('Keys', 0x90, 67, 33));
  await page.waitForTimeout(150);
  await page.evaluate(() => (globalThis as DemoGlobal).fakeMidi.send('Keys', 0x80, 67, 0));
  await page.keyboard.up('Space');
  await page.waitForTimeout(60);
}

async function record(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Record', exact: true, pressed: false }).click();
  await perform(page);
  await page.getByRole('button', { name: 'Recording', exact: true, pressed: true }).click();
}

async function openWithKeyboard(options: DemoOptions = {}): Promise<Page> {
  const { page } = await browser.open(options);
  await page.evaluate(() => (globalThis as DemoGlobal).fakeMidi.plug('Keys'));
  await pressPlay(page);
  await page.getByRole('button', { name: 'MIDI: Keys' }).waitFor();
  await page.getByRole('tab', { name: 'Pieces' }).click();
  return page;
}

/** Presses a button and takes the file that it gives. */
async function download(page: Page, button: string): Promise<{ name: string; bytes: Uint8Array }> {
  const waiting = page.waitForEvent('download', { timeout: 90_000 });
  await page.getByRole('button', { name: button, exact: true }).click();
  const file = await waiting;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

const keptTakes = (page: Page): Promise<Performance[]> =>
  page.evaluate(async () => {
    const store = await new Promise<IDBDatabase>((done) => {
      const request = indexedDB.open('anypiano-page');
      request.onsuccess = (): void => done(request.result);
    });
    return new Promise<Performance[]>((done) => {
      const all = store.transaction('library').objectStore('library').getAll() as IDBRequest<{ performance: Performance }[]>;
      all.onsuccess = (): void => done(all.result.map(({ performance }) => performance));
    });
  });

test('what hands do on computer, screen and MIDI keys is recorded, and comes out as the MIDI file says', async () => {
  const page = await openWithKeyboard();
  await record(page);
  const { name, bytes } = await download(page, 'Save Take 1 as MIDI');
  expect(name).toBe('Take 1.mid');
  const { events } = parseMidiFile(bytes, name);
  const strikes = events.filter((event) => event.type === 'noteOn');
  expect(strikes.map(({ note }) => note)).toEqual([48, 74, 67]);
  expect(strikes[0]!.seconds).toBe(0);
  expect(Math.round(127 * strikes[2]!.velocity)).toBe(33);
  expect(strikes[1]!.velocity).toBeGreaterThan(0.8);
  const release = events.find((event) => event.type === 'noteOff' && event.note === 48)!;
  expect(release.seconds).toBeGreaterThan(0.12);
  expect(release.seconds).toBeLessThan(0.4);
  const pedal = events.filter((event) => event.type === 'control' && event.controller === 64);
  expect(pedal.map((event) => event.type === 'control' && event.value)).toEqual([127, 0]);
  await page.context().close();
});

test('a take is saved as a 24-bit WAV file, sample by sample what the engine plays with the full weights, also where a small model plays', async () => {
  const page = await openWithKeyboard({ files: { '/demo/index.html': (await readFile('dist/demo/index.html', 'utf8')).replace('<any-piano ', '<any-piano tier="small" ') } });
  expect(await page.evaluate(() => document.querySelector('any-piano')!.node!.weights.spec.tier)).toBe('small');
  await record(page);
  const { name, bytes } = await download(page, 'Save Take 1 as WAV');
  expect(name).toBe('Take 1.wav');
  expect(new DataView(bytes.buffer, bytes.byteOffset).getUint16(34, true)).toBe(24);
  const { sampleRate, channels } = await decodeAudio(bytes, name);
  expect([sampleRate, channels.length]).toEqual([48000, 2]);

  const [performance] = await keptTakes(page);
  const weights = parseWeights(await readFile('model/pretrained/model.safetensors'), 'weights');
  const style = parseStyle(await readFile('model/pretrained/styles/salamander-c5.json', 'utf8'), PIANO);
  const engine = new Engine({ module: kernelBuilds()[0]!.module, weights, style, sampleRate });
  for (const event of performance!.events) {
    const frame = Math.round(event.seconds * sampleRate);
    if (event.type === 'noteOn') engine.noteOn(event.note, event.velocity, frame);
    else if (event.type === 'noteOff') engine.noteOff(event.note, frame);
    else if (event.type === 'control') engine.control(event.controller, event.value, frame);
  }
  // The last moments fade out.
  const frames = channels[0]!.length - Math.round(0.06 * sampleRate);
  const expected = [new Float32Array(frames), new Float32Array(frames)] as const;
  engine.render(expected[0], frames, expected[1]);
  const stage = new Stage(sampleRate);
  stage.reset(0.7, 0.2, style.room);
  stage.process(...expected);
  new OutputStage(sampleRate).process(...expected);
  expect(peakOf(expected[0])).toBeGreaterThan(0.01);
  expect(expected[0]).not.toEqual(expected[1]);
  channels.forEach((sound, side) => {
    expect(distance(sound.subarray(0, frames), Float64Array.from(expected[side]!))).toBeLessThan(1e-4 * peakOf(expected[side]!));
  });
  await page.context().close();
});

test('a take that was deleted comes back with Undo, and takes are there after a reload', async () => {
  const page = await openWithKeyboard();
  await record(page);
  await page.getByRole('button', { name: 'Delete Take 1' }).click();
  await expect.poll(() => page.getByRole('button', { name: 'Play Take 1' }).count()).toBe(0);
  await expect.poll(() => keptTakes(page)).toEqual([]);
  await page.reload();
  await ready(page);
  await page.getByRole('tab', { name: 'Pieces' }).click();
  await page.getByRole('button', { name: 'Play Prelude in C major' }).waitFor();
  expect(await page.getByRole('button', { name: 'Play Take 1' }).count()).toBe(0);

  await page.evaluate(() => (globalThis as DemoGlobal).fakeMidi.plug('Keys'));
  await pressPlay(page);
  await page.getByRole('button', { name: 'MIDI: Keys' }).waitFor();
  await record(page);
  const [before] = await keptTakes(page);
  await page.getByRole('button', { name: 'Delete Take 1' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Play Take 1' }).waitFor();
  await expect.poll(() => keptTakes(page)).toEqual([before]);
  await page.reload();
  await ready(page);
  await page.getByRole('tab', { name: 'Pieces' }).click();
  await page.getByRole('button', { name: 'Play Take 1' }).waitFor();
  expect(await keptTakes(page)).toEqual([before]);
  await page.context().close();
});

test('takes stand there once after the piano was moved in its page', async () => {
  const page = await openWithKeyboard();
  await record(page);
  const save = page.getByRole('button', { name: 'Save Take 1 as MIDI', exact: true });
  await save.waitFor();
  await page.evaluate(async () => {
    const piano = document.querySelector('any-piano')!;
    const ready = new Promise((resolve) => piano.addEventListener('piano-ready', resolve, { once: true }));
    const { parentElement, nextSibling } = piano;
    piano.remove();
    parentElement!.insertBefore(piano, nextSibling);
    await ready;
  });
  await page.waitForTimeout(300);
  expect(await save.count()).toBe(1);
  await page.context().close();
});

test('who leaves while a take is under way is asked, and nobody else', async () => {
  const page = await openWithKeyboard();
  let asked = 0;
  page.on('dialog', (dialog) => {
    asked += dialog.type() === 'beforeunload' ? 1 : 0;
    void dialog.accept();
  });
  await page.reload();
  await ready(page);
  expect(asked).toBe(0);
  await pressPlay(page);
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.keyboard.press('KeyZ', { delay: 50 });
  await page.reload();
  expect(asked).toBe(1);
  await ready(page);
  await pressPlay(page);
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.keyboard.press('KeyZ', { delay: 50 });
  await page.getByRole('button', { name: 'Recording', exact: true }).click();
  await page.reload();
  expect(asked).toBe(1);
  await page.context().close();
});

test('the metronome clicks evenly at its beats, and a take begins on one', async () => {
  const { page } = await browser.open({
    before: `
      globalThis.clicks = [];
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (time) { clicks.push(time); return start.call(this, time); };`,
  });
  await pressPlay(page);
  await page.getByRole('button', { name: 'Metronome' }).click();
  await page.getByRole('spinbutton', { name: 'Beats a minute' }).fill('120');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(2500);
  const clicks = (): Promise<number[]> => page.evaluate(() => (globalThis as unknown as { clicks: number[] }).clicks);
  const times = (await clicks()).slice(-4);
  for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBeCloseTo(0.5, 6);
  // A quarter of a beat after the last click that was heard.
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  const struck = await page.evaluate(async () => {
    const { clicks } = globalThis as unknown as { clicks: number[] };
    const piano = document.querySelector('any-piano')!;
    const context = piano.node!.context as AudioContext;
    const last = clicks.at(-1)!;
    const heard = (): number => context.getOutputTimestamp().contextTime!;
    while (heard() < last + 0.125) await new Promise(requestAnimationFrame);
    const seconds = heard() - last;
    piano.noteOn(60);
    await new Promise((passed) => setTimeout(passed, 200));
    piano.noteOff(60);
    return seconds;
  });
  await page.getByRole('button', { name: 'Recording', exact: true }).click();
  await page.getByRole('tab', { name: 'Pieces' }).click();
  await page.getByRole('button', { name: 'Play Take 1' }).waitFor();
  const [take] = await keptTakes(page);
  // A busy machine strikes later, but knows when.
  expect(take!.events[0]!.seconds).toBeGreaterThan(0.1);
  expect(Math.abs(take!.events[0]!.seconds - (struck % 0.5))).toBeLessThan(0.08);

  await page.getByRole('button', { name: 'Metronome' }).click();
  const before = (await clicks()).length;
  await page.waitForTimeout(800);
  expect((await clicks()).length).toBe(before);
  await page.context().close();
});
