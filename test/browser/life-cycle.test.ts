import { afterAll, beforeAll, expect, test } from 'vitest';
import { peakOf } from '../worklet/fixtures.ts';
import { PianoBrowser, type PageGlobal } from './piano-page.ts';

let browser: PianoBrowser;
beforeAll(async () => void (browser = await PianoBrowser.start()));
afterAll(() => browser.close());

const AUDIBLE = 1e-3;
const MANY = 100;

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

test(`${MANY} pianos come and go, and the next one plays`, async () => {
  const page = await browser.open();
  const sound = await page.evaluate(async (many) => {
    const { openPiano, record } = (globalThis as PageGlobal).inPage;
    for (let i = 0; i < many; i++) {
      const piano = await openPiano();
      const { context } = piano.node!;
      const closed = new Promise<void>((done) => {
        context.addEventListener('statechange', () => context.state === 'closed' && done());
      });
      piano.remove();
      await closed;
    }
    const last = await openPiano();
    return record(last, 0.4, () => last.noteOn(60, 0.8));
  }, MANY);
  expect(peakOf(sound)).toBeGreaterThan(AUDIBLE);
  await page.close();
}, 240_000);
