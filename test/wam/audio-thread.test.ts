import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PianoWamNode } from '../../ui/wam/wam-node.ts';
import { WorkletInspector } from '../browser/worklet-inspector.ts';
import { HostBrowser, type HostGlobal } from './host-page.ts';

let browser: HostBrowser;
beforeAll(async () => void (browser = await HostBrowser.start()));
afterAll(() => browser.close());

/** As for the plain node: messages, and numbers that V8 boxes in code that it has not optimised yet. */
const BYTES_PER_BLOCK = 512;
const BLOCK = 128;
const RATE = 48000;
const SECONDS = 4;
const WARM_UPS = 3;
/** Garbage that a collection leaves for the next one. */
const HEAP_TOLERANCE = 64 * 1024;
/** A piano that is kept takes more. */
const BYTES_A_PIANO = 20_000;

test('events and automation in every block neither grow the memory of the audio thread nor allocate on it', async () => {
  const page = await browser.open();
  const inspector = await WorkletInspector.attach(page);
  await page.evaluate(async () => {
    const { openHost, load } = (globalThis as HostGlobal).inHost;
    const host = await openHost();
    const { audioNode } = await load(host);
    audioNode.connect(host.context.destination);
    Object.assign(globalThis, { audioNode });
  });
  const schedule = (): Promise<void> =>
    page.evaluate((seconds) => {
      const { inHost, audioNode } = globalThis as HostGlobal & { readonly audioNode: PianoWamNode };
      const start = audioNode.context.currentTime + 0.3;
      const blocks = (seconds * 48000) / 128;
      for (let block = 0; block < blocks; block++) {
        const time = start + (block * 128) / 48000;
        // A morph strikes all that sounds anew, which is more than one moves a knob for.
        const id = block % 150 === 0 ? 'morph' : ['volume', 'width', 'room', 'sustain', 'touch'][block % 5]!;
        audioNode.scheduleEvents(inHost.automate(time, id, 50 + 50 * Math.sin(block)));
        if (block % 30 === 15) audioNode.scheduleEvents(inHost.midi(time, 0x90, 40 + (Math.floor(block / 30) % 40), 90), inHost.midi(time + 0.2, 0x80, 40 + (Math.floor(block / 30) % 40), 0));
      }
    }, SECONDS);
  const play = (): Promise<void> => page.waitForTimeout(1000 * (SECONDS + 0.5));
  // Until V8 has optimised what plays.
  for (let i = 0; i < WARM_UPS; i++) {
    await schedule();
    await play();
  }
  const before = await inspector.usedBytes();
  // What a host sends is received, and so allocated, before the measurement.
  const { bytes, byFunction } = await inspector.leastAllocations(play, schedule);
  const after = await inspector.usedBytes();
  const blocks = (SECONDS * RATE) / BLOCK;
  expect(bytes / blocks, JSON.stringify([...byFunction])).toBeLessThan(BYTES_PER_BLOCK);
  expect(after - before).toBeLessThan(HEAP_TOLERANCE);
  await page.close();
});

test('modules that were destroyed leave nothing on the audio thread', async () => {
  const page = await browser.open();
  const inspector = await WorkletInspector.attach(page);
  const makeAndDestroy = (count: number): Promise<void> =>
    page.evaluate(async (times) => {
      const { inHost, host } = globalThis as HostGlobal & { readonly host: Awaited<ReturnType<HostGlobal['inHost']['openHost']>> };
      for (let i = 0; i < times; i++) {
        const { audioNode } = await inHost.load(host);
        audioNode.connect(host.context.destination);
        audioNode.scheduleEvents(inHost.midi(0, 0x90, 60, 90));
        await inHost.wait(50);
        audioNode.destroy();
        await inHost.wait(50);
      }
      await inHost.wait(300);
    }, count);
  await page.evaluate(async () => Object.assign(globalThis, { host: await (globalThis as HostGlobal).inHost.openHost() }));
  await makeAndDestroy(3);
  const before = await inspector.usedBytes();
  await makeAndDestroy(12);
  const after = await inspector.usedBytes();
  expect((after - before) / 12).toBeLessThan(BYTES_A_PIANO);
  await page.close();
});
