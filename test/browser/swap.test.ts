import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { DEFAULT_SPEC } from '../../model/spec.ts';
import { serialiseWeights } from '../../model/weights.ts';
import type { PianoNode } from '../../worklet/node.ts';
import { Engine } from '../../worklet/engine/engine.ts';
import { kernelBuilds, peakOf, randomWeights, rms } from '../worklet/fixtures.ts';
import { PianoBrowser, STYLES, type PageGlobal } from './piano-page.ts';

let browser: PianoBrowser;
beforeAll(async () => void (browser = await PianoBrowser.start()));
afterAll(() => browser.close());

/** Weights whose WaveNet is loud, so that nobody takes them for the first ones. */
const OTHERS = randomWeights(DEFAULT_SPEC, 5);
OTHERS.tensors.get('wavenet.gain.bias')!.fill(14);
const FOREIGN = { ...randomWeights(DEFAULT_SPEC, 6), spec: { ...DEFAULT_SPEC, id: 'foreign' } };
const UNPLAYABLE = { ...randomWeights(DEFAULT_SPEC, 7), spec: { ...DEFAULT_SPEC, tick: 64 } };
const FILES = {
  '/other.safetensors': serialiseWeights(OTHERS),
  '/foreign.safetensors': serialiseWeights(FOREIGN),
  '/unplayable.safetensors': serialiseWeights(UNPLAYABLE),
  '/cut.safetensors': serialiseWeights(OTHERS).subarray(0, 100_000),
};

/** Other programs disturb a real-time thread, but do not help it. */
const ATTEMPTS = 8;
const CHORD = [36, 43, 48, 52, 55, 60, 64, 67, 72, 76];
const SECONDS = 1.5;

interface Swap {
  /** Seconds of missing sound in equal times without and with a swap. */
  readonly missingWithout: number;
  readonly missingWith: number;
  readonly sound: number[];
}

/** Opens a piano, as `piano` of the page. */
async function openPage(): Promise<Page> {
  const page = await browser.open(FILES);
  await page.evaluate(async () => Object.assign(globalThis, { piano: await (globalThis as PageGlobal).inPage.openPiano() }));
  return page;
}

