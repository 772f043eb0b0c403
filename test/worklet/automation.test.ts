import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PianoNode } from '../../worklet/node.ts';
import { PianoBrowser } from '../browser/piano-page.ts';
import { peakOf } from './fixtures.ts';

/** `globalThis` of the page. */
type PageGlobal = typeof globalThis & { readonly PianoNode: typeof PianoNode };

const RATE = 48000;
/** Frames of a render quantum. */
const BLOCK = 128;
/** Within which width and room glide, and the DC blocker has long been linear. */
const GLIDE = 0.1 * RATE;

let browser: PianoBrowser;
let page: Page;
beforeAll(async () => {
  browser = await PianoBrowser.start();
  page = await browser.open({ '/piano-node.js': "import { PianoNode } from './anypiano.js'; globalThis.PianoNode = PianoNode;" });
  await page.addScriptTag({ type: 'module', url: 'piano-node.js' });
});
afterAll(() => browser.close());

/** Both channels of a soft note of a tenth of a second, off-line. @param automate runs in the page */
async function render(automate: (node: PianoNode) => void, seconds = 1): Promise<[number[], number[]]> {
  return page.evaluate(
    async ({ source, seconds, rate }) => {
      const { PianoNode } = globalThis as PageGlobal;
      const weights = await (await fetch('pretrained/model.safetensors')).arrayBuffer();
      const style = await (await fetch('pretrained/styles/first.json')).json();
      const context = new OfflineAudioContext(2, seconds * rate, rate);
      const node = await PianoNode.create(context, { weights, style, room: 0 });
      node.connect(context.destination);
      node.noteOn(40, 0.2, 0);
      node.noteOff(40, 0.1);
      (new Function(`return ${source}`)() as typeof automate)(node);
      await node.received();
      const sound = await context.startRendering();
      return [Array.from(sound.getChannelData(0)), Array.from(sound.getChannelData(1))] as [number[], number[]];
    },
    { source: automate.toString(), seconds, rate: RATE },
  );
}

const largest = (samples: readonly number[], of: (sample: number, n: number) => number): number => samples.reduce((most, sample, n) => Math.max(most, Math.abs(of(sample, n))), 0);

describe('the AudioParams of the piano node', () => {
  test('volume is a gain that may be automated to the block', async () => {
    const at = 40 * BLOCK;
    const [plain] = await render(() => {});
    const [half] = await render((node) => node.volume.setValueAtTime(0.5, 0));
    const [cut] = await render((node) => node.volume.setValueAtTime(0, (40 * 128) / 48000));
    // The gain is drawn over the first block; the high-pass of 3 Hz remembers that, so it is let go by.
    expect(largest(plain.slice(GLIDE), (sample, n) => sample - 2 * half[GLIDE + n]!)).toBeLessThan(0.01 * peakOf(plain));
    expect(cut.slice(0, at)).toEqual(plain.slice(0, at));
    expect(peakOf(plain, at + BLOCK)).toBeGreaterThan(1e-3);
    expect(peakOf(cut, at + RATE / 2)).toBeLessThan(1e-4 * peakOf(plain));
  });

  test('pedal holds what is released, until it comes up', async () => {
    const [dry] = await render(() => {}, 2);
    const [held] = await render((node) => {
      node.pedal.setValueAtTime(1, 0);
      node.pedal.setValueAtTime(0, 1);
    }, 2);
    const energy = (samples: readonly number[], from: number, to: number): number => samples.slice(from * RATE, to * RATE).reduce((sum, sample) => sum + sample ** 2, 0);
    expect(energy(held, 0.8, 1)).toBeGreaterThan(100 * energy(dry, 0.8, 1));
    expect(energy(held, 1.8, 2)).toBeLessThan(0.01 * energy(held, 0.8, 1));
  });

  test('width 0 makes both channels one, and width 1 does not', async () => {
    const [left, right] = await render((node) => void (node.width.value = 0));
    const [wideLeft, wideRight] = await render((node) => void (node.width.value = 1));
    // The high-pass on each side still remembers the glide a little.
    expect(largest(left.slice(GLIDE), (sample, n) => sample - right[GLIDE + n]!)).toBeLessThan(1e-3 * peakOf(left));
    expect(largest(wideLeft.slice(GLIDE), (sample, n) => sample - wideRight[GLIDE + n]!)).toBeGreaterThan(1e-3);
  });

  test('room brings a tail after the note', async () => {
    const [dry] = await render(() => {});
    const [wet] = await render((node) => void (node.room.value = 1));
    expect(largest(dry.slice(GLIDE), (sample, n) => sample - wet[GLIDE + n]!)).toBeGreaterThan(1e-3 * peakOf(dry));
  });

  test('resonance is how much strings answer, from nothing to twice as much as in a grand', async () => {
    const [none] = await render((node) => [node.pedal.setValueAtTime(1, 0), (node.resonance.value = 0)]);
    const [natural] = await render((node) => node.pedal.setValueAtTime(1, 0));
    const [most] = await render((node) => [node.pedal.setValueAtTime(1, 0), (node.resonance.value = 1)]);
    const answer = natural.map((sample, n) => sample - none[n]!);
    expect(peakOf(answer)).toBeGreaterThan(1e-5);
    // The level glides from where the node began.
    expect(largest(answer.slice(GLIDE), (sample, n) => 2 * sample - (most[GLIDE + n]! - none[GLIDE + n]!))).toBeLessThan(0.02 * peakOf(answer));
  });
});
