/** Listening on the GPU, which a browser may well have, with one that is made of software. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeWav } from '../../model/audio/wav-writer.ts';
import { parseMidiFile } from '../../model/performance.ts';
import { PIECE, PIECE_RATE, playPiece } from '../transcribe/piece.ts';
import { DemoBrowser } from './demo-page.ts';

const SECONDS = 3;

let browser: DemoBrowser;
beforeAll(async () => void (browser = await DemoBrowser.start(['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-webgpu-adapter=swiftshader', '--use-vulkan=swiftshader'])));
afterAll(() => browser.close());

test('notes are heard by WebGPU alone', async ({ skip }) => {
  // Without WebAssembly nothing else is left.
  const { page, complaints } = await browser.open({ files: { '/tfjs-backend-wasm-simd.wasm': 'gone' } });
  const hasGpu = await page.evaluate(async () => Boolean(await (navigator as { gpu?: GPU }).gpu?.requestAdapter()));
  if (!hasGpu) skip('this Chromium has no WebGPU');
  const sound = playPiece('upright-kw').subarray(0, SECONDS * PIECE_RATE);
  const wav = Buffer.from(encodeWav({ sampleRate: PIECE_RATE, channels: [sound] }, 16));
  await page.locator('recording-panel input').setInputFiles({ name: 'Song.wav', mimeType: 'audio/wav', buffer: wav });
  await page.getByRole('button', { name: /Hear its notes/ }).click();
  await page.getByRole('tab', { name: 'Pieces' }).click();
  await page.getByRole('button', { name: 'Save Song as MIDI' }).waitFor({ timeout: 170_000 });
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save Song as MIDI' }).click()]);
  const { events } = parseMidiFile(await readFile(await download.path()), 'Song.mid');
  const struck = PIECE.filter(({ start }) => start < SECONDS - 1);
  const found = struck.filter(({ note, start }) => events.some((event) => event.type === 'noteOn' && event.note === note && Math.abs(event.seconds - start) < 0.05));
  expect(found.length).toBeGreaterThan(0.8 * struck.length);
  expect(complaints).toEqual([]);
  await page.context().close();
});