/** Loads weights, gives them to the piano, and says what it answers. */
function setWeights(page: Page, file: string): Promise<string> {
  return page.evaluate(async (file) => {
    const { node } = (globalThis as unknown as { piano: { node: PianoNode } }).piano;
    const weights = await (await fetch(file)).arrayBuffer();
    const style = await (await fetch('pretrained/styles/first.json')).json();
    return node.setWeights(weights, style).then(
      () => 'set',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  }, file);
}

/** Records a strike out of silence. */
function recordStrike(page: Page, seconds: number): Promise<number[]> {
  return page.evaluate(async (seconds) => {
    const { record, wait } = (globalThis as PageGlobal).inPage;
    const { piano } = globalThis as unknown as { piano: Parameters<typeof record>[0] };
    piano.node!.panic();
    await wait(500);
    return record(piano, seconds, () => piano.node!.noteOn(60, 0.9));
  }, seconds);
}

/** Cosine between two signals, each from its first sound on. */
function likeness(a: ArrayLike<number>, b: ArrayLike<number>, length: number): number {
  const onset = (signal: ArrayLike<number>): number => Array.from(signal).findIndex((x) => Math.abs(x) > 1e-5);
  const [x, y] = [Array.from(a).slice(onset(a)), Array.from(b).slice(onset(b))];
  let best = 0;
  for (let shift = -8; shift <= 8; shift++) {
    let [xy, xx, yy] = [0, 0, 0];
    for (let n = 8; n < length; n++) {
      xy += x[n]! * y[n + shift]!;
      xx += x[n]! ** 2;
      yy += y[n + shift]! ** 2;
    }
    best = Math.max(best, xy / Math.sqrt(xx * yy));
  }
  return best;
}

describe('new weights under a chord that sounds', () => {
  test('come without an underrun of their own and without a gap, and are heard', async () => {
    const page = await openPage();
    let swap: Swap | undefined;
    for (let attempt = 0; attempt < ATTEMPTS && !(swap && swap.missingWith <= swap.missingWithout); attempt++) {
      swap = await page.evaluate(
        async ([chord, seconds]) => {
          const { record, wait } = (globalThis as PageGlobal).inPage;
          const { piano } = globalThis as unknown as { piano: Parameters<typeof record>[0] };
          const node = piano.node!;
          const { playbackStats } = node.context as unknown as { playbackStats: { underrunDuration: number } };
          const weights = await (await fetch('/other.safetensors')).arrayBuffer();
          const style = await (await fetch('pretrained/styles/first.json')).json();
          node.sustain(1);
          for (const note of chord) node.noteOn(note, 0.8);
          await wait(300);
          const start = playbackStats.underrunDuration;
          await record(piano, seconds);
          const between = playbackStats.underrunDuration;
          const set: Promise<void>[] = [];
          const sound = await record(piano, seconds, () => set.push(node.setWeights(weights, style)));
          const end = playbackStats.underrunDuration;
          await Promise.all(set);
          return { missingWithout: between - start, missingWith: end - between, sound };
        },
        [CHORD, SECONDS] as const,
      );
    }
    const { sound, missingWith, missingWithout } = swap!;
    expect(missingWith).toBeLessThanOrEqual(missingWithout);
    const window = Math.round(sound.length / 100);
    const whole = rms(sound, 0, sound.length);
    for (let at = 0; at + window <= sound.length; at += window) expect(rms(sound, at, at + window)).toBeGreaterThan(0.05 * whole);

    const rate = await page.evaluate(() => (globalThis as unknown as { piano: { node: PianoNode } }).piano.node.context.sampleRate);
    const [renderedNew, renderedOld] = [OTHERS, randomWeights(DEFAULT_SPEC, 1)].map((weights) => {
      const engine = new Engine({ module: kernelBuilds()[0]!.module, weights, style: STYLES[0]!, sampleRate: rate });
      engine.noteOn(60, 0.9);
      const out = new Float32Array(0.6 * rate);
      engine.render(out);
      return out;
    });
    let [asNew, asOld] = [0, 0];
    for (let attempt = 0; attempt < ATTEMPTS && asNew - asOld <= 0.15; attempt++) {
      const strike = await recordStrike(page, 0.6);
      [asNew, asOld] = [likeness(strike, renderedNew!, 0.3 * rate), likeness(strike, renderedOld!, 0.3 * rate)];
    }
    // Their noise differs, as it comes from another moment, and a busy machine leaves modes out.
    expect(asNew - asOld).toBeGreaterThan(0.15);
    await page.close();
  });

  test('that came twice at once come one after the other', async () => {
    const page = await openPage();
    const model = await page.evaluate(async () => {
      const { node } = (globalThis as unknown as { piano: { node: PianoNode } }).piano;
      const style = await (await fetch('pretrained/styles/first.json')).json();
      const [others, foreign] = await Promise.all(['other', 'foreign'].map(async (name) => (await fetch(`/${name}.safetensors`)).arrayBuffer()));
      await Promise.all([node.setWeights(others!, style), node.setWeights(foreign!, { ...style, model: 'foreign' })]);
      return node.weights.spec.id;
    });
    expect(model).toBe('foreign');
    expect(peakOf(await recordStrike(page, 0.3))).toBeGreaterThan(1e-3);
    await page.close();
  });
});

describe('weights that cannot be used', () => {
  test('are refused in a sentence, and the piano plays on as it did', async () => {
    const page = await openPage();
    expect(await setWeights(page, '/cut.safetensors')).toMatch(/^InputError: weights: is truncated/);
    expect(await setWeights(page, '/anypiano.js')).toMatch(/^InputError: weights: is not a safetensors file/);
    expect(await setWeights(page, '/foreign.safetensors')).toMatch(/^InputError: The first piano: was made for the model/);
    expect(await setWeights(page, '/unplayable.safetensors')).toMatch(/^InputError: weights: cannot be played: a tick of 64/);
    expect(await page.evaluate(() => (globalThis as unknown as { piano: { node: PianoNode } }).piano.node.weights.spec.tick)).toBe(DEFAULT_SPEC.tick);
    expect(peakOf(await recordStrike(page, 0.3))).toBeGreaterThan(1e-3);
    await page.close();
  });

  test('because the context is closed are refused', async () => {
    const page = await openPage();
    const answer = await page.evaluate(async () => {
      const { node } = (globalThis as unknown as { piano: { node: PianoNode } }).piano;
      const style = await (await fetch('pretrained/styles/first.json')).json();
      const set = node.setWeights(node.weights, style);
      await (node.context as AudioContext).close();
      return set.catch((error: Error) => error.message);
    });
    expect(answer).toBe('The audio context was closed.');
    await page.close();
  });
});
