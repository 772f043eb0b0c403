import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { peakNear, spectrumOf } from '../../model/corpus/spectrum.ts';
import { peakOf } from '../worklet/fixtures.ts';
import { DemoBrowser, listen, pressPlay, ready, type DemoGlobal } from './demo-page.ts';

let browser: DemoBrowser;
beforeAll(async () => void (browser = await DemoBrowser.start()));
afterAll(() => browser.close());

/** Cents by which the peak of a note of two beating modes wanders while it sounds. */
const BEATS = 3;

const send = (page: Page, ...bytes: number[]): Promise<void> =>
  page.evaluate((message) => (globalThis as DemoGlobal).fakeMidi.send('Keys', ...message), bytes);

let opened: Promise<Page> | undefined;

/** A page with a keyboard and the sheet about the tone on top: the same for all tests, with everything at rest again. */
async function openTone(): Promise<Page> {
  opened ??= browser.open().then(async ({ page }) => {
    await pressPlay(page);
    return page;
  });
  const page = await opened;
  page.setDefaultTimeout(30_000);
  await atTheKeyboard(page);
  await page.evaluate(() => {
    const piano = document.querySelector('any-piano')!;
    piano.panic();
    // Strings that answer would be heard beside those whose pitch is measured.
    Object.assign(piano, { piano: 'salamander-c5', blend: [], morph: 0, resonance: 0, brightness: 0, hammer: 0, concertPitch: 440, inTune: 0, learned: {} });
  });
  await page.waitForTimeout(300);
  return page;
}

/** Plugs the keyboard in, where it is not, and turns to the sheet. */
async function atTheKeyboard(page: Page): Promise<void> {
  const keyboard = page.getByRole('button', { name: 'MIDI: Keys' });
  if ((await keyboard.count()) === 0) await page.evaluate(() => (globalThis as DemoGlobal).fakeMidi.plug('Keys'));
  await keyboard.waitFor();
  await page.getByRole('tab', { name: 'Tone' }).click();
}

const slider = (page: Page, name: string): ReturnType<Page['getByRole']> => page.getByRole('slider', { name, exact: true });
const valueOf = async (page: Page, name: string): Promise<number> => Number(await slider(page, name).inputValue());

/** Frequency of the strongest partial near `hertz`. */
async function heardNear(page: Page, hertz: number, reach = 0.09): Promise<number> {
  const samples = Float32Array.from(await listen(page, 1));
  expect(peakOf(samples)).toBeGreaterThan(1e-3);
  return peakNear(spectrumOf(samples, await rateOf(page)), hertz, reach * hertz)!.frequency;
}

/** Sample rate of the page's sound in Hz. */
function rateOf(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelector('any-piano')!.node!.context.sampleRate);
}

/** dB between the power above 1500 Hz and that below. */
async function brightness(page: Page): Promise<number> {
  const samples = await listen(page, 0.5);
  const pole = Math.exp((-2 * Math.PI * 1500) / (await rateOf(page)));
  /** What a low-pass of one pole leaves over; four times, so that the fundamental is not counted as treble. */
  const highPassed = (signal: readonly number[]): number[] => {
    let low = 0;
    return signal.map((sample) => sample - (low += (1 - pole) * (sample - low)));
  };
  const power = (signal: readonly number[]): number => signal.slice(500).reduce((sum, sample) => sum + sample * sample, 0);
  const high = power(highPassed(highPassed(highPassed(highPassed(samples)))));
  return 10 * Math.log10(high / (power(samples) - high));
}

