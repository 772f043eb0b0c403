import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnyPiano } from '../../ui/any-piano.ts';
import { PianoBrowser, type PageGlobal } from './piano-page.ts';
import { WorkletInspector } from './worklet-inspector.ts';

let browser: PianoBrowser;
beforeAll(async () => void (browser = await PianoBrowser.start()));
afterAll(() => browser.close());

/** Numbers that V8 boxes in code that it has not optimised yet, and the messages with events and states. */
const BYTES_PER_BLOCK = 512;
const BLOCK = 128;
const SECONDS = 4;
/** Garbage that a collection leaves for the next one. */
const HEAP_TOLERANCE = 64 * 1024;

test('playing neither grows the memory of the audio thread nor allocates on it', async () => {
  const page = await browser.open();
  const inspector = await WorkletInspector.attach(page);
  const rate = await page.evaluate(async () => {
    const piano = await (globalThis as PageGlobal).inPage.openPiano();
    Object.assign(globalThis, { piano });
    return piano.node!.context.sampleRate;
  });
  // Chords under the pedal, and every second a new one.
  const play = (): Promise<void> =>
    page.evaluate(async (seconds) => {
      const { piano } = globalThis as unknown as { piano: AnyPiano };
      const node = piano.node!;
      const start = node.context.currentTime + 0.1;
      for (let second = 0; second < seconds; second++) {
        node.sustain(0, start + second);
        node.sustain(1, start + second + 0.2);
        for (let i = 0; i < 12; i++) {
          const note = 30 + ((second * 7 + i * 5) % 60);
          node.noteOn(note, 0.7, start + second + 0.2 + 0.05 * i);
          node.noteOff(note, start + second + 0.3 + 0.05 * i);
        }
      }
      await new Promise((passed) => setTimeout(passed, seconds * 1000));
    }, SECONDS);
  await play();
  const before = await inspector.usedBytes();
  const { bytes, byFunction } = await inspector.leastAllocations(play);
  const after = await inspector.usedBytes();
  const blocks = (SECONDS * rate) / BLOCK;
  expect(bytes / blocks, JSON.stringify([...byFunction])).toBeLessThan(BYTES_PER_BLOCK);
  expect(after - before).toBeLessThan(HEAP_TOLERANCE);
  await page.close();
});
