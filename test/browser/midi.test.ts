import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peakNear, spectrumOf } from '../../model/corpus/spectrum.ts';
import { equalTemperament, partialFrequency, typicalInharmonicity } from '../../model/tuning.ts';
import { peakOf } from '../worklet/fixtures.ts';
import { PianoBrowser, type PageGlobal } from './piano-page.ts';

let browser: PianoBrowser;
beforeAll(async () => void (browser = await PianoBrowser.start()));
afterAll(() => browser.close());

/** Cents that the first partial lies above that of the note. */
function centsOff(samples: readonly number[], rate: number, note: number): number {
  const expected = partialFrequency(equalTemperament(note), typicalInharmonicity(note), 1);
  const peak = peakNear(spectrumOf(Float32Array.from(samples), rate), expected, 0.03 * expected);
  return peak === undefined ? Infinity : 1200 * Math.log2(peak.frequency / expected);
}

describe('a MIDI keyboard', () => {
  test('plays the right pitch through WEBMIDI.js, and falls silent when its keys go up', async () => {
    const page = await browser.open();
    const { rate, held, released } = await page.evaluate(async () => {
      const { openPiano, plugIn, record, wait } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano();
      const keyboard = await plugIn(piano);
      const held = await record(piano, 1.2, () => keyboard.send([0x90, 69, 100]));
      keyboard.send([0x90, 69, 0]);
      await wait(1500);
      return { rate: piano.node!.context.sampleRate, held, released: await record(piano, 0.2) };
    });
    expect(peakOf(held)).toBeGreaterThan(1e-3);
    expect(Math.abs(centsOff(held.slice(-rate), rate, 69))).toBeLessThan(1);
    expect(peakOf(released)).toBeLessThan(1e-4);
    await page.close();
  });

  test('its sustain pedal holds what its keys let go', async () => {
    const page = await browser.open();
    const { pedalled, lifted } = await page.evaluate(async () => {
      const { openPiano, plugIn, record, wait } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano();
      const keyboard = await plugIn(piano);
      keyboard.send([0xb0, 64, 127]);
      keyboard.send([0x90, 48, 100]);
      keyboard.send([0x80, 48, 64]);
      await wait(700);
      const pedalled = await record(piano, 0.2);
      keyboard.send([0xb0, 64, 0]);
      await wait(1500);
      return { pedalled, lifted: await record(piano, 0.2) };
    });
    expect(peakOf(pedalled)).toBeGreaterThan(1e-3);
    expect(peakOf(lifted)).toBeLessThan(1e-4);
    await page.close();
  });

  test('ten thousand events at one instant and bytes of no meaning do not stop the sound', async () => {
    const page = await browser.open();
    const after = await page.evaluate(async () => {
      const { openPiano, plugIn, record, wait } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano();
      const keyboard = await plugIn(piano);
      for (let i = 0; i < 10_000; i++) keyboard.send([0x90 + (i % 16), (i * 37) % 128, i % 128]);
      for (let status = 0x80; status < 0x100; status++) keyboard.send([status, 200 & 127, 5]);
      keyboard.send([0xb0, 123, 0]);
      await wait(2500);
      return record(piano, 0.5, () => keyboard.send([0x90, 60, 110]));
    });
    expect(peakOf(after)).toBeGreaterThan(1e-3);
    expect(after.every((x) => Number.isFinite(x))).toBe(true);
    await page.close();
  });
});

describe('the worklet', () => {
  test('starts a strike at the very sample that was asked for', async () => {
    const page = await browser.open();
    const due = 4803;
    const { samples } = await page.evaluate(
      (frame) => (globalThis as PageGlobal).inPage.renderMidi(48000, 0.5, [{ seconds: frame / 48000, bytes: [0x90, 60, 100] }]),
      due,
    );
    expect(peakOf(samples, 0, due)).toBe(0);
    const first = samples.findIndex((x) => x !== 0);
    // A string starts from rest: the sample of the strike itself may still be 0.
    expect(first - due).toBeGreaterThanOrEqual(0);
    expect(first - due).toBeLessThanOrEqual(1);
    await page.close();
  });

  test.each([22050, 44100, 96000])('at %i Hz plays the pitch and the time that it plays at 48000 Hz', async (rate) => {
    const page = await browser.open();
    const render = (at: number): Promise<{ samples: number[]; latencySeconds: number }> =>
      page.evaluate((r) => (globalThis as PageGlobal).inPage.renderMidi(r, 1.3, [{ seconds: 0.1, bytes: [0x90, 69, 100] }]), at);
    const [own, other] = [await render(48000), await render(rate)];
    const start = (samples: readonly number[]): number => {
      const threshold = 0.02 * peakOf(samples);
      return samples.findIndex((x) => Math.abs(x) > threshold);
    };
    const ownStart = start(own.samples) / 48000;
    const otherStart = start(other.samples) / rate - other.latencySeconds;
    expect(Math.abs(otherStart - ownStart)).toBeLessThan(3 / rate);
    expect(Math.abs(centsOff(other.samples.slice(-rate), rate, 69))).toBeLessThan(1);
    await page.close();
  });
});