describe('the tone', () => {
  test('grows brighter while a note sounds, as its slider says, and goes back by a double click', async () => {
    const page = await openTone();
    await send(page, 0x90, 45, 100);
    await page.waitForTimeout(300);
    const plain = await brightness(page);
    await slider(page, 'Brightness').fill('3');
    await page.waitForTimeout(100);
    const bright = await brightness(page);
    expect(bright).toBeGreaterThan(plain + 5);
    await page.getByText('+3.0 dB/octave').waitFor();
    await slider(page, 'Brightness').dblclick();
    expect(await valueOf(page, 'Brightness')).toBe(0);
    await page.waitForTimeout(100);
    expect(await brightness(page)).toBeLessThan(bright - 5);
  });

  test('has softer and harder hammers, for the keys that are struck then', async () => {
    const page = await openTone();
    const struck = async (hammer: string): Promise<number> => {
      await slider(page, 'Hammers').fill(hammer);
      await send(page, 0x90, 48, 80);
      await page.waitForTimeout(100);
      const heard = await brightness(page);
      await send(page, 0x80, 48, 0);
      await page.waitForTimeout(900);
      return heard;
    };
    const soft = await struck('-1');
    expect(await struck('1')).toBeGreaterThan(soft + 5);
  });

  test('moves to another concert pitch while a note sounds', async () => {
    const page = await openTone();
    await send(page, 0x90, 69, 110);
    await page.waitForTimeout(200);
    const plain = await heardNear(page, 440);
    await slider(page, 'Pitch').fill('415');
    await page.waitForTimeout(150);
    const low = await heardNear(page, 415);
    expect(Math.abs(1200 * Math.log2(low / plain) - 1200 * Math.log2(415 / 440))).toBeLessThan(BEATS);
    await page.getByText('A = 415 Hz').waitFor();
  });

  test('comes into tune: A4 of a piano that is low sounds at 440 Hz', async () => {
    const page = await openTone();
    await page.getByRole('tab', { name: 'Pianos' }).click();
    await page.getByRole('radio', { name: /Steinhoff/i }).check({ force: true });
    await page.getByRole('tab', { name: 'Tone' }).click();
    await page.waitForTimeout(300);
    await send(page, 0x90, 69, 110);
    await page.waitForTimeout(200);
    const own = 1200 * Math.log2((await heardNear(page, 440)) / 440);
    expect(own).toBeLessThan(-10);
    await send(page, 0x80, 69, 0);
    await slider(page, 'Tuning').focus();
    await page.keyboard.press('End');
    await page.getByText('in tune', { exact: true }).waitFor();
    await page.waitForTimeout(900);
    await send(page, 0x90, 69, 110);
    await page.waitForTimeout(200);
    expect(Math.abs(1200 * Math.log2((await heardNear(page, 440)) / 440))).toBeLessThan(BEATS);
  });

  test('is there after a reload, goes back as a whole by a button, and comes back by Undo', async () => {
    const page = await openTone();
    await slider(page, 'Brightness').fill('-1.5');
    await slider(page, 'Hammers').fill('0.5');
    await slider(page, 'Pitch').fill('442');
    await slider(page, 'Tuning').fill('0.5');
    await page.waitForTimeout(200);
    await page.reload();
    await ready(page);
    await pressPlay(page);
    await page.getByRole('tab', { name: 'Tone' }).click();
    const values = (): Promise<number[]> => Promise.all(['Brightness', 'Hammers', 'Pitch', 'Tuning'].map((name) => valueOf(page, name)));
    expect(await values()).toEqual([-1.5, 0.5, 442, 0.5]);
    const node = await page.evaluate(() => {
      const { brightness, hammer, concertPitch, inTune } = document.querySelector('any-piano')!.node!;
      return [brightness, hammer, concertPitch, inTune];
    });
    expect(node).toEqual([-1.5, 0.5, 442, 0.5]);
    await page.getByRole('button', { name: 'As recorded' }).click();
    expect(await values()).toEqual([0, 0, 440, 0]);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await values()).toEqual([-1.5, 0.5, 442, 0.5]);
  });
});

describe('a controller of the keyboard', () => {
  test('is learned by a press and a move, turns its setting, is kept, and is forgotten and brought back', async () => {
    const page = await openTone();
    await page.getByRole('button', { name: 'Learn a controller for Brightness' }).click();
    // A pedal keeps its meaning.
    await send(page, 0xb0, 64, 127);
    await page.getByRole('button', { name: /Brightness: move a controller/ }).waitFor();
    await send(page, 0xb0, 74, 127);
    await page.getByRole('button', { name: 'Forget controller 74 for Brightness' }).waitFor();
    expect(await valueOf(page, 'Brightness')).toBe(3);
    await send(page, 0xb0, 74, 64);
    await expect.poll(() => valueOf(page, 'Brightness')).toBe(0);
    await send(page, 0xb0, 74, 0);
    await expect.poll(() => valueOf(page, 'Brightness')).toBe(-3);

    await page.waitForTimeout(200);
    await page.reload();
    await ready(page);
    await pressPlay(page);
    await atTheKeyboard(page);
    await send(page, 0xb0, 74, 127);
    await expect.poll(() => valueOf(page, 'Brightness')).toBe(3);
    await page.getByRole('button', { name: 'Forget controller 74 for Brightness' }).click();
    await send(page, 0xb0, 74, 0);
    await page.waitForTimeout(100);
    expect(await valueOf(page, 'Brightness')).toBe(3);
    await page.getByRole('button', { name: 'Undo' }).click();
    await send(page, 0xb0, 74, 0);
    await expect.poll(() => valueOf(page, 'Brightness')).toBe(-3);
  });

  test('is learned by a right click too, and goes over to another setting', async () => {
    const page = await openTone();
    await slider(page, 'Room').click({ button: 'right' });
    await send(page, 0xb0, 91, 127);
    await expect.poll(() => valueOf(page, 'Room')).toBe(1);
    await slider(page, 'Width').click({ button: 'right' });
    await send(page, 0xb0, 91, 0);
    await expect.poll(() => valueOf(page, 'Width')).toBe(0);
    expect(await page.getByRole('button', { name: /Forget controller 91/ }).count()).toBe(1);
    await page.getByRole('tab', { name: 'Touch' }).click();
    await page.getByRole('button', { name: 'Learn a controller for Touch' }).click();
    await send(page, 0xb0, 20, 127);
    const touch = page.getByRole('slider', { name: 'Touch' });
    await expect.poll(() => touch.inputValue()).toBe('1');
    await touch.dblclick();
    expect(await touch.inputValue()).toBe('0');
  });
});

