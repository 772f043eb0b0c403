import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { PianoNode } from '../../worklet/node.ts';
import { PianoBrowser } from '../browser/piano-page.ts';
import { peakOf } from './fixtures.ts';

/** `globalThis` of the page. */
type PageGlobal = typeof globalThis & { readonly PianoNode: typeof PianoNode };

const SCRIPT = "import { PianoNode } from './anypiano.js'; globalThis.PianoNode = PianoNode;";

interface Outcome {
  readonly error: string;
  readonly samples: number[];
  readonly latencySeconds: number;
}

let browser: PianoBrowser;
beforeAll(async () => void (browser = await PianoBrowser.start()));
afterAll(() => browser.close());

async function open(files: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Page> {
  const page = await browser.open({ '/piano-node.js': SCRIPT, ...files }, headers);
  await page.addScriptTag({ type: 'module', url: 'piano-node.js' });
  return page;
}

/** Plays one note at `seconds` in an off-line context, or says why it cannot. */
function playOffline(page: Page, rate: number, seconds: number): Promise<Outcome> {
  return page.evaluate(
    async ([rate, seconds]) => {
      const { PianoNode } = globalThis as PageGlobal;
      const weights = await (await fetch('pretrained/model.safetensors')).arrayBuffer();
      const style = await (await fetch('pretrained/styles/first.json')).json();
      const context = new OfflineAudioContext(2, rate / 5, rate);
      try {
        const node = await PianoNode.create(context, { weights, style });
        node.connect(context.destination);
        node.noteOn(60, 0.9, seconds);
        await node.received();
        const sound = await context.startRendering();
        return { error: '', samples: Array.from(sound.getChannelData(1)), latencySeconds: node.latencySeconds };
      } catch (error) {
        return { error: (error as Error).message, samples: [], latencySeconds: 0 };
      }
    },
    [rate, seconds] as const,
  );
}

describe('the piano node', () => {
  it('can be imported where there is no audio', async () => {
    expect(globalThis.AudioWorkletNode).toBeUndefined();
    await expect(import('../../worklet/node.ts')).resolves.toHaveProperty('PianoNode');
  });

  it.each([22050, 44100, 48000, 96000])('strikes at its sample in a context of %i Hz, and is silent before', async (rate) => {
    const page = await open();
    const frame = Math.round(0.0507 * rate);
    const { error, samples, latencySeconds } = await playOffline(page, rate, frame / rate);
    expect(error).toBe('');
    expect(peakOf(samples, 0, frame)).toBe(0);
    expect(peakOf(samples, frame, frame + Math.ceil((latencySeconds + 0.005) * rate))).toBeGreaterThan(1e-3);
    expect(latencySeconds).toBeLessThan(0.0015);
    await page.close();
  });

  it('plays with the plain kernel where there is no relaxed SIMD', async () => {
    const page = await open({ '/anypiano-relaxed.wasm': 'no module that this browser knows' });
    expect(peakOf((await playOffline(page, 48000, 0)).samples)).toBeGreaterThan(1e-3);
    await page.close();
  });

  it('says which file is missing', async () => {
    const page = await open({ '/anypiano-processor.js': 'this is no JavaScript' });
    expect((await playOffline(page, 48000, 0)).error).toMatch(/anypiano-processor\.js could not be loaded/);
    await page.close();
  });

  it('says that it cannot play at a rate', async () => {
    const page = await open();
    expect((await playOffline(page, 8000, 0)).error).toMatch(/22050 to 96000 Hz/);
    await page.close();
  });

  it('says that a content security policy blocks WebAssembly', async () => {
    const page = await open({}, { 'content-security-policy': "script-src 'self'" });
    expect((await playOffline(page, 48000, 0)).error).toMatch(/'wasm-unsafe-eval'/);
    await page.close();
  });

  it('is ready in a context that waits for a gesture, sounds after it, and reports what it does', async () => {
    const page = await open();
    const states = await page.evaluate(async () => {
      const { PianoNode } = globalThis as PageGlobal;
      const weights = await (await fetch('pretrained/model.safetensors')).arrayBuffer();
      const style = await (await fetch('pretrained/styles/first.json')).json();
      const context = new AudioContext();
      await context.suspend();
      const node = await PianoNode.create(context, { weights, style });
      node.connect(context.destination);
      const states: { voices: number; peak: number; load: number; level: number }[] = [];
      node.addEventListener('state', (event) => {
        const { voices, peak, load, notes } = (event as CustomEvent).detail;
        states.push({ voices, peak, load, level: notes[60 - 21] });
      });
      node.sustain(1);
      node.noteOn(60, 0.9);
      await context.resume();
      await new Promise((passed) => setTimeout(passed, 1500));
      await context.close();
      return states;
    });
    expect(states.length).toBeGreaterThan(5);
    expect(states.some(({ voices, peak, load, level }) => voices === 1 && peak > 1e-3 && level > 0 && load < 1)).toBe(true);
    await page.close();
  });

  it('behind a connection that leads nowhere closes, and after it was led on plays at once what is due', async () => {
    const page = await open({ '/recorder.js': "registerProcessor('recorder', class extends AudioWorkletProcessor { process([[x]]) { if (x) this.port.postMessage(x.slice()); return true; } });" });
    const { late, waited } = await page.evaluate(async () => {
      const { PianoNode } = globalThis as PageGlobal;
      const weights = await (await fetch('pretrained/model.safetensors')).arrayBuffer();
      const style = await (await fetch('pretrained/styles/first.json')).json();
      const wait = (milliseconds: number): Promise<void> => new Promise((passed) => setTimeout(passed, milliseconds));
      const context = new AudioContext();
      await context.resume();
      await context.audioWorklet.addModule('/recorder.js');
      const node = await PianoNode.create(context, { weights, style });
      const [gain, recorder] = [new GainNode(context), new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0 })];
      node.connect(gain).connect(context.destination);
      await wait(200);
      gain.disconnect();
      await wait(1000);
      let onset = -1;
      const began = new Promise<void>((heard) => {
        recorder.port.onmessage = ({ data }: MessageEvent<Float32Array>): void => {
          if (onset >= 0 || !data.some((x) => Math.abs(x) > 1e-4)) return;
          onset = context.currentTime;
          heard();
        };
      });
      const due = context.currentTime + 0.2;
      node.noteOn(60, 0.9, due);
      gain.connect(recorder);
      await Promise.race([began, wait(3000)]);
      gain.disconnect();
      await wait(200);
      const start = performance.now();
      await node.close();
      await context.close();
      return { late: onset - due, waited: performance.now() - start };
    });
    // Messages of the recorder take their time.
    expect(late).toBeGreaterThan(-0.05);
    expect(late).toBeLessThan(0.4);
    expect(waited).toBeLessThan(3000);
    await page.close();
  }, 60_000);
});
