import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_SPEC } from '../../model/spec.ts';
import { Engine } from '../../worklet/engine/engine.ts';
import { OutputStage } from '../../worklet/engine/output-stage.ts';
import { playMidi } from '../../worklet/midi-message.ts';
import { distance, kernelBuilds, peakOf, randomWeights } from '../worklet/fixtures.ts';
import { PianoBrowser, STYLES, type PageGlobal } from './piano-page.ts';

let browser: PianoBrowser;
beforeAll(async () => void (browser = await PianoBrowser.start()));
afterAll(() => browser.close());

const SECONDS = 3;

/** Chords, half pedal and restrikes. */
const messages = [
  { seconds: 0.01, bytes: [0xb0, 64, 90] },
  ...[36, 48, 55, 60, 64].map((note, i) => ({ seconds: 0.05 + 0.013 * i, bytes: [0x90, note, 60 + 12 * i] })),
  { seconds: 0.8, bytes: [0x80, 48, 0] },
  { seconds: 0.9, bytes: [0x90, 60, 110] },
  { seconds: 1.3, bytes: [0xb0, 64, 0] },
  ...[72, 79, 88, 96].map((note, i) => ({ seconds: 1.4 + 0.01 * i, bytes: [0x90, note, 90] })),
  { seconds: 2.2, bytes: [0x80, 72, 0] },
];

test.each([44100, 48000, 96000])('a browser and Node play the same samples at %i Hz, within 1e-4 of the peak on every build', async (rate) => {
  const page = await browser.open();
  const { samples } = await page.evaluate(
    ([rate, seconds, messages]) => (globalThis as PageGlobal).inPage.renderMidi(rate, seconds, messages),
    [rate, SECONDS, messages] as const,
  );
  await page.close();
  const expected = Float64Array.from(samples);
  const peak = peakOf(expected);
  expect(peak).toBeGreaterThan(0.01);
  for (const { module } of kernelBuilds()) {
    const engine = new Engine({ module, weights: randomWeights(DEFAULT_SPEC, 1), style: STYLES[0]!, sampleRate: rate });
    for (const { seconds, bytes } of messages) playMidi(engine, bytes, seconds * rate);
    const out = new Float32Array(expected.length);
    engine.render(out);
    new OutputStage(rate).process(out);
    expect(distance(out, expected)).toBeLessThan(1e-4 * peak);
  }
});