describe('pitch by MIDI', () => {
  test('the wheel bends what sounds, comes back, and does not stay bent when its keyboard is unplugged', async () => {
    const page = await openTone();
    await send(page, 0xb0, 64, 127);
    await send(page, 0x90, 69, 110);
    await page.waitForTimeout(200);
    const plain = await heardNear(page, 440);
    const cents = async (): Promise<number> => 1200 * Math.log2((await heardNear(page, 440, 0.13)) / plain);
    await send(page, 0xe0, 0, 0);
    await page.waitForTimeout(150);
    expect(Math.abs((await cents()) + 200)).toBeLessThan(BEATS);
    await send(page, 0xe0, 0, 0x40);
    await page.waitForTimeout(150);
    expect(Math.abs(await cents())).toBeLessThan(BEATS);
    await send(page, 0xe0, 0x7f, 0x7f);
    await page.evaluate(() => (globalThis as DemoGlobal).fakeMidi.unplug('Keys'));
    await page.waitForTimeout(150);
    await page.evaluate(() => (globalThis as DemoGlobal).fakeMidi.plug('Keys'));
    await page.waitForTimeout(500);
    await page.evaluate(() => document.querySelector('any-piano')!.noteOn(69, 0.9));
    await page.waitForTimeout(200);
    expect(Math.abs(await cents())).toBeLessThan(BEATS);
  });

  test('a keyboard of MPE bends each of its notes by itself', async () => {
    const page = await openTone();
    for (const [controller, value] of [[101, 0], [100, 6], [6, 15]] as const) await send(page, 0xb0, controller, value);
    await send(page, 0x91, 60, 100);
    await send(page, 0x92, 69, 100);
    await page.waitForTimeout(200);
    const [low, high] = [await heardNear(page, 261.6, 0.05), await heardNear(page, 440, 0.05)];
    // A semitone: a 48th of what the bend reaches.
    await send(page, 0xe2, (8192 + 8192 / 48) & 0x7f, (8192 + 8192 / 48) >> 7);
    await page.waitForTimeout(150);
    expect(1200 * Math.log2((await heardNear(page, 466, 0.03)) / high)).toBeCloseTo(100, -1);
    expect(Math.abs(1200 * Math.log2((await heardNear(page, 261.6, 0.05)) / low))).toBeLessThan(BEATS);
    // No zone any more.
    for (const [controller, value] of [[101, 0], [100, 6], [6, 0]] as const) await send(page, 0xb0, controller, value);
  });

  test('a take keeps its bends', async () => {
    const page = await openTone();
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await send(page, 0x90, 69, 100);
    await send(page, 0xe0, 0, 0x60);
    await page.waitForTimeout(200);
    await send(page, 0x80, 69, 0);
    await page.getByRole('button', { name: 'Recording', exact: true }).click();
    await page.getByRole('tab', { name: 'Pieces' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save Take 1 as MIDI' }).click();
    const { parseMidiFile } = await import('../../model/performance.ts');
    const { readFile } = await import('node:fs/promises');
    const { events } = parseMidiFile(await readFile(await (await download).path()), 'take');
    expect(events.find(({ type }) => type === 'bend')).toMatchObject({ cents: 100 });
  });
});

test('a word says what the piano leaves out while the processor is too slow', async () => {
  const page = await openTone();
  const report = (economy: number): Promise<void> =>
    page.evaluate(async (left) => {
      const { node } = document.querySelector('any-piano')!;
      // A context that sleeps sends no states of its own.
      await (node!.context as AudioContext).suspend();
      const detail = { voices: 9, peak: 0, load: 0.9, economy: left, sustain: 0, sostenuto: 0, soft: 0, notes: new Uint8Array(88) };
      node!.dispatchEvent(new CustomEvent('state', { detail }));
    }, economy);
  const status = page.locator('piano-status').getByRole('status');
  // A state that was under way as the context went to sleep may still come after ours.
  const afterReport = async (economy: number): Promise<string> => {
    await report(economy);
    return status.innerText();
  };
  await expect.poll(() => afterReport(2)).toMatch(/leaves out soft overtones$/);
  expect(await page.getByRole('meter', { name: 'Load' }).getAttribute('aria-valuetext')).toBe('90 %');
  await expect.poll(() => afterReport(6)).toMatch(/lets few notes ring on$/);
  await expect.poll(() => afterReport(0)).not.toMatch(/leaves|lets/);
});
