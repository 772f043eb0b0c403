import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DemoBrowser, keysDown, pressPlay } from './demo-page.ts';

let browser: DemoBrowser;
beforeAll(async () => void (browser = await DemoBrowser.start()));
afterAll(() => browser.close());

const SCREENS = {
  'a phone': { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  'a phone on its side': { viewport: { width: 844, height: 390 }, hasTouch: true, isMobile: true },
  'a tablet': { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true },
  'a tablet on its side': { viewport: { width: 1024, height: 768 }, hasTouch: true, isMobile: true },
  'a small laptop': { viewport: { width: 1280, height: 720 } },
  'a wide display': { viewport: { width: 2560, height: 1200 } },
  'a large display': { viewport: { width: 3840, height: 2160 } },
};

describe.each(Object.entries(SCREENS))('on %s', (_, screen) => {
  test('all is on one screen, and no control lies outside it or under another', async () => {
    const { page } = await browser.open({ ...screen, reducedMotion: 'reduce' });
    await pressPlay(page);
    await page.getByRole('tab', { name: 'Pieces' }).click();
    await page.getByRole('button', { name: 'Play Prelude in C major' }).click();
    await page.getByRole('button', { name: 'Metronome' }).click();
    // The longest that is ever said of a processor.
    await page.locator('piano-status').evaluate((status) => Object.assign(status, { gaps: 52, economy: 2 }));
    for (const sheet of ['Pieces', 'Touch', 'Tone', 'Plugins', 'Pianos']) {
      await page.getByRole('tab', { name: sheet }).click();
      const scrolls = await page.evaluate(() => {
        const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
        return [scrollWidth - clientWidth, scrollHeight - clientHeight];
      });
      expect(scrolls).toEqual([0, 0]);
      const { width, height } = screen.viewport;
      const controls = page.locator('any-piano').locator('button:visible, select:visible, [role=slider]:visible, piano-pedal [role=button]:visible');
      const seen = await controls.evaluateAll((elements) =>
        elements.map((element) => {
          // What scrolls out of a sheet is reached by scrolling.
          element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
          const { left, top, right, bottom } = element.getBoundingClientRect();
          const [x, y] = [(left + right) / 2, (top + bottom) / 2];
          let hit = document.elementFromPoint(x, y);
          for (let inner = hit?.shadowRoot?.elementFromPoint(x, y); inner && inner !== hit; inner = hit?.shadowRoot?.elementFromPoint(x, y)) hit = inner;
          const name = element.getAttribute('aria-label') ?? element.textContent.trim();
          return { name, left, top, right, bottom, reached: element === hit || element.contains(hit) };
        }),
      );
      expect(seen.length).toBeGreaterThan(10);
      for (const { name, left, top, right, bottom, reached } of seen) {
        expect(left, name).toBeGreaterThanOrEqual(-1);
        expect(top, name).toBeGreaterThanOrEqual(-1);
        expect(right, name).toBeLessThanOrEqual(width + 1);
        expect(bottom, name).toBeLessThanOrEqual(height + 1);
        expect(reached, name).toBe(true);
      }
    }
    await page.context().close();
  });
});

test('type grows with the display: the smallest that is read is 11 pixels on a laptop and larger on wide displays, that on the map too', async () => {
  /** Smallest size of visible letters, through all shadows, in CSS pixels. */
  const smallest = async (width: number, height: number): Promise<{ least: number; map: number; apart: boolean }> => {
    const { page } = await browser.open({ viewport: { width, height }, reducedMotion: 'reduce' });
    await page.locator('piano-map text').first().waitFor();
    const found = await page.evaluate(() => {
      let least = Infinity;
      const visit = (node: Node): void => {
        if (node instanceof Text && node.data.trim() !== '') {
          const parent = node.parentElement ?? (node.getRootNode() as ShadowRoot).host;
          if (parent.tagName !== 'STYLE' && parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) least = Math.min(least, parseFloat(getComputedStyle(parent).fontSize));
        }
        if (node instanceof Element && node.shadowRoot !== null) visit(node.shadowRoot);
        node.childNodes.forEach(visit);
      };
      visit(document.querySelector('any-piano')!);
      const labels = [...document.querySelector('any-piano')!.shadowRoot!.querySelector('piano-chooser')!.shadowRoot!.querySelector('piano-map')!.shadowRoot!.querySelectorAll('text')];
      const boxes = labels.map((label) => label.getBoundingClientRect());
      // A label's box is higher than its letters.
      const inset = boxes[0]!.height / 4;
      const meet = (a: DOMRect, b: DOMRect): boolean => a.left < b.right && b.left < a.right && a.top + inset < b.bottom - inset && b.top + inset < a.bottom - inset;
      return { least, map: parseFloat(getComputedStyle(labels[0]!).fontSize), apart: !boxes.some((a, i) => boxes.some((b, j) => i < j && meet(a, b))) };
    });
    await page.context().close();
    return found;
  };
  const laptop = await smallest(1280, 720);
  expect(laptop.least).toBeGreaterThanOrEqual(11);
  for (const [width, height, least] of [[1920, 1080, 12], [2560, 1440, 15.5], [3840, 2160, 23]] as const) {
    const found = await smallest(width, height);
    expect(found.least, `${width}`).toBeGreaterThanOrEqual(least);
    expect(found.map, `${width}`).toBeGreaterThanOrEqual(least);
    expect(found.apart, `${width}`).toBe(true);
  }
});

test('the first touch of a key on a phone is heard, the pedal on the screen holds it, and the keys show it fade', async () => {
  const { page } = await browser.open(SCREENS['a phone']);
  const level = (): Promise<number> =>
    page.locator('piano-keyboard [data-note="60"]').evaluate((key) => Number((key as HTMLElement).dataset['level'] ?? 0));
  const session = await page.context().newCDPSession(page);
  const middle = async (selector: string): Promise<{ x: number; y: number }> => {
    const box = (await page.locator(selector).boundingBox())!;
    return { x: box.x + box.width / 2, y: box.y + 0.85 * box.height };
  };
  const key = { ...(await middle('piano-keyboard [data-note="60"]')), id: 1 };
  const pedal = { ...(await middle('piano-pedal[name=Sustain] [role=button]')), id: 2 };
  const touch = async (type: 'touchStart' | 'touchEnd', touchPoints: { x: number; y: number; id: number }[]): Promise<void> => {
    await session.send('Input.dispatchTouchEvent', { type, touchPoints });
  };
  await touch('touchStart', [key]);
  await expect.poll(level, { timeout: 3000, interval: 30 }).toBeGreaterThan(0.2);
  await touch('touchStart', [key, pedal]);
  await expect.poll(() => page.locator('piano-pedal[name=Sustain] [role=button]').getAttribute('aria-pressed')).toBe('true');
  await touch('touchEnd', [pedal]);
  await page.waitForTimeout(1000);
  const held = await level();
  expect(held).toBeGreaterThan(0);
  await page.waitForTimeout(1500);
  const later = await level();
  expect(later).toBeLessThan(held);
  expect(later).toBeGreaterThan(0);
  await touch('touchEnd', []);
  await expect.poll(level, { timeout: 5000 }).toBe(0);
  await page.context().close();
});

test('the computer’s keys play by their place on the board whatever letters they bear, and move by octaves', async () => {
  const { page } = await browser.open();
  await pressPlay(page);
  const session = await page.context().newCDPSession(page);
  const press = (type: 'keyDown' | 'keyUp', code: string, key: string): Promise<unknown> => session.send('Input.dispatchKeyEvent', { type, code, key, text: type === 'keyDown' ? key : '' });
  /** The key that goes down, on a German board. */
  const played = async (code: string, key: string): Promise<string[]> => {
    await press('keyDown', code, key);
    const down = await keysDown(page);
    await press('keyUp', code, key);
    return down;
  };
  expect(await played('KeyZ', 'y')).toEqual(['C 3']);
  expect(await played('KeyY', 'z')).toEqual(['A 4']);
  expect(await played('Semicolon', 'ö')).toEqual(['D sharp 4']);
  await press('keyDown', 'BracketRight', '+');
  await press('keyUp', 'BracketRight', '+');
  expect(await played('KeyZ', 'y')).toEqual(['C 4']);
  await page.getByRole('button', { name: 'Computer keys an octave lower' }).click();
  await page.getByRole('button', { name: 'Computer keys an octave lower' }).click();
  expect(await played('KeyZ', 'y')).toEqual(['C 2']);
  expect(await keysDown(page)).toEqual([]);
  await page.context().close();
});

test('the spectrogram draws a low note lower than a high one', async () => {
  const { page } = await browser.open();
  await pressPlay(page);
  /** Row of the strongest line in the last columns, from the top. */
  const strongest = (): Promise<number> =>
    page.locator('piano-spectrogram canvas').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data, width, height } = canvas.getContext('2d')!.getImageData(canvas.width - 5, 0, 5, canvas.height);
      const rows = Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => data[4 * (y * width + x) + 3]!).reduce((a, b) => a + b));
      return rows.indexOf(Math.max(...rows));
    });
  const play = async (note: number): Promise<number> => {
    await page.evaluate((key) => document.querySelector('any-piano')!.noteOn(key, 0.8), note);
    await page.waitForTimeout(500);
    const row = await strongest();
    await page.evaluate((key) => document.querySelector('any-piano')!.noteOff(key), note);
    await page.waitForTimeout(900);
    return row;
  };
  // Where the machine is too busy to draw just then, once more.
  await expect.poll(async () => (await play(48)) - (await play(96)), { timeout: 30_000 }).toBeGreaterThan(5);
  await page.context().close();
});

