import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serialiseStyle } from '../../model/style.ts';
import { peakOf } from '../worklet/fixtures.ts';
import { PianoBrowser, STYLES, type PageGlobal } from './piano-page.ts';

let browser: PianoBrowser;
beforeAll(async () => void (browser = await PianoBrowser.start()));
afterAll(() => browser.close());

/** Not even inline styles. */
const SECURE = "default-src 'none'; connect-src 'self'; style-src 'self'; script-src 'self'";

interface Documented {
  readonly name: string;
  readonly fieldName?: string;
  readonly type?: { readonly text: string };
  readonly default?: string;
}
interface Declaration {
  readonly tagName?: string;
  readonly attributes: readonly Documented[];
  readonly slots: readonly Documented[];
  readonly cssParts: readonly Documented[];
  readonly cssProperties: readonly Documented[];
}

describe('<any-piano>', () => {
  test('does what its manifest says: attributes set properties that begin as they are documented, parts, slots and colours are there', async () => {
    const { modules } = JSON.parse(await readFile('dist/custom-elements.json', 'utf8')) as { modules: { declarations: Declaration[] }[] };
    const manifest = modules.flatMap(({ declarations }) => declarations).find(({ tagName }) => tagName === 'any-piano')!;
    const page = await browser.open();
    const found = await page.evaluate(async ({ attributes, slots, cssParts, cssProperties }) => {
      const element = document.createElement('any-piano');
      const read = (field: string): unknown => (element as unknown as Record<string, unknown>)[field];
      const defaults = attributes.map(({ fieldName }) => read(fieldName!));
      const values = attributes.map(({ name, fieldName, type }) => {
        element.setAttribute(name, type!.text === 'number' ? '0.25' : 'some');
        return read(fieldName!);
      });
      const { openPiano } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano();
      const root = piano.shadowRoot!;
      const missing = [
        ...cssParts.filter(({ name }) => root.querySelector(`[part~="${name}"]`) === null),
        ...slots.filter(({ name }) => root.querySelector(`slot[name="${name}"]`) === null),
      ].map(({ name }) => name);
      // A colour that is set outside reaches the elements inside.
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`any-piano { ${cssProperties.map(({ name }, i) => `${name}: rgb(${i} 7 7);`).join('')} } any-piano::part(foot) { opacity: 0.5 }`);
      document.adoptedStyleSheets = [sheet];
      const { color, backgroundColor } = getComputedStyle(piano);
      const colours = ['--any-piano-ink', '--any-piano-paper'].map((wanted) => `rgb(${cssProperties.findIndex(({ name }) => name === wanted)}, 7, 7)`);
      return { defaults, values, missing, seen: [color, backgroundColor], colours, opacity: getComputedStyle(root.querySelector('[part~=foot]')!).opacity };
    }, manifest);
    expect(manifest.attributes.length).toBeGreaterThan(15);
    manifest.attributes.forEach(({ name, type, default: first }, i) => {
      expect(found.values[i], name).toBe({ number: 0.25, boolean: true }[type!.text] ?? 'some');
      if (type!.text === 'boolean') expect(found.defaults[i], name).toBe(false);
      else if (first !== undefined && /^(?:''|[\d.]+)$/.test(first)) expect(found.defaults[i], name).toBe(first === "''" ? '' : Number(first));
    });
    expect(found.missing).toEqual([]);
    expect(found.seen).toEqual(found.colours);
    expect(found.opacity).toBe('0.5');
    await page.close();
  });

  test('alone on an empty page plays a key that is struck', async () => {
    const page = await browser.open();
    const sound = await page.evaluate(async () => {
      const { openPiano, record } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano();
      return record(piano, 0.5, () => piano.noteOn(60, 0.8));
    });
    expect(peakOf(sound)).toBeGreaterThan(1e-3);
    await page.close();
  });

  test('moves from one piano to another while notes sound, without a gap', async () => {
    const page = await browser.open();
    const sound = await page.evaluate(async () => {
      const { openPiano, record, wait } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano({ piano: 'first', towards: 'second' });
      piano.noteOn(45, 0.9);
      await wait(300);
      return record(piano, 1, () => {
        for (let step = 0; step <= 10; step++) setTimeout(() => (piano.morph = step / 10), 60 * step);
      });
    });
    const window = Math.round(sound.length / 20);
    for (let start = 0; start + window <= sound.length; start += window) {
      expect(peakOf(sound, start, start + window)).toBeGreaterThan(1e-4);
    }
    await page.close();
  });

  test('moves between one channel and a wide piano in a room, as its sliders say', async () => {
    const page = await browser.open();
    const { narrow, wide, set } = await page.evaluate(async () => {
      const { openPiano, wait } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano({ width: '0', room: '0' });
      const node = piano.node!;
      const splitter = new ChannelSplitterNode(node.context);
      const ears = [0, 1].map((channel) => {
        const ear = new AnalyserNode(node.context, { fftSize: 8192 });
        splitter.connect(ear, channel);
        return ear;
      });
      node.connect(splitter);
      /** Power of the difference between both sides, as a share of the power of the sum. */
      const difference = async (): Promise<number> => {
        node.panic();
        node.noteOn(30, 0.9);
        const heard = node.context.currentTime + 0.5;
        while (node.context.currentTime < heard) await wait(50);
        const [left, right] = ears.map((ear) => {
          const samples = new Float32Array(ear.fftSize);
          ear.getFloatTimeDomainData(samples);
          return samples;
        });
        const power = (sign: number): number => left!.reduce((sum, l, n) => sum + (l + sign * right![n]!) ** 2, 0);
        return power(-1) / power(1);
      };
      const narrow = await difference();
      const sliders = piano.renderRoot.querySelector('piano-tone')!.renderRoot.querySelectorAll<HTMLInputElement>('[name=width], [name=room]');
      for (const slider of sliders) {
        slider.value = '1';
        slider.dispatchEvent(new Event('input'));
      }
      await piano.updateComplete;
      return { narrow, wide: await difference(), set: [node.width.value, node.room.value] };
    });
    expect(set).toEqual([1, 1]);
    expect(narrow).toBe(0);
    expect(wide).toBeGreaterThan(0.01);
    await page.close();
  });

  test('answers bad files with a sentence, and goes on playing', async () => {
    const page = await browser.open();
    const foreign = serialiseStyle({ ...STYLES[0]!, id: 'foreign', name: 'Foreign', model: 'another-model' });
    const files = [
      ['cut.mid', [...Buffer.from('MThd'), 0, 0, 0, 6, 0, 1]],
      ['noise.mid', Array.from({ length: 300 }, (_, i) => (i * 73) % 256)],
      ['broken.json', '{"format": "anypiano-style/1", '],
      ['foreign.json', foreign],
      ['film.mp4', 'not for a piano'],
    ] as const;
    const { answers, sound } = await page.evaluate(async (given) => {
      const { openPiano, drop, record } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano();
      const answers: string[] = [];
      for (const [name, content] of given) answers.push(await drop(piano, name, content));
      return { answers, sound: await record(piano, 0.5, () => piano.noteOn(60, 0.8)) };
    }, files);
    expect(answers).toHaveLength(files.length);
    answers.forEach((answer, i) => {
      expect(answer).toContain(files[i]![0] === 'foreign.json' ? 'Foreign' : files[i]![0]);
      expect(answer).not.toContain('\n');
    });
    expect(peakOf(sound)).toBeGreaterThan(1e-3);
    await page.close();
  });

  test.each([
    ['that are cut short', { '/pretrained/model.safetensors': new Uint8Array(1000) }, 'model.safetensors'],
    ['that are not there', { '/pretrained/styles/index.json': '[]' }, 'index.json'],
  ])('says which file is at fault for weights or styles %s', async (_, files, name) => {
    const page = await browser.open(files);
    await expect(page.evaluate(() => (globalThis as PageGlobal).inPage.openPiano().then(() => 'ready'))).rejects.toThrow(name);
    await page.close();
  });
});

describe('under a content security policy', () => {
  test('the worklet is loaded by its URL, and the piano plays', async () => {
    const page = await browser.open({}, { 'content-security-policy': `${SECURE} 'wasm-unsafe-eval'` });
    const violations: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
    const sound = await page.evaluate(async () => {
      const { openPiano, record } = (globalThis as PageGlobal).inPage;
      const piano = await openPiano();
      return record(piano, 0.5, () => piano.noteOn(60, 0.8));
    });
    expect(peakOf(sound)).toBeGreaterThan(1e-3);
    expect(violations).toEqual([]);
    await page.close();
  });

  test('that forbids WebAssembly the piano says what to allow', async () => {
    const page = await browser.open({}, { 'content-security-policy': SECURE });
    await expect(page.evaluate(() => (globalThis as PageGlobal).inPage.openPiano().then(() => 'ready'))).rejects.toThrow('wasm-unsafe-eval');
    await page.close();
  });
});
