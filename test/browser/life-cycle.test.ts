import { afterAll, beforeAll, expect, test } from 'vitest';
import { peakOf } from '../worklet/fixtures.ts';
import { PianoBrowser, type PageGlobal } from './piano-page.ts';

let browser: PianoBrowser;
beforeAll(async () => void (browser = await PianoBrowser.start()));
afterAll(() => browser.close());

const AUDIBLE = 1e-3;
const MANY = 40;
/** A piano that is kept takes 200 kB of objects, and weights of 1.6 MB beside them. */
const BYTES_A_PIANO = 20_000;
/** Pianos that may be on their way out. */
const FEW = 3;
const FROZEN_MILLISECONDS = 1500;

/** Hz of a tone near A4, by where its autocorrelation peaks after its first tenth of a second. */
function pitchOf(sound: readonly number[], rate: number): number {
  const onset = sound.findIndex((x) => Math.abs(x) > AUDIBLE);
  const x = sound.slice(onset + 0.1 * rate, onset + 0.4 * rate);
  const at = (lag: number): number => x.reduce((sum, value, n) => sum + value * (x[n + lag] ?? 0), 0);
  // Ten periods, so that a fraction of a sample is a fraction of a cent.
  const middle = (10 * rate) / 440;
  const lags = Array.from({ length: Math.round(0.04 * middle) }, (_, i) => Math.round(0.98 * middle) + i);
  const sums = lags.map(at);
  const best = sums.indexOf(Math.max(...sums));
  const [left, centre, right] = [sums[best - 1]!, sums[best]!, sums[best + 1]!];
  return (10 * rate) / (lags[best]! + (left - right) / (2 * (left - 2 * centre + right)));
}

test('two pianos on one page do not hear each other', async () => {
  const page = await browser.open();
  const [first, second] = await page.evaluate(async () => {
    const { openPiano, record } = (globalThis as PageGlobal).inPage;
    const [one, other] = [await openPiano(), await openPiano({ piano: 'second' })];
    return Promise.all([record(one, 0.4, () => one.noteOn(60, 0.8)), record(other, 0.4)]);
  });
  expect(peakOf(first)).toBeGreaterThan(AUDIBLE);
  expect(peakOf(second)).toBe(0);
  await page.close();
});

test('a note goes on where the context was suspended and resumed', async () => {
  const page = await browser.open();
  const { during, after } = await page.evaluate(async () => {
    const { openPiano, record, wait } = (globalThis as PageGlobal).inPage;
    const piano = await openPiano();
    const context = piano.node!.context as AudioContext;
    piano.noteOn(40, 0.9);
    await wait(200);
    await context.suspend();
    const stopped = context.currentTime;
    // Struck while nothing plays: it sounds with the first sample afterwards.
    piano.node!.noteOn(47, 0.9);
    await wait(300);
    const during = context.currentTime - stopped;
    await context.resume();
    return { during, after: await record(piano, 0.4) };
  });
  expect(during).toBeLessThan(0.05);
  expect(peakOf(after)).toBeGreaterThan(AUDIBLE);
  await page.close();
});

test('plays on while its tab is frozen, and answers when it is back', async () => {
  const page = await browser.open();
  await page.evaluate(async () => Object.assign(globalThis, { piano: await (globalThis as PageGlobal).inPage.openPiano() }));
  const setState = async (state: 'frozen' | 'active'): Promise<void> => {
    const session = await page.context().newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state });
    await session.detach();
  };
  await setState('frozen');
  await new Promise((passed) => setTimeout(passed, FROZEN_MILLISECONDS));
  await setState('active');
  const { sound, states } = await page.evaluate(async () => {
    const { record } = (globalThis as PageGlobal).inPage;
    const { piano } = globalThis as unknown as { piano: Parameters<typeof record>[0] };
    let states = 0;
    piano.node!.addEventListener('state', () => states++);
    const sound = await record(piano, 0.5, () => piano.noteOn(60, 0.8));
    return { sound, states };
  });
  expect(peakOf(sound)).toBeGreaterThan(AUDIBLE);
  // Twenty a second, and what waited: more would be a flood of old states.
  expect(states).toBeGreaterThan(3);
  expect(states).toBeLessThan(25);
  await page.close();
});

test.each([44100, 96000])('a device that runs at %i Hz after one at another rate gives the same pitch', async (rate) => {
  const page = await browser.open();
  const sounds = await page.evaluate(async (rate) => {
    const { openPiano, record } = (globalThis as PageGlobal).inPage;
    const first = await openPiano();
    const before = { rate: first.node!.context.sampleRate, sound: await record(first, 0.6, () => first.noteOn(69, 0.8)) };
    first.remove();
    // What a browser does where the new device has another rate.
    const Context = AudioContext;
    globalThis.AudioContext = class extends Context {
      constructor(options?: AudioContextOptions) {
        super({ ...options, sampleRate: rate });
      }
    };
    const second = await openPiano();
    const after = { rate: second.node!.context.sampleRate, sound: await record(second, 0.6, () => second.noteOn(69, 0.8)) };
    return [before, after];
  }, rate);
  const [before, after] = sounds.map((one) => pitchOf(one.sound, one.rate));
  expect(sounds[1]!.rate).toBe(rate);
  expect(Math.abs(1200 * Math.log2(after! / before!))).toBeLessThan(3);
  await page.close();
});

test(`${MANY} pianos come and go, leave nothing behind, and the next one plays`, async () => {
  const page = await browser.open();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  /** What the page still holds, once it has swept up. */
  const held = async (): Promise<{ pianos: number; bytes: number }> => {
    await session.send('HeapProfiler.collectGarbage');
    const { result: prototype } = await session.send('Runtime.evaluate', { expression: "customElements.get('any-piano').prototype", objectGroup: 'count' });
    const { objects } = await session.send('Runtime.queryObjects', { prototypeObjectId: prototype.objectId!, objectGroup: 'count' });
    const { result } = await session.send('Runtime.callFunctionOn', { objectId: objects.objectId!, functionDeclaration: 'function () { return this.length; }' });
    await session.send('Runtime.releaseObjectGroup', { objectGroup: 'count' });
    const { metrics } = await session.send('Performance.getMetrics');
    return { pianos: result.value as number, bytes: metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value };
  };
  const comeAndGo = (count: number): Promise<void> =>
    page.evaluate(async (count) => {
      const { openPiano } = (globalThis as PageGlobal).inPage;
      for (let i = 0; i < count; i++) {
        const piano = await openPiano();
        const { context } = piano.node!;
        const closed = new Promise<void>((done) => {
          context.addEventListener('statechange', () => context.state === 'closed' && done());
        });
        piano.remove();
        await closed;
      }
    }, count);
  await comeAndGo(5);
  const before = await held();
  await comeAndGo(MANY);
  const after = await held();
  expect(after.pianos).toBeLessThanOrEqual(FEW);
  expect(after.bytes - before.bytes).toBeLessThan(MANY * BYTES_A_PIANO);
  const sound = await page.evaluate(async () => {
    const { openPiano, record } = (globalThis as PageGlobal).inPage;
    const last = await openPiano();
    return record(last, 0.4, () => last.noteOn(60, 0.8));
  });
  expect(peakOf(sound)).toBeGreaterThan(AUDIBLE);
  await page.close();
}, 240_000);