test('the keys that the player went to stay where they are when the window grows, in height or in width', async () => {
  const { page } = await browser.open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const lowest = (): Promise<number> =>
    page.locator('piano-keyboard').evaluate((keyboard) => {
      const { left } = keyboard.getBoundingClientRect();
      const keys = [...keyboard.shadowRoot!.querySelectorAll<HTMLElement>('.key.white')];
      return Number(keys.find((key) => key.getBoundingClientRect().left >= left - 2)!.dataset['note']);
    });
  const middle = await lowest();
  const down = page.getByRole('button', { name: 'Show lower keys' });
  await down.click();
  const moved = await lowest();
  expect(moved).toBeLessThan(middle);
  await page.setViewportSize({ width: 390, height: 700 });
  await page.waitForTimeout(200);
  expect(await lowest()).toBe(moved);
  await page.locator('any-piano').evaluate((piano) => (piano.style.display = 'none'));
  await page.waitForTimeout(100);
  await page.locator('any-piano').evaluate((piano) => piano.style.removeProperty('display'));
  await page.waitForTimeout(200);
  expect(await lowest()).toBe(moved);
  // Wider and back again.
  await page.setViewportSize({ width: 844, height: 390 });
  await page.waitForTimeout(200);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(200);
  expect(await lowest()).toBe(moved);
  await page.context().close();
});
