import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { peakOf } from '../worklet/fixtures.ts';
import { DemoBrowser, listen, pressPlay, type DemoGlobal } from './demo-page.ts';

let browser: DemoBrowser;
let axe: string;
beforeAll(async () => {
  browser = await DemoBrowser.start();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
afterAll(() => browser.close());

const LEVEL_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core has against the page as it stands, in one line each. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(
    (values) => (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({ runOnly: { type: 'tag', values } }),
    LEVEL_AA,
  );
  expect(passes.length).toBeGreaterThan(10);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.flat().join(' ')}: ${failureSummary}`));
}

describe.each(['light', 'dark'] as const)('axe-core at level AA finds nothing in the %s page', (colorScheme) => {
  test('before the first touch, on every sheet, while a piece plays, and in the credits', async () => {
    const { page } = await browser.open({ colorScheme, reducedMotion: 'reduce' });
    expect(await violations(page)).toEqual([]);
    await pressPlay(page);
    await page.evaluate(() => (globalThis as DemoGlobal).fakeMidi.plug('Keys'));
    await page.getByRole('button', { name: 'Metronome' }).click();
    await page.getByRole('tab', { name: 'Touch' }).click();
    await page.getByRole('radio', { name: 'Keys' }).waitFor();
    await page.evaluate(() => (globalThis as DemoGlobal).fakeMidi.send('Keys', 0x90, 60, 100));
    expect(await violations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.keyboard.press('KeyZ', { delay: 50 });
    await page.getByRole('button', { name: 'Recording', exact: true }).click();
    await page.getByRole('tab', { name: 'Pieces' }).click();
    await page.getByRole('button', { name: 'Play Take 1' }).waitFor();
    await page.getByRole('button', { name: 'Play Prelude in C major' }).click();
    await page.getByRole('button', { name: 'Loop' }).click();
    await page.waitForTimeout(300);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Delete Take 1' }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    expect(await violations(page)).toEqual([]);

    await page.getByRole('tab', { name: 'Plugins' }).click();
    await page.getByRole('textbox', { name: 'Address of a plugin' }).waitFor();
    expect(await violations(page)).toEqual([]);

    await page.getByRole('tab', { name: 'Pianos' }).click();
    await page.getByRole('slider', { name: /between the pianos/ }).focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'The pianos' }).click();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });
});

test('axe-core finds nothing on a phone, nor where MIDI was refused', async () => {
  const { page } = await browser.open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, reducedMotion: 'reduce' });
  await page.evaluate(() => ((globalThis as DemoGlobal).fakeMidi.allowed = false));
  await pressPlay(page);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Touch' }).click();
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.context().close();
});

test('everything is reached with Tab, each with a focus that is seen as a whole, and a piece is played by keyboard alone', async () => {
  const { page } = await browser.open({ reducedMotion: 'reduce' });
  await page.getByRole('slider', { name: /between the pianos/ }).waitFor();
  const stops: string[] = [];
  const unseen: string[] = [];
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab');
    const { name, outlined } = await page.evaluate(() => {
      let element: Element | null = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      if (element === null || element === document.body) return { name: '', outlined: true };
      // A radio button that lies unseen over its name lends the name its outline.
      const shown = element.matches('label input') && getComputedStyle(element).opacity === '0' ? element.nextElementSibling! : element;
      const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(shown);
      const name = element.getAttribute('aria-label') ?? element.textContent.trim();
      const reach = parseFloat(outlineWidth) + parseFloat(outlineOffset) - 0.5;
      const ring = shown.getBoundingClientRect();
      // Whatever scrolls or clips around it, and the window.
      let whole = ring.left - reach >= 0 && ring.top - reach >= 0 && ring.right + reach <= innerWidth && ring.bottom + reach <= innerHeight;
      for (let node: Node | null = shown.parentNode; node !== null; node = node instanceof ShadowRoot ? node.host : node instanceof Element && node.assignedSlot !== null ? node.assignedSlot : node.parentNode) {
        if (!(node instanceof Element) || getComputedStyle(node).overflowY === 'visible') continue;
        const { left, top, right, bottom } = node.getBoundingClientRect();
        whole &&= ring.left - reach >= left && ring.top - reach >= top && ring.right + reach <= right && ring.bottom + reach <= bottom;
      }
      return { name: name || element.tagName, outlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && whole };
    });
    if (name === '') break;
    stops.push(name);
    if (!outlined) unseen.push(name);
  }
  expect(unseen).toEqual([]);
  for (const wanted of ['Pianos', 'Play', 'The pianos', 'Record', 'Metronome', 'C 4', 'Una corda pedal', 'Sostenuto pedal', 'Sustain pedal', 'Silence']) expect(stops).toContain(wanted);
  expect(stops.some((name) => name.startsWith('Place between the pianos'))).toBe(true);

  const active = (): Promise<string> =>
    page.evaluate(() => {
      let element: Element | null = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent.trim().replace(/\s+/g, ' ') ?? '';
    });
  const tabTo = async (name: string): Promise<void> => {
    for (let i = 0; i < 40 && !(await active()).startsWith(name); i++) await page.keyboard.press('Tab');
    expect(await active()).toContain(name);
  };
  await tabTo('Pianos');
  await page.keyboard.press('ArrowRight');
  expect(await active()).toBe('Pieces');
  await tabTo('Play Prelude in C major');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(1200);
  expect(peakOf(await listen(page, 0.3))).toBeGreaterThan(1e-3);
  await page.context().close();
});
