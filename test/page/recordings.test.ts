import { readFile } from 'node:fs/promises';
import FFT from 'fft.js';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resample } from '../../model/audio/resample.ts';
import { encodeWav } from '../../model/audio/wav-writer.ts';
import { parseMidiFile } from '../../model/performance.ts';
import { parseStyle } from '../../model/style.ts';
import { PIECE, PIECE_RATE, playPiece } from '../transcribe/piece.ts';
import type { AnyPiano } from '../../ui/any-piano.ts';
import { distance, peakOf } from '../worklet/fixtures.ts';
import { DemoBrowser, listen, pressPlay, shares } from './demo-page.ts';

let browser: DemoBrowser;
let recording: Float32Array;
let wav: Buffer;
beforeAll(async () => {
  browser = await DemoBrowser.start();
  recording = playPiece('upright-kw');
  wav = Buffer.from(encodeWav({ sampleRate: PIECE_RATE, channels: [recording] }, 16));
});
afterAll(() => browser.close());

const choose = (page: Page, name: string, mimeType: string, buffer: Buffer): Promise<void> => page.locator('recording-panel input').setInputFiles({ name, mimeType, buffer });
const notice = (page: Page): Promise<string> => page.locator('piano-notice .message span').innerText();

/** What comes out of the loudspeaker, and what the piano plays, from one moment on. */
function listenTwice(page: Page, seconds: number): Promise<{ heard: number[]; piano: number[]; sampleRate: number }> {
  return page.evaluate(async (length) => {
    const piano = document.querySelector('any-piano') as AnyPiano;
    const context = piano.node!.context;
    const { analyser } = piano.renderRoot.querySelector('piano-spectrogram')!;
    const merger = new ChannelMergerNode(context, { numberOfInputs: 2 });
    const recorder = new AudioWorkletNode(context, 'pair-recorder', { numberOfOutputs: 0 });
    const mono = { gain: 1, channelCount: 1, channelCountMode: 'explicit' } as const;
    [analyser!, piano.node!].forEach((source, i) => source.connect(new GainNode(context, mono)).connect(merger, 0, i));
    merger.connect(recorder);
    const blocks: Float32Array[][] = [];
    await new Promise<void>((done) => {
      recorder.port.onmessage = ({ data }: MessageEvent<Float32Array[]>): void => {
        blocks.push(data);
        if (blocks.length * 128 >= length * context.sampleRate) done();
      };
    });
    merger.disconnect();
    const side = (i: number): number[] => blocks.flatMap((block) => [...block[i]!]);
    return { heard: side(0), piano: side(1), sampleRate: context.sampleRate };
  }, seconds);
}

/** Where in a recording a sound was taken from, in seconds, and the correlation there. */
function findIn(recording: Float32Array, sound: Float32Array, sampleRate: number): { place: number; likeness: number } {
  const whole = resample(recording, PIECE_RATE, sampleRate);
  const size = 2 ** Math.ceil(Math.log2(whole.length + sound.length));
  const fft = new FFT(size);
  const spectrum = (x: Float32Array): number[] => {
    const out = fft.createComplexArray() as number[];
    fft.realTransform(out, [...x, ...new Array<number>(size - x.length).fill(0)]);
    fft.completeSpectrum(out);
    return out;
  };
  const [a, b] = [spectrum(whole), spectrum(sound)];
  const product = a.map((_, i) => (i % 2 === 0 ? a[i]! * b[i]! + a[i + 1]! * b[i + 1]! : a[i]! * b[i - 1]! - a[i - 1]! * b[i]!));
  const correlation = fft.createComplexArray() as number[];
  fft.inverseTransform(correlation, product);
  let best = 0;
  for (let i = 1; i < whole.length; i++) if (correlation[2 * i]! > correlation[2 * best]!) best = i;
  const energy = (x: Float32Array): number => x.reduce((sum, v) => sum + v * v, 0);
  const likeness = correlation[2 * best]! / Math.sqrt(energy(sound) * energy(whole.subarray(best, best + sound.length)));
  return { place: best / sampleRate, likeness };
}

