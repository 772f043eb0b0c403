import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { WamState } from '../../ui/wam/state.ts';
import { peakOf } from '../worklet/fixtures.ts';
import { HostBrowser, type HostGlobal } from './host-page.ts';

let browser: HostBrowser;
let page: Page;
beforeAll(async () => {
  browser = await HostBrowser.start();
  page = await browser.open();
});
afterAll(() => browser.close());

test('a state is JSON, brings back every setting and both pianos, and sounds the same in another context', async () => {
  const { state, again, moves, sounds } = await page.evaluate(async () => {
    const { openHost, load, midi, render, fetchStyle, wait } = (globalThis as HostGlobal).inHost;
    const host = await openHost();
    const one = await load(host);
    const style = await fetchStyle('second');
    // A piano that no list knows.
    one.audioNode.setStyle({ ...style, id: 'mine', name: 'My piano', embedding: style.embedding.map((x) => -x) });
    await one.audioNode.setParameterValues(
      Object.fromEntries(Object.entries({ morph: 30, volume: 80, width: 20, room: 65, touch: -40, sustain: 50, sostenuto: 1 }).map(([id, value]) => [id, { id, value, normalized: false }])),
    );
    const state = JSON.parse(JSON.stringify(await one.audioNode.getState())) as unknown;
    const other = await load(host);
    const moves: Record<string, number> = {};
    other.audioNode.addEventListener('wam-automation', ({ detail: { data } }) => (moves[data.id] = data.value));
    await other.audioNode.setState(state);
    const again = await other.audioNode.getState();
    // By its address and its state alone, as a host opens a project.
    const third = await load(host, undefined, state);
    const third_ = await third.audioNode.getState();
    for (const { audioNode } of [one, other, third]) audioNode.destroy();
    await host.context.close();
    await wait(0);
    const note = [midi(0.1, 0x90, 60, 100)];
    const sounds = await Promise.all([render(0.6, note, 48000, state), render(0.6, note, 48000, third_), render(0.6, note)]);
    return { state: state as WamState, again, moves, sounds: sounds.map(([left]) => left!) };
  });
  expect(state.format).toBe('anypiano-wam/1');
  expect(state.styles.piano.name).toBe('My piano');
  expect(state.styles.towards.name).toBe('The second piano');
  expect(state.parameters).toMatchObject({ morph: 30, volume: 80, width: 20, room: 65, touch: -40, sustain: 50, sostenuto: 1 });
  expect(again).toEqual(state);
  expect(moves).toEqual(state.parameters);
  expect(peakOf(sounds[0]!)).toBeGreaterThan(1e-3);
  expect(sounds[1]).toEqual(sounds[0]);
  expect(sounds[2]).not.toEqual(sounds[0]);
});

test('what is no state, or was made for other weights, is refused in one line, and nothing changes', async () => {
  const { problems, before, after } = await page.evaluate(async () => {
    const { openHost, load } = (globalThis as HostGlobal).inHost;
    const host = await openHost();
    // Hosts pass an empty object where they have no state.
    const { audioNode } = await load(host, undefined, {});
    const before = await audioNode.getState();
    const foreign = { ...before.styles.piano, model: 'other-1' };
    const problems: string[] = [];
    for (const state of [7, 'state', { parameterValues: {} }, { ...before, parameters: { volume: 'loud' } }, { ...before, styles: {} }, { ...before, styles: { ...before.styles, piano: foreign } }]) {
      await audioNode.setState(state).catch((error: Error) => problems.push(error.message));
    }
    await audioNode.setState(undefined);
    const after = await audioNode.getState();
    audioNode.destroy();
    await host.context.close();
    return { problems, before, after };
  });
  expect(problems).toHaveLength(6);
  for (const problem of problems) expect(problem).toMatch(/^state[^\n]*: [^\n]+$/);
  expect(problems.at(-1)).toContain('other-1');
  expect(after).toEqual(before);
});

test('a host without a group is told what it has to call first', async () => {
  const problem = await page.evaluate(async () => {
    const { load } = (globalThis as HostGlobal).inHost;
    const context = new AudioContext();
    const answer = await load({ context, groupId: 'nobody' }).then(() => 'none', (error: Error) => error.message);
    await context.close();
    return answer;
  });
  expect(problem).toContain('initializeWamHost');
});

test('after destroy it is silent, out of its group, and answers nothing more', async () => {
  const { before, after, sound, late } = await page.evaluate(async () => {
    const { openHost, load, midi, probe, record, wait } = (globalThis as HostGlobal).inHost;
    const host = await openHost();
    const one = await load(host);
    const other = await load(host);
    const before = (await probe(host)).processors;
    one.audioNode.connect(host.context.destination);
    one.audioNode.scheduleEvents(midi(0, 0x90, 60, 120));
    await wait(200);
    let late = 0;
    one.audioNode.addEventListener('wam-midi', () => late++);
    one.audioNode.scheduleEvents(midi(host.context.currentTime + 0.3, 0x90, 64, 120));
    one.audioNode.destroy();
    one.audioNode.destroy();
    one.audioNode.scheduleEvents(midi(0, 0x90, 67, 120));
    await wait(100);
    // Silence that flows, so that there is something to record.
    const bus = new GainNode(host.context);
    const nothing = new ConstantSourceNode(host.context, { offset: 0 });
    nothing.connect(bus);
    nothing.start();
    one.audioNode.connect(bus);
    const sound = await record(bus, 0.5);
    other.audioNode.destroy();
    await wait(100);
    const after = (await probe(host)).processors;
    await host.context.close();
    return { before, after, sound, late };
  });
  expect(before).toBe(2);
  expect(after).toBe(0);
  expect(peakOf(sound)).toBe(0);
  expect(late).toBe(0);
});
