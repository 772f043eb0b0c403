import asc from 'assemblyscript/asc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { PianoNode } from '../../worklet/node.ts';
import { PROCESSOR_NAME } from '../../worklet/protocol.ts';
import { PianoBrowser, type PageGlobal } from './piano-page.ts';

let browser: PianoBrowser;
beforeAll(async () => void (browser = await PianoBrowser.start()));
afterAll(() => browser.close());

/** Says that it is ready, plays a tone for a quarter of a second, and fails. */
const FAILING = `
  registerProcessor('${PROCESSOR_NAME}', class extends AudioWorkletProcessor {
    frames = 0;
    constructor() {
      super();
      this.port.postMessage({ type: 'ready', latencySeconds: 0 });
    }
    process(inputs, [[samples]]) {
      for (let i = 0; i < samples.length; i++) samples[i] = 0.1 * Math.sin(this.frames++ / 20);
      if (this.frames > sampleRate / 4) throw new Error('a fault of the test');
      return true;
    }
  });`;

/** The kernel's functions without any sound; the WaveNet's fails when it was called as often as given. */
const TRAP = `
  let calls: i32 = 0;
  export const staticEnd: usize = __heap_base;
  export function dense(a: i32, b: i32, c: i32, d: i32, e: i32, f: i32, g: bool): void {}
  export function prepareModes(a: i32, b: i32): void {}
  export function setLeap(a: i32, b: i32, c: i32): void {}
  export function ringModes(a: i32, b: i32, c: i32): f64 { return 1; }
  export function cullModes(a: i32, count: i32, c: f64): i32 { return count; }
  export function rise(a: i32, b: i32, c: f64, d: f64): void {}
  export function mixVoice(a: i32, b: i32, s: i32, c: i32, n: i32, p: f64, d: f64, e: f64, f: f64, g: f64): void {}
  export function addKnock(a: i32, b: i32, c: i32, d: i32, e: i32, f: i32): f32 { return 0; }
  export function addNoisePower(a: i32, b: i32, c: f32, d: i32): f32 { return 0; }
  export function noiseGains(a: i32, b: i32, c: i32, d: i32): f32 { return 0; }
  export function noise(a: i32, b: i32, c: i32, d: i32, e: i32, f: i32): void {}
  export function bendModes(a: i32, b: i32, c: f64, d: f64, e: f64, f: i32): void {}
  export function slowDown(a: i32, b: i32, c: i32): void {}
  export function driveWithout(a: i32, b: i32, c: f32, d: i32, e: i32): void {}
  export function driveWith(a: i32, b: f32, c: i32): void {}
  export function turnTick(a: i32): void {}
  export function answer(a: i32, b: i32, c: i32, d: f32, e: i32): f32 { return 0; }
  export function place(a: i32, b: f32, c: i32, d: i32): void {}
  export function gather(a: i32, b: f32, c: f32, d: i32, e: i32, f: i32): void {}
  export function waveNet(a: i32, b: i32, c: i32, d: i32): void { if (++calls == CALLS) unreachable(); }`;
/** Ticks that the processor plays before it says that it is ready. */
const WARM_UP_TICKS = 256;

async function trappingKernel(calls: number): Promise<Uint8Array> {
  let binary = new Uint8Array(0);
  const readFile = (name: string): string | null => (name === 'kernel.ts' ? TRAP.replace('CALLS', String(calls)) : null);
  const writeFile = (_name: string, content: string | Uint8Array): void => {
    if (typeof content !== 'string') binary = Uint8Array.from(content);
  };
  const { error } = await asc.main(['kernel.ts', '--outFile', 'kernel.wasm', '--importMemory', '--runtime', 'stub'], { readFile, writeFile });
  if (error) throw error;
  return binary;
}

interface Failure {
  /** What the node and the element said, and what the element shows. */
  readonly node: string[];
  readonly element: string[];
  readonly shown: string;
  /** Loudest sample that comes after it, where a note is struck. */
  readonly peak: number;
  /** What setWeights answers after it. */
  readonly swap: string;
}

/** Opens a piano, lets it fail, and hears what comes. @param fail runs in the page */
function observe(page: Page, fail: (node: PianoNode) => Promise<void>): Promise<Failure> {
  return page.evaluate(async (source) => {
    const { openPiano, wait } = (globalThis as PageGlobal).inPage;
    const piano = await openPiano();
    const node = piano.node!;
    const said = { node: [] as string[], element: [] as string[] };
    node.addEventListener('error', (event) => said.node.push((event as CustomEvent<string>).detail));
    piano.addEventListener('piano-error', (event) => said.element.push((event as CustomEvent<string>).detail));
    await (new Function(`return ${source}`)() as typeof fail)(node);
    for (let i = 0; i < 100 && said.node.length === 0; i++) await wait(50);
    const ear = new AnalyserNode(node.context, { fftSize: 2048 });
    const heard = new Float32Array(ear.fftSize);
    node.connect(ear).connect(node.context.destination);
    await wait(200);
    node.noteOn(60, 0.9);
    let peak = 0;
    for (let i = 0; i < 20; i++) {
      await wait(20);
      ear.getFloatTimeDomainData(heard);
      for (const sample of heard) peak = Math.max(peak, Math.abs(sample));
    }
    const style = await (await fetch('pretrained/styles/first.json')).json();
    const swap = await node.setWeights(node.weights, style).then(
      () => 'set',
      (error: Error) => error.message,
    );
    return { ...said, peak, swap, shown: piano.renderRoot.querySelector('piano-notice')?.renderRoot.querySelector('[role=status].message')?.textContent ?? '' };
  }, fail.toString());
}

describe('a piano whose audio thread fails', () => {
  test('says so once, with the cause, and is silent', async () => {
    const page = await browser.open({ '/anypiano-processor.js': FAILING });
    const { node, element, shown, peak, swap } = await observe(page, async () => undefined);
    expect(node).toEqual(['The piano stopped: a fault of the test']);
    expect(element).toEqual(node);
    expect(shown).toContain(node[0]);
    expect(peak).toBe(0);
    expect(swap).toBe(node[0]);
    await page.close();
  });

  test('inside the kernel does the same', async () => {
    const page = await browser.open({ '/anypiano-relaxed.wasm': await trappingKernel(WARM_UP_TICKS + 100) });
    const { node, element, shown, peak } = await observe(page, async (piano) => piano.noteOn(60, 0.9));
    expect(node).toEqual(['The piano stopped: unreachable']);
    expect(element).toEqual(node);
    expect(shown).toContain(node[0]);
    expect(peak).toBe(0);
    await page.close();
  });

  test('before it is ready says so', async () => {
    const page = await browser.open({ '/anypiano-relaxed.wasm': await trappingKernel(10) });
    const ready = page.evaluate(() => (globalThis as PageGlobal).inPage.openPiano().then(() => 'ready'));
    await expect(ready).rejects.toThrow('The piano stopped: unreachable');
    await page.close();
  });
});

test('a message that the audio thread cannot follow is told, and the piano plays on', async () => {
  const page = await browser.open();
  const { node, element, shown, peak, swap } = await observe(page, async (piano) => {
    piano.port.postMessage({ type: 'style', model: piano.weights.spec.id, style: { embedding: [] } });
  });
  expect(node).toEqual([expect.stringMatching(/^The audio thread could not do it: .*tuning|undefined/)]);
  expect(element).toEqual(node);
  expect(shown).toContain(node[0]);
  expect(peak).toBeGreaterThan(1e-3);
  expect(swap).toBe('set');
  await page.close();
});
