import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peakNear, spectrumOf } from '../../model/corpus/spectrum.ts';
import { serialiseStyle } from '../../model/style.ts';
import { peakOf } from '../worklet/fixtures.ts';
import { PianoBrowser, STYLES, type PageGlobal } from './piano-page.ts';

let browser: PianoBrowser;
beforeAll(async () => void (browser = await PianoBrowser.start()));
afterAll(() => browser.close());


describe('<any-piano> in its page', () => {
  test('plays the piano that was chosen while the weights were on their way', async () => {
    const sharp = { ...STYLES[1]!, tuning: { ...STYLES[1]!.tuning, cents: STYLES[1]!.tuning.cents.map((cents) => cents + 70) } };
    const page = await browser.open({ '/pretrained/styles/second.json': serialiseStyle(sharp) });
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((free) => (letGo = free));
    await page.route('**/model.safetensors', async (route) => {
      await held;
      await route.continue();
    });
    const opened = page.evaluate(async () => {
      const { openPiano, record } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano();
      piano.resonance = 0;
      const samples = await record(piano, 1, () => piano.noteOn(69, 0.8));
      return { samples, rate: piano.node!.context.sampleRate, piano: piano.piano };
    });
    const list = page.locator('piano-chooser').getByRole('radio', { name: 'The second piano' });
    await list.waitFor({ state: 'attached' });
    await page.evaluate(() => (document.querySelector('any-piano')!.piano = 'second'));
    letGo();
    const { samples, rate, piano } = await opened;
    expect(piano).toBe('second');
    const { frequency } = peakNear(spectrumOf(Float32Array.from(samples), rate), 440 * 2 ** (35 / 1200), 30)!;
    const cents = 1200 * Math.log2(frequency / 440) - STYLES[1]!.tuning.cents[69 - 21]!;
    expect(Math.abs(cents - 70)).toBeLessThan(20);
    await page.close();
  });

  test('is heard and played by MIDI again after it was moved', async () => {
    const page = await browser.open();
    const { before, after, inputs } = await page.evaluate(async () => {
      const { openPiano, plugIn, record, wait } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano();
      const keyboard = await plugIn(piano);
      const before = await record(piano, 0.3, () => keyboard.send([0x90, 60, 100]));
      const ready = new Promise((resolve) => piano.addEventListener('piano-ready', resolve, { once: true }));
      const place = document.createElement('section');
      document.body.append(place);
      place.append(piano);
      await ready;
      piano.start();
      for (let tries = 0; tries < 100 && piano.renderRoot.querySelector('piano-status')!.inputs.length === 0; tries++) await wait(50);
      const { inputs } = piano.renderRoot.querySelector('piano-status')!;
      const after = await record(piano, 0.3, () => keyboard.send([0x90, 60, 100]));
      return { before, after, inputs };
    });
    expect(inputs).toEqual(['Fake Keyboard']);
    expect(peakOf(before)).toBeGreaterThan(1e-3);
    expect(peakOf(after)).toBeGreaterThan(1e-3);
    await page.close();
  });

  test('listens to no keyboard where `midi` is empty or gone, and to all when it says so again', async () => {
    const page = await browser.open();
    const listening = await page.evaluate(async () => {
      const { openPiano, plugIn, wait } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano();
      await plugIn(piano);
      const seen: number[] = [];
      for (const midi of ['', 'all', undefined, 'Fake', 'Other'] as const) {
        if (midi === undefined) piano.removeAttribute('midi');
        else piano.setAttribute('midi', midi);
        await wait(300);
        seen.push(piano.renderRoot.querySelector('piano-status')!.inputs.length);
      }
      return { seen, midi: piano.midi };
    });
    expect(listening).toEqual({ seen: [0, 1, 0, 1, 0], midi: 'Other' });
    await page.close();
  });

  test('has its settings as they began where their attributes are taken away', async () => {
    const page = await browser.open();
    const { began, set, gone } = await page.evaluate(() => {
      const piano = document.createElement('any-piano');
      const names = ['midi', 'channel', 'touch', 'brightness', 'hammer', 'concert-pitch', 'in-tune', 'width', 'room', 'resonance', 'piano', 'towards', 'morph', 'tier', 'pieces'];
      const read = (): unknown[] => {
        const { midi, channel, touch, brightness, hammer, concertPitch, inTune, width, room, resonance, piano: id, towards, morph, tier, pieces } = piano;
        return [midi, channel, touch, brightness, hammer, concertPitch, inTune, width, room, resonance, id, towards, morph, tier, pieces];
      };
      const began = read();
      for (const name of names) piano.setAttribute(name, '0.125');
      const set = read();
      for (const name of names) piano.removeAttribute(name);
      return { began, set, gone: read() };
    });
    expect(gone).toEqual(began);
    set.forEach((value) => expect(Number(value)).toBe(0.125));
    await page.close();
  });

  test('says of each key that it comes up, also where it is silenced', async () => {
    const page = await browser.open();
    const heard = await page.evaluate(async () => {
      const { openPiano, plugIn } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano();
      const keyboard = await plugIn(piano);
      const heard: string[] = [];
      piano.addEventListener('piano-note-on', ({ detail }) => heard.push(`${detail.note} on`));
      piano.addEventListener('piano-note-off', ({ detail }) => heard.push(`${detail.note} off`));
      const down = (): number => piano.renderRoot.querySelector('piano-keyboard')!.renderRoot.querySelectorAll('.key.down').length;
      const shown: number[] = [];
      for (const silence of [() => piano.panic(), () => keyboard.send([0xb0, 123, 0]), () => keyboard.send([0xb0, 120, 0])]) {
        keyboard.send([0x90, 60, 100]);
        keyboard.send([0x90, 64, 100]);
        shown.push(down());
        silence();
        shown.push(down());
        heard.push('silence');
      }
      return { heard, shown };
    });
    const once = ['60 on', '64 on', '60 off', '64 off', 'silence'];
    expect(heard).toEqual({ heard: [...once, ...once, ...once], shown: [2, 0, 2, 0, 2, 0] });
    await page.close();
  });

  test.each([8000, 192_000])('plays on a device of %i Hz, at a rate of its own', async (rate) => {
    const page = await browser.open();
    const { sound, rates } = await page.evaluate(async (rate) => {
      const { openPiano, record } = (globalThis as PageGlobal).inPage;
      const rates: number[] = [];
      globalThis.AudioContext = class extends AudioContext {
        constructor(options: AudioContextOptions = {}) {
          super({ sampleRate: rate, ...options });
          rates.push(this.sampleRate);
        }
      };
      const piano = await openPiano();
      return { sound: await record(piano, 0.5, () => piano.noteOn(60, 0.8)), rates };
    }, rate);
    expect(rates).toEqual([rate, 48_000]);
    expect(peakOf(sound)).toBeGreaterThan(1e-3);
    await page.close();
  });
});
