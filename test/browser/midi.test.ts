import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peakNear, spectrumOf } from '../../model/corpus/spectrum.ts';
import { equalTemperament, partialFrequency, typicalInharmonicity } from '../../model/tuning.ts';
import { peakOf } from '../worklet/fixtures.ts';
import type { inPage } from './in-page.ts';
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

describe('messages of the implementation chart', () => {
  type Messages = Parameters<typeof inPage.renderMidi>[2];
  const strike = { seconds: 0.05, bytes: [0x90, 57, 100] };
  const at = (seconds: number, ...bytes: number[]): Messages[number] => ({ seconds, bytes });
  /** What each of the lists of messages sounds like in a second and a half. */
  const render = async (...lists: Messages[]): Promise<number[][]> => {
    const page = await browser.open();
    const sounds: number[][] = [];
    for (const messages of lists) sounds.push((await page.evaluate((list) => (globalThis as PageGlobal).inPage.renderMidi(48000, 1.5, list), messages)).samples);
    await page.close();
    return sounds;
  };
  const level = (samples: readonly number[], from: number, to: number): number =>
    10 * Math.log10(samples.slice(48000 * from, 48000 * to).reduce((sum, x) => sum + x * x, 1e-20));

  test('volume and expression are as loud as General MIDI 2 recommends, and add up', async () => {
    const [plain, volume, expression, both] = await render(
      [strike],
      [at(0, 0xb0, 7, 64), strike],
      [at(0, 0xb0, 11, 32), strike],
      [at(0, 0xb0, 7, 64), at(0, 0xb0, 11, 32), strike],
    );
    const fall = (sound: readonly number[]): number => level(sound, 0.2, 1.5) - level(plain!, 0.2, 1.5);
    const [half, quarter] = [40 * Math.log10(64 / 127), 40 * Math.log10(32 / 127)];
    expect(fall(volume!)).toBeCloseTo(half, 1);
    expect(fall(expression!)).toBeCloseTo(quarter, 1);
    expect(fall(both!)).toBeCloseTo(half + quarter, 1);
  });

  test('all sound off leaves the room to ring out, all notes off lets the keys go but not the pedal, and a reset lifts the pedal', async () => {
    const [held, off, keys, pedalled, reset] = await render(
      [strike],
      [strike, at(0.5, 0xb0, 120, 0)],
      [strike, at(0.5, 0xb0, 123, 0)],
      [at(0, 0xb0, 64, 127), strike, at(0.5, 0xb0, 123, 0)],
      [at(0, 0xb0, 64, 127), strike, at(0.5, 0xb0, 123, 0), at(0.6, 0xb0, 121, 0)],
    );
    const late = (sound: readonly number[]): number => level(sound, 1.2, 1.5) - level(held!, 1.2, 1.5);
    expect(peakOf(off!, 24000 + 400)).toBeLessThan(0.02 * peakOf(off!));
    expect(peakOf(off!, 1.2 * 48000)).toBeLessThan(1e-4 * peakOf(off!));
    expect(late(keys!)).toBeLessThan(-20);
    expect(late(pedalled!)).toBeGreaterThan(-6);
    expect(late(reset!)).toBeLessThan(-20);
  });

  test('sostenuto holds the keys that are down, and una corda makes strikes softer', async () => {
    const release = at(0.5, 0x80, 57, 0);
    const [held, sostenuto, later, corda] = await render(
      [strike],
      [strike, at(0.3, 0xb0, 66, 127), release],
      [at(0, 0xb0, 66, 127), strike, release],
      [at(0, 0xb0, 67, 127), strike],
    );
    const late = (sound: readonly number[]): number => level(sound, 1.2, 1.5) - level(held!, 1.2, 1.5);
    expect(late(sostenuto!)).toBeGreaterThan(-6);
    expect(late(later!)).toBeLessThan(-20);
    const softer = level(corda!, 0.1, 1) - level(held!, 0.1, 1);
    expect(softer).toBeLessThan(-1);
    expect(softer).toBeGreaterThan(-12);
  });

  test('master tuning by a registered parameter and by system exclusive, and the wheel, add up in cents', async () => {
    const fine = [at(0, 0xb0, 101, 0), at(0, 0xb0, 100, 1), at(0, 0xb0, 6, 96), at(0, 0xb0, 38, 0)];
    const coarse = at(0, 0xf0, 0x7f, 0x7f, 0x04, 0x04, 0x00, 0x42, 0xf7);
    const a4 = at(0.05, 0x90, 69, 100);
    const [plain, tuned, all] = await render([a4], [...fine, a4], [...fine, coarse, at(0, 0xe0, 0, 0), a4]);
    const cents = (sound: readonly number[]): number => {
      const find = (samples: readonly number[], near: number): number => peakNear(spectrumOf(Float32Array.from(samples.slice(9600)), 48000), near, 0.05 * near)!.frequency;
      return 1200 * Math.log2(find(sound, 450) / find(plain!, 440));
    };
    // 96 of 128 steps of the coarser byte are half of the way up: 50 cents. Two semitones up by system exclusive, two down by the wheel.
    expect(cents(tuned!)).toBeCloseTo(50, 0);
    expect(cents(all!)).toBeCloseTo(50, 0);
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