/** Seconds by which strikes come later in the second sound. */
function lagOf(first: Float32Array, second: Float32Array, sampleRate: number): number {
  const frame = Math.round(0.005 * sampleRate);
  const rises = (x: Float32Array): number[] => {
    const levels = Array.from({ length: Math.floor(x.length / frame) }, (_, i) => Math.log(1e-6 + x.subarray(i * frame, (i + 1) * frame).reduce((sum, v) => sum + v * v, 0)));
    return levels.map((level, i) => Math.max(0, level - (levels[i - 1] ?? level)));
  };
  const [a, b] = [rises(first), rises(second)];
  const at = (lag: number): number => a.reduce((sum, rise, i) => sum + rise * (b[i + lag] ?? 0), 0);
  const lags = Array.from({ length: 61 }, (_, i) => i - 30);
  return (lags.reduce((best, lag) => (at(lag) > at(best) ? lag : best), 0) * frame) / sampleRate;
}

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

    // The recording itself can be heard in place of the piano, in step with it.
    const play = page.getByRole('button', { name: 'Play Song' });
    await play.waitFor({ timeout: 20_000 });
    const original = page.getByRole('button', { name: 'Original' });
    /** A passage of what is heard, and of the piano, from a moment on at which both are under way. */
    const passage = async (seconds: number): Promise<{ heard: Float32Array; piano: Float32Array; sampleRate: number }> => {
      if (await play.isVisible()) await play.click();
      await page.waitForTimeout(700);
      const { heard, piano, sampleRate } = await listenTwice(page, seconds);
      return { heard: Float32Array.from(heard), piano: Float32Array.from(piano), sampleRate };
    };
    await play.click();
    await original.click();
    // Where the machine is too busy to lay out music in time, player and recording begin anew: then another passage counts.
    await expect
      .poll(
        async () => {
          const { heard, piano, sampleRate } = await passage(1.2);
          const { likeness, place } = findIn(recording, heard, sampleRate);
          return likeness > 0.98 && place > 0 && Math.abs(lagOf(heard, piano, sampleRate)) < 0.03;
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    await original.click();
    // Once the recording has faded out, the piano is heard alone.
    await expect
      .poll(
        async () => {
          const { heard, piano } = await passage(1);
          return peakOf(piano) > 1e-3 ? distance(heard, Float64Array.from(piano)) / peakOf(piano) : Infinity;
        },
        { timeout: 60_000 },
      )
      .toBeLessThan(1e-3);
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 240_000);

  test('can be of the étude, which is saved as a MIDI file', async () => {
    const { page, complaints } = await browser.open();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the étude' }).click()]);
    expect(download.suggestedFilename()).toBe('etude.mid');
    const { events } = parseMidiFile(await readFile(await download.path()), 'etude.mid');
    const keys = events.flatMap((event) => (event.type === 'noteOn' ? [event.note] : []));
    expect(keys.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 88 }, (_, key) => 21 + key));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('is refused where it is none, with how likely that is', async () => {
    const { page } = await browser.open();
    const clipped = Float32Array.from({ length: 3 * 48000 }, (_, n) => Math.sign(Math.sin(n * n * 12.9898)));
    await choose(page, 'Noise.wav', 'audio/wav', Buffer.from(encodeWav({ sampleRate: 48000, channels: [clipped] }, 16)));
    await page.getByRole('button', { name: 'Make a piano of it' }).click();
    await expect.poll(() => notice(page).catch(() => ''), { timeout: 120_000 }).toMatch(/^Noise: does not sound like a piano \(\d+ % likely/);
    await page.context().close();
  }, 150_000);

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

  test('is made with one microphone, however often it was asked for, and with none once something else is wanted', async () => {
    const before = `
      globalThis.opened = [];
      navigator.mediaDevices.getUserMedia = async () => {
        const context = new AudioContext();
        const { stream } = context.createMediaStreamDestination();
        opened.push(stream.getTracks()[0]);
        await new Promise((allowed) => setTimeout(allowed, 500));
        return stream;
      };`;
    const { page } = await browser.open({ before });
    const states = (): Promise<string[]> => page.evaluate(() => (globalThis as unknown as { opened: MediaStreamTrack[] }).opened.map(({ readyState }) => readyState));
    const use = page.getByRole('button', { name: 'Use the microphone' });
    await use.dblclick();
    await page.getByRole('button', { name: 'Done' }).waitFor();
    await expect.poll(states).toEqual(['ended', 'live']);
    await page.getByRole('button', { name: 'Done' }).click();
    await expect.poll(states).toEqual(['ended', 'ended']);
    await page.getByRole('button', { name: /Forget the recording|Use the microphone/ }).first().waitFor();
    // A clock of the first microphone would come back to its recording.
    await page.waitForTimeout(600);
    expect(await page.getByRole('button', { name: 'Done' }).count()).toBe(0);
    if ((await use.count()) === 0) await page.getByRole('button', { name: 'Forget the recording' }).click();

    await use.click();
    await page.locator('any-piano').evaluate((element) => element.remove());
    await expect.poll(states).toEqual(['ended', 'ended', 'ended']);
    await page.context().close();
  });

  test('says when the microphone is refused', async () => {
    const { page } = await browser.open({ before: `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));` });
    await page.getByRole('button', { name: 'Use the microphone' }).click();
    await expect.poll(() => notice(page)).toBe('microphone: was refused; allow it in the site settings, beside the address');
    await page.context().close();
  });
});
