import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseStyle, serialiseStyle } from '../../model/style.ts';
import type { PianoCredits } from '../../ui/piano-credits.ts';
import type { PianoMap } from '../../ui/piano-map.ts';
import { shortNames } from '../../ui/piano-name.ts';
import { peakOf } from '../worklet/fixtures.ts';
import { DemoBrowser, dropFile, listen, pressPlay, shares } from './demo-page.ts';

let browser: DemoBrowser;
beforeAll(async () => void (browser = await DemoBrowser.start()));
afterAll(() => browser.close());

test('the knob is dragged over the map to another piano and into the land between, while a note sounds', async () => {
  const { page, complaints } = await browser.open();
  await pressPlay(page);
  const map = page.locator('piano-map .land');
  const dots = await map.locator('.piano').evaluateAll((circles) =>
    circles.map((circle) => [Number(circle.getAttribute('cx')), Number(circle.getAttribute('cy'))]),
  );
  expect(dots.length).toBe(9);
  const box = (await map.boundingBox())!;
  const ids = await page.locator('piano-map').evaluate((element) => (element as PianoMap).map!.places.map(({ id }) => id));
  expect(await shares(page)).toEqual({ [ids[0]!]: 1 });

  await page.keyboard.down('KeyZ');
  const knob = (await page.getByRole('slider', { name: /between the pianos/ }).boundingBox())!;
  await page.mouse.move(knob.x + knob.width / 2, knob.y + knob.height / 2);
  await page.mouse.down();
  const goal = ids.indexOf('cp80');
  await page.mouse.move(box.x + dots[goal]![0]!, box.y + dots[goal]![1]!, { steps: 12 });
  expect(await shares(page)).toEqual({ cp80: 1 });
  expect(await page.getByRole('radio', { name: /CP80/ }).isChecked()).toBe(true);

  // Half-way to another piano that is its neighbour.
  const other = ids.indexOf('steinhoff-upright');
  const [x, y] = [0, 1].map((i) => (dots[goal]![i]! + dots[other]![i]!) / 2);
  await page.mouse.move(box.x + x!, box.y + y!, { steps: 4 });
  await page.mouse.up();
  const half = await shares(page);
  expect(half['cp80']).toBeCloseTo(0.5, 1);
  expect(half['steinhoff-upright']).toBeCloseTo(0.5, 1);
  expect(peakOf(await listen(page, 0.3))).toBeGreaterThan(1e-4);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('arrow keys move the knob, and a screen reader hears the mixture', async () => {
  const { page } = await browser.open();
  const knob = page.getByRole('slider', { name: /between the pianos/ });
  await knob.focus();
  const before = await shares(page);
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown');
  const after = await shares(page);
  expect(Object.keys(after).length).toBeGreaterThan(1);
  expect(after).not.toEqual(before);
  const text = (await knob.getAttribute('aria-valuetext'))!;
  const percents = [...text.matchAll(/(\d+) %/g)].map(([, value]) => Number(value));
  expect(percents.reduce((sum, value) => sum + value, 0)).toBeGreaterThanOrEqual(99);
  expect(percents.length).toBe(Object.keys(after).length);
  await page.context().close();
});

test('every piano has its name on the map when the mouse is over it, or when it is heard, however small the map', async () => {
  const { page } = await browser.open({ viewport: { width: 844, height: 390 } });
  const map = page.locator('piano-map .land');
  await map.waitFor();
  const names = (): Promise<string[]> => map.locator('text').allTextContents();
  const places = await page.locator('piano-map').evaluate((element) => (element as PianoMap).map!.places.map(({ name }) => name));
  const short = shortNames(places);
  const plain = await names();
  const unnamed = short.filter((name) => !plain.includes(name));
  expect(unnamed.length).toBeGreaterThan(0);
  const box = (await map.boundingBox())!;
  for (const name of unnamed) {
    const dot = map.locator('.piano').nth(short.indexOf(name));
    const [x, y] = [Number(await dot.getAttribute('cx')), Number(await dot.getAttribute('cy'))];
    // Which names give way depends on the piano that is heard.
    const before = (await names()).toSorted();
    await page.mouse.move(box.x + x, box.y + y);
    await expect.poll(names).toContain(name);
    await page.mouse.move(box.x + 2, box.y + 2);
    await expect.poll(async () => (await names()).toSorted()).toEqual(before);
    await page.mouse.click(box.x + x, box.y + y);
    await page.mouse.move(box.x + 2, box.y + 2);
    await expect.poll(names).toContain(name);
  }
  await page.context().close();
});

test('names stay on the map wherever the knob goes, and beside it', async () => {
  const { page } = await browser.open({ viewport: { width: 1024, height: 768 } });
  const knob = page.getByRole('slider', { name: /between the pianos/ });
  await knob.waitFor();
  const land = (await page.locator('piano-map .land').boundingBox())!;
  const hidden: string[] = [];
  for (const [x, y] of [[0.1, 0.1], [0.3, 0.2], [0.35, 0.5], [0.5, 0.3], [0.5, 0.5], [0.6, 0.6], [0.2, 0.6], [0.9, 0.9]] as const) {
    await page.mouse.click(land.x + x * land.width, land.y + y * land.height);
    await page.mouse.move(land.x + 1, land.y + 1);
    const box = (await knob.boundingBox())!;
    const names = await page.locator('piano-map text').evaluateAll((labels) =>
      labels.map((label) => {
        const { left, top, right, bottom } = label.getBoundingClientRect();
        return { text: label.textContent, meant: label.classList.contains('meant'), left, top, right, bottom };
      }),
    );
    expect(names.some(({ meant }) => meant)).toBe(true);
    // Boxes are higher than letters.
    const meet = names.flatMap((a, i) => names.slice(0, i).filter((b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 6 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6).map((b) => `${a.text} and ${b.text} at ${x}, ${y}`));
    hidden.push(...meet);
    for (const { text, meant, left, top, right, bottom } of names) {
      // Letters are not all equally wide.
      const outside = left < land.x - 6 || right > land.x + land.width + 6 || top < land.y - 6 || bottom > land.y + land.height + 6;
      expect(outside, `${text} at ${x}, ${y}`).toBe(false);
      const covered = Math.min(right, box.x + box.width) - Math.max(left, box.x);
      if (meant && covered > box.width / 2 && top < box.y + box.height / 2 && bottom > box.y + box.height / 2) hidden.push(`${text} at ${x}, ${y}`);
    }
  }
  expect(hidden).toEqual([]);
  await page.context().close();
});

test('of a mixture, the player’s own piano is deleted and nothing else, and Undo brings it back', async () => {
  const { page } = await browser.open();
  await page.locator('piano-map .land').waitFor();
  const style = parseStyle(await readFile('model/pretrained/styles/cp80.json', 'utf8'), 'cp80');
  await dropFile(page, 'attic.json', serialiseStyle({ ...style, id: 'attic', name: 'From the attic' }));
  await expect.poll(() => shares(page)).toEqual({ attic: 1 });
  await page.locator('any-piano').evaluate((piano) => Object.assign(piano, { blend: [{ id: 'attic', share: 0.7 }, { id: 'salamander-c5', share: 0.3 }] }));
  const names = async (): Promise<(string | undefined)[]> => (await page.locator('piano-credits').evaluate((credits) => (credits as PianoCredits).pianos)).map(({ name }) => name);
  const before = await names();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect.poll(() => page.locator('piano-notice .message span').innerText()).toBe('From the attic was deleted.');
  await expect.poll(async () => (await names()).length).toBe(before.length - 1);
  expect(await shares(page)).toEqual({ 'salamander-c5': 1 });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => shares(page)).toEqual({ attic: 1 });
  expect(await names()).toEqual(before);
  await page.context().close();
});

test('a piano that is dropped on the page is played and finds its place on the map, where all others stay', async () => {
  const { page } = await browser.open();
  await pressPlay(page);
  await page.locator('piano-map .land').waitFor();
  const places = (): Promise<Record<string, readonly [number, number]>> =>
    page.locator('piano-map').evaluate((element) => Object.fromEntries((element as PianoMap).map!.places.map(({ id, x, y }) => [id, [x, y]])));
  const before = await places();
  const style = parseStyle(await readFile('model/pretrained/styles/cp80.json', 'utf8'), 'cp80');
  // As the command line makes a style of a recording about which nothing is said.
  const own = { ...style, id: 'attic', name: 'From the attic', credit: 'unknown', licence: 'unknown' };
  await dropFile(page, 'attic.json', serialiseStyle(own));
  await expect.poll(() => shares(page)).toEqual({ attic: 1 });
  await expect.poll(async () => Object.keys(await places()).length).toBe(10);
  const { attic, ...others } = await places();
  expect(others).toEqual(before);
  // It sounds as the piano does from which it was made, and so lies there.
  expect(attic![0]).toBeCloseTo(before['cp80']![0], 9);
  expect(attic![1]).toBeCloseTo(before['cp80']![1], 9);
  await page.keyboard.down('KeyQ');
  expect(peakOf(await listen(page, 0.3))).toBeGreaterThan(1e-3);
  expect((await page.locator('piano-credits .line span').textContent())!.trim()).toBe('');
  await page.getByRole('button', { name: 'The pianos' }).click();
  const dialog = page.getByRole('dialog', { name: 'The pianos' });
  expect(await dialog.getByText('unknown').count()).toBe(0);
  await expect.poll(() => dialog.evaluate((element) => element.scrollTop)).toBe(0);
  expect(await dialog.getByRole('heading', { name: 'The pianos' }).evaluate((heading) => heading.getBoundingClientRect().top >= 0)).toBe(true);
  await page.context().close();
});

test('two places on the map sound different, one place sounds the same twice', async () => {
  const { page } = await browser.open();
  await pressPlay(page);
  /** Spectral balance of one struck note: energy of the differences over that of the samples. */
  const brightness = async (name: RegExp): Promise<number> => {
    await page.getByRole('radio', { name }).check({ force: true });
    await page.waitForTimeout(400);
    // While the key is down: as it comes up, its damper and the action are heard, not the strings.
    await page.keyboard.down('KeyQ');
    const sound = await listen(page, 0.4);
    await page.keyboard.up('KeyQ');
    await page.waitForTimeout(1200);
    const differences = sound.slice(1).map((x, i) => x - sound[i]!);
    const energy = (samples: readonly number[]): number => samples.reduce((sum, x) => sum + x * x, 0);
    return energy(differences) / energy(sound);
  };
  // The first listening of a page loads what records it, and so begins late.
  await listen(page, 0.05);
  const [first, second, again] = [await brightness(/Salamander/), await brightness(/CP80/), await brightness(/Salamander/)];
  expect(Math.abs(Math.log(again / first))).toBeLessThan(0.5 * Math.abs(Math.log(second / first)));
  await page.context().close();
});
