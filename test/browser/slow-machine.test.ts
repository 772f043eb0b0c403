import { afterAll, beforeAll, expect, test } from 'vitest';
import { PianoBrowser, type PageGlobal } from './piano-page.ts';

let browser: PianoBrowser;
beforeAll(async () => void (browser = await PianoBrowser.start()));
afterAll(() => browser.close());

/** As many times as slow is a machine on which each quantum has to be computed as often, and takes as long by its clock. */
const TIMES = 4;
const NOTES = 64;
const SECONDS = 3;
/** Other programs disturb a real-time thread, but do not help it. */
const ATTEMPTS = 8;

/**
 * Runs on the audio thread: a clock of the slow machine, and a load to compare with, of so many multiply-adds a
 * second. They are independent of each other, as the engine's are, so that what slows down the one slows down the other.
 */
const MULTIPLY_ADDS = 2.5e9;
const SLOW_MACHINE = `
  const now = Date.now;
  Date.now = () => ${TIMES} * now();
  registerProcessor('reference-load', class extends AudioWorkletProcessor {
    static get parameterDescriptors() { return [{ name: 'work', defaultValue: 0, automationRate: 'k-rate' }]; }
    process(inputs, [[out]], { work: [work] }) {
      const rounds = work * ${MULTIPLY_ADDS / 8} * out.length / sampleRate;
      let [a, b, c, d, e, f, g, h] = [1, 2, 3, 4, 5, 6, 7, 8];
      for (let i = 0; i < rounds; i++) {
        a = a * 0.9 + 0.1; b = b * 0.9 + 0.1; c = c * 0.9 + 0.1; d = d * 0.9 + 0.1;
        e = e * 0.9 + 0.1; f = f * 0.9 + 0.1; g = g * 0.9 + 0.1; h = h * 0.9 + 0.1;
      }
      out[0] = 1e-30 * (a + b + c + d + e + f + g + h);
      return true;
    }
  });`;

interface Run {
  /** Seconds of missing sound in equal times under the load to compare with and of playing. */
  readonly missingReference: number;
  readonly missingPlaying: number;
  readonly voices: number;
}

test(`${NOTES} notes under the pedal play with no more underruns than plain arithmetic where each quantum costs ${TIMES} times as much`, async () => {
  const page = await browser.open();
  await page.evaluate(async ([times, slowMachine]) => {
    const { openPiano } = (globalThis as PageGlobal).inPage;
    const piano = await openPiano();
    const { context, weights } = piano.node!;
    const style = await (await fetch('pretrained/styles/first.json')).json();
    const Node = piano.node!.constructor as unknown as { create(context: BaseAudioContext, options: object): Promise<NonNullable<typeof piano.node>> };
    const nodes = [piano.node!];
    // Without a graphics processor, drawing the keys would take the audio thread's time.
    document.body.hidden = true;
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([slowMachine], { type: 'text/javascript' })));
    // Their sound is not heard, but the audio thread has to make it.
    const nowhere = new GainNode(context, { gain: 0 });
    nowhere.connect(context.destination);
    for (let i = 1; i < times; i++) {
      const node = await Node.create(context, { weights, style, baseUrl: location.href });
      node.connect(nowhere);
      nodes.push(node);
    }
    const reference = new AudioWorkletNode(context as AudioContext, 'reference-load', { numberOfInputs: 0 });
    reference.connect(nowhere);
    Object.assign(globalThis, { nodes, reference });
  }, [TIMES, SLOW_MACHINE] as const);
  let run: Run | undefined;
  for (let attempt = 0; attempt < ATTEMPTS && !(run && run.missingPlaying <= run.missingReference); attempt++) {
    run = await page.evaluate(
      async ([notes, seconds]) => {
        const { wait } = (globalThis as PageGlobal).inPage;
        const { nodes, reference } = globalThis as unknown as { nodes: NonNullable<Awaited<ReturnType<PageGlobal['inPage']['openPiano']>>['node']>[]; reference: AudioWorkletNode };
        const work = reference.parameters.get('work')!;
        const context = nodes[0]!.context as unknown as AudioContext & { playbackStats: { underrunDuration: number } };
        for (const node of nodes) node.panic();
        await wait(500);
        work.value = 1;
        const start = context.playbackStats.underrunDuration;
        await wait(1000 * seconds);
        work.value = 0;
        const between = context.playbackStats.underrunDuration;
        let voices = Infinity;
        for (const node of nodes) {
          node.addEventListener('state', (event) => {
            const sounding = (event as CustomEvent<{ voices: number }>).detail.voices;
            if (context.currentTime > end - 0.5) voices = Math.min(voices, sounding);
          });
        }
        const end = context.currentTime + seconds;
        for (const node of nodes) {
          node.sustain(1);
          for (let i = 0; i < notes; i++) node.noteOn(24 + i, 0.8, context.currentTime + 0.1 + 0.015 * i);
        }
        await wait(1000 * seconds);
        return { missingReference: between - start, missingPlaying: context.playbackStats.underrunDuration - between, voices };
      },
      [NOTES, SECONDS] as const,
    );
  }
  expect(run!.missingPlaying).toBeLessThanOrEqual(run!.missingReference);
  expect(run!.voices).toBe(NOTES);
  await page.close();
}, 120_000);
