import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WebAudioModule } from '@webaudiomodules/api';
import type { PianoWamNode } from '../../ui/wam/wam-node.ts';
import { HostBrowser, type HostGlobal } from './host-page.ts';

type GuiGlobal = HostGlobal & { readonly piano: WebAudioModule<PianoWamNode>; readonly gui: Element };

let browser: HostBrowser;
beforeAll(async () => void (browser = await HostBrowser.start()));
afterAll(() => browser.close());

const LEVEL_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

test('its face moves what it says and follows what a host moves, beside a piano of the page', async () => {
  const page = await browser.open();
  await page.evaluate(async () => {
    const { openHost, load } = (globalThis as HostGlobal).inHost;
    const host = await openHost();
    const piano = await load(host);
    piano.audioNode.connect(host.context.destination);
    const gui = await piano.createGui();
    document.querySelector('main')!.append(gui);
    Object.assign(globalThis, { piano, gui });
  });
  const value = (id: string): Promise<number> => page.evaluate(async (name) => (await (globalThis as GuiGlobal).piano.audioNode.getParameterValues(false, name))[name]!.value, id);

  await page.getByLabel('Room').fill('80');
  await expect.poll(() => value('room')).toBe(80);
  await page.getByLabel('Towards').selectOption('The first piano');
  await expect.poll(() => value('towards')).toBe(0);
  await page.evaluate(() => {
    const { inHost, piano } = globalThis as GuiGlobal;
    piano.audioNode.scheduleEvents(inHost.automate(0, 'volume', 33));
  });
  await expect.poll(() => page.getByLabel('Volume').inputValue()).toBe('33');

  const heard = page.evaluate(() => new Promise((played) => (globalThis as GuiGlobal).piano.audioNode.addEventListener('wam-midi', ({ detail }) => played(Array.from(detail.data.bytes)))));
  await page.getByRole('button', { name: 'C 4', exact: true }).press('Enter');
  expect(await heard).toEqual([0x90, 60, 89]);

  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate(
    (values) => (globalThis as unknown as { axe: { run(where: string, options: object): Promise<AxeResults> } }).axe.run('main', { runOnly: { type: 'tag', values } }),
    LEVEL_AA,
  );
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.failureSummary}`)).toEqual([]);

  const left = await page.evaluate(() => {
    const { piano, gui } = globalThis as GuiGlobal;
    piano.destroyGui(gui);
    piano.audioNode.destroy();
    return document.querySelectorAll('anypiano-wam').length;
  });
  expect(left).toBe(0);
  await page.close();
});
