import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { peakOf } from '../worklet/fixtures.ts';
import { HostBrowser, type HostGlobal } from './host-page.ts';

let browser: HostBrowser;
let page: Page;
beforeAll(async () => {
  browser = await HostBrowser.start(['gain']);
  page = await browser.open();
});
afterAll(() => browser.close());

const RATE = 48000;
const AUDIBLE = 1e-3;
/** Room and width are moved with the block, and interpolated styles differ in the last bit. */
const BLOCK = 128;
const NEARLY = 1e-4;

const difference = (a: readonly number[], b: readonly number[]): number => peakOf(a.map((x, i) => x - b[i]!));

test('answers as a Web Audio Module, and says who it is', async () => {
  const descriptor = JSON.parse(readFileSync('ui/wam/descriptor.json', 'utf8')) as Record<string, unknown>;
  const found = await page.evaluate(async () => {
    const { openHost, load } = (globalThis as HostGlobal).inHost;
    const host = await openHost();
    const [one, other] = [await load(host), await load(host)];
    const node = one.audioNode;
    const answer = {
      served: (await (await fetch('/wam/descriptor.json')).json()) as unknown,
      descriptor: { ...one.descriptor },
      flags: [one.isWebAudioModule, one.initialized, node instanceof AudioNode, node.module === one],
      ids: [one.moduleId, node.moduleId, node.groupId === host.groupId, node.instanceId === one.instanceId, one.instanceId === other.instanceId],
    };
    node.destroy();
    other.audioNode.destroy();
    await host.context.close();
    return answer;
  });
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(descriptor['version']).toBe(version);
  expect(found.served).toEqual(descriptor);
  expect(found.descriptor).toEqual(descriptor);
  expect(found.flags).toEqual([true, true, true, true]);
  expect(found.ids).toEqual([descriptor['identifier'], descriptor['identifier'], true, true, false]);
});

test('a song of MIDI events sounds as the plain node plays it, bit for bit', async () => {
  const [wam, node] = await page.evaluate(() => {
    const { render, renderNode, midi } = (globalThis as HostGlobal).inHost;
    const song = [
      midi(0.1, 0x90, 60, 100),
      midi(0.1003, 0xb0, 64, 80),
      midi(0.3, 0x80, 60, 0),
      midi(0.35, 0xb0, 67, 127),
      midi(0.4, 0x9f, 67, 40),
      midi(0.45, 0xb0, 7, 90),
      midi(0.5, 0xb0, 11, 60),
      midi(0.55, 0xb0, 66, 127),
      midi(0.6, 0xb0, 121, 0),
      midi(0.7, 0xb0, 123, 0),
      midi(0.75, 0x90, 40, 127),
      midi(0.85, 0xb0, 120, 0),
    ];
    const play = song.map(({ time, data }) => `node.midi(Uint8Array.of(${(data as { bytes: number[] }).bytes.join()}), ${time});`).join('\n');
    return Promise.all([render(1, song), renderNode(1, play)]);
  });
  for (const channel of [0, 1]) {
    expect(wam[channel]!.findIndex((x) => Math.abs(x) > AUDIBLE)).toBeGreaterThanOrEqual(0.1 * RATE - 1);
    expect(peakOf(wam[channel]!)).toBeGreaterThan(10 * AUDIBLE);
    expect(difference(wam[channel]!, node[channel]!)).toBe(0);
  }
});

test('volume, expression and pedals are automated at their frame, as controllers are', async () => {
  const [wam, node] = await page.evaluate(() => {
    const { render, renderNode, midi, automate } = (globalThis as HostGlobal).inHost;
    const events = [
      automate(0, 'sustain', 100),
      midi(0.1, 0x90, 50, 100),
      midi(0.15, 0x80, 50, 0),
      automate(0.21, 'volume', 50),
      automate(0.33, 'expression', 20),
      automate(0.5, 'expression', 100),
      automate(0.61, 'sustain', 0),
      automate(0.7, 'soft', 100),
      automate(0.71, 'sostenuto', 1),
      midi(0.75, 0x90, 62, 90),
    ];
    const play = `
      node.control(64, 127, 0); node.noteOn(50, 100 / 127, 0.1); node.noteOff(50, 0.15); node.control(7, 63.5, 0.21);
      node.control(11, 25.4, 0.33); node.control(11, 127, 0.5); node.control(64, 0, 0.61); node.control(67, 127, 0.7);
      node.control(66, 127, 0.71); node.noteOn(62, 90 / 127, 0.75);`;
    return Promise.all([render(1, events), renderNode(1, play)]);
  });
  expect(peakOf(wam[0]!)).toBeGreaterThan(10 * AUDIBLE);
  expect(difference(wam[0]!, node[0]!)).toBeLessThan(1e-6);
});

test('width and room move at their time: both sides are one until then, and a room rings afterwards', async () => {
  const sound = await page.evaluate(() => {
    const { render, midi, automate } = (globalThis as HostGlobal).inHost;
    const events = [automate(0, 'width', 0), automate(0, 'room', 0), midi(0.1, 0x90, 45, 110), automate(0.5, 'width', 100), midi(0.8, 0xb0, 120, 0), automate(0.9, 'room', 0)];
    return Promise.all([render(1.5, events), render(1.5, [...events.slice(0, 2), automate(0.4, 'room', 100), ...events.slice(2, 5)])]);
  });
  const [[left, right], [roomy]] = sound as [[number[], number[]], [number[]]];
  const apart = left.findIndex((x, n) => x !== right[n]);
  // Both settings glide in from their defaults at the start.
  const settled = left.findIndex((x, n) => n > 0.09 * RATE && x !== right[n]);
  expect(apart).toBeGreaterThanOrEqual(0);
  expect(Math.abs(settled - 0.5 * RATE)).toBeLessThanOrEqual(BLOCK);
  const inSilence = (channel: readonly number[]): number => peakOf(channel.slice(0.85 * RATE, 0.95 * RATE));
  // What is left without a room is the DC blocker's.
  expect(inSilence(roomy)).toBeGreaterThan(10 * inSilence(left));
  expect(inSilence(roomy)).toBeGreaterThan(AUDIBLE);
});

test('brightness, hammers, pitch and tuning are automated, and sound as the same settings of the plain node do', async () => {
  const [plain, ...pairs] = await page.evaluate(() => {
    const { render, renderNode, midi, automate } = (globalThis as HostGlobal).inHost;
    const note = midi(0.3, 0x90, 45, 100);
    const settings = [['brightness', 2, 2], ['hammer', -80, -0.8], ['concertPitch', 452, 452], ['inTune', 100, 1]] as const;
    return Promise.all([
      renderNode(1, 'node.noteOn(45, 100 / 127, 0.3)'),
      ...settings.flatMap(([id, value, own]) => [
        render(1, [automate(0.1, id, value), note]),
        renderNode(1, `node.${id} = ${own}; node.noteOn(45, 100 / 127, 0.3)`),
      ]),
    ]);
  });
  for (let i = 0; i < pairs.length; i += 2) {
    const [wam, node] = [pairs[i]![0]!, pairs[i + 1]![0]!];
    expect(difference(node, plain![0]!) / peakOf(node)).toBeGreaterThan(0.02);
    expect(difference(wam, node) / peakOf(node)).toBeLessThan(NEARLY);
  }
});

test('piano, towards and morph play one piano, the other, and what lies between', async () => {
  const [first, second, chosen, morphed, between, program] = await page.evaluate(() => {
    const { render, renderNode, midi, automate } = (globalThis as HostGlobal).inHost;
    const note = midi(0.3, 0x90, 76, 100);
    return Promise.all([
      renderNode(1, 'node.noteOn(76, 100 / 127, 0.3)'),
      renderNode(1, 'node.noteOn(76, 100 / 127, 0.3)', 48000, 'second'),
      render(1, [automate(0.1, 'piano', 1), note]),
      render(1, [automate(0.1, 'morph', 100), note]),
      render(1, [automate(0.1, 'morph', 50), note]),
      render(1, [midi(0.1, 0xc0, 1, 0), note]),
    ]);
  });
  const scale = peakOf(second![0]!);
  expect(difference(first![0]!, second![0]!) / scale).toBeGreaterThan(0.05);
  for (const sound of [chosen, morphed, program]) expect(difference(sound![0]!, second![0]!) / scale).toBeLessThan(NEARLY);
  expect(difference(between![0]!, first![0]!) / scale).toBeGreaterThan(0.02);
  expect(difference(between![0]!, second![0]!) / scale).toBeGreaterThan(0.02);
});

test('every parameter that the module names is heard when it is automated', async () => {
  const { ids, plain, moved } = await page.evaluate(async () => {
    const { openHost, load, render, midi, automate } = (globalThis as HostGlobal).inHost;
    const host = await openHost();
    const { audioNode } = await load(host);
    const infos = Object.values(await audioNode.getParameterInfo());
    audioNode.destroy();
    await host.context.close();
    // A key that comes up, and one that is struck beside it, half-way between two pianos.
    const scene = [automate(0, 'morph', 50), midi(0.1, 0x90, 40, 90), midi(0.3, 0x80, 40, 0), midi(0.35, 0x90, 52, 90)];
    const plain = await render(0.8, scene);
    const moved: number[][][] = [];
    for (const { id, minValue, maxValue, defaultValue } of infos) moved.push(await render(0.8, [...scene, automate(0.2, id, defaultValue === maxValue ? minValue + 0.3 * (maxValue - minValue) : id === 'piano' || id === 'towards' ? 1 - defaultValue : maxValue)]));
    return { ids: infos.map(({ id }) => id), plain, moved };
  });
  const start = 0.2 * RATE - BLOCK;
  const change = (sound: readonly number[][], from: number, to?: number): number =>
    Math.max(...sound.map((channel, c) => difference(channel.slice(from, to), plain[c]!.slice(from, to)))) / peakOf(plain[0]!);
  const changes = Object.fromEntries(ids.map((id, i) => [id, change(moved[i]!, start)]));
  for (const id of ids) expect(changes[id], id).toBeGreaterThan(1e-3);
  // And not before its time.
  for (const [i, id] of ids.entries()) expect(change(moved[i]!, 0, start), id).toBe(0);
});

test('every parameter has a range, a unit and words for its values, and keeps what it is set to', async () => {
  const { infos, words, values, shares, odd } = await page.evaluate(async () => {
    const { openHost, load } = (globalThis as HostGlobal).inHost;
    const host = await openHost();
    const node = (await load(host)).audioNode;
    const infos = await node.getParameterInfo();
    const middle = Object.fromEntries(Object.values(infos).map(({ id, minValue, maxValue, type }) => [id, { id, value: type === 'float' ? minValue + 0.25 * (maxValue - minValue) : maxValue, normalized: false }]));
    await node.setParameterValues(middle);
    const values = await node.getParameterValues();
    const shares = await node.getParameterValues(true, 'room', 'touch', 'nothing');
    await node.setParameterValues({ room: { id: 'room', value: 0.75, normalized: true }, width: { id: 'width', value: NaN, normalized: false }, volume: { id: 'volume', value: 400, normalized: false }, nothing: { id: 'nothing', value: 1, normalized: false } });
    const odd = await node.getParameterValues(false, 'room', 'width', 'volume');
    const words = Object.values(infos).map((info) => [info.valueString(info.maxValue), info.denormalize(info.normalize(info.defaultValue)) === info.defaultValue] as const);
    node.destroy();
    await host.context.close();
    return { infos: Object.values(infos).map((info) => ({ ...info })), words, values, shares, odd };
  });
  expect(infos.map(({ id }) => id)).toEqual(['piano', 'towards', 'morph', 'volume', 'expression', 'sustain', 'sostenuto', 'soft', 'brightness', 'hammer', 'concertPitch', 'inTune', 'width', 'room', 'resonance', 'touch']);
  expect(infos[0]!.choices).toEqual(['The first piano', 'The second piano', 'Own piano']);
  expect(words.map(([word]) => word)).toEqual(['Own piano', 'Own piano', '100 %', '100 %', '100 %', '100 %', 'on', '100 %', '3 dB/octave', '100 %', '466 Hz', '100 %', '100 %', '100 %', '100 %', '100 %']);
  expect(words.every(([, same]) => same)).toBe(true);
  expect(Object.values(values).map(({ value }) => value)).toEqual([2, 2, 25, 25, 25, 25, 1, 25, -1.5, -50, 427.75, 25, 25, 25, 25, -50]);
  expect(Object.values(shares)).toEqual([{ id: 'room', value: 0.25, normalized: true }, { id: 'touch', value: 0.25, normalized: true }]);
  expect(Object.values(odd).map(({ value }) => value)).toEqual([75, 25, 100]);
});

test('listeners hear an event when it is played, and none that was cleared', async () => {
  const heard = await page.evaluate(async () => {
    const { openHost, load, midi, automate, wait } = (globalThis as HostGlobal).inHost;
    const host = await openHost();
    const { audioNode } = await load(host);
    audioNode.connect(host.context.destination);
    const heard: { type: string; late: number }[] = [];
    const now = host.context.currentTime;
    for (const type of ['wam-midi', 'wam-automation'] as const) {
      audioNode.addEventListener(type, ({ detail }) => heard.push({ type: detail.type, late: host.context.currentTime - detail.time! }));
    }
    audioNode.scheduleEvents(automate(now + 0.3, 'room', 50), midi(now + 0.2, 0x90, 60, 90));
    await wait(600);
    audioNode.scheduleEvents(midi(host.context.currentTime + 0.2, 0x90, 62, 90));
    audioNode.clearEvents();
    await wait(500);
    audioNode.destroy();
    await host.context.close();
    return heard;
  });
  expect(heard.map(({ type }) => type)).toEqual(['wam-midi', 'wam-automation']);
  for (const { late } of heard) expect(late).toBeGreaterThan(-0.02);
  for (const { late } of heard) expect(late).toBeLessThan(0.25);
});

test('another module that is connected plays it, and falls silent where it is disconnected', async () => {
  const { connected, disconnected, heard } = await page.evaluate(async () => {
    const { openHost, load, midi, record, wait } = (globalThis as HostGlobal).inHost;
    const host = await openHost();
    const piano = await load(host);
    const keys = await load(host, '/effects/gain.js');
    keys.audioNode.connect(host.context.destination);
    piano.audioNode.connect(host.context.destination);
    const heard: string[] = [];
    piano.audioNode.addEventListener('wam-midi', ({ detail }) => heard.push(Array.from(detail.data.bytes).join()));
    keys.audioNode.connectEvents(piano.instanceId);
    await wait(50);
    const strike = (): void => keys.audioNode.scheduleEvents(midi(host.context.currentTime, 0x90, 60, 110));
    strike();
    const connected = await record(piano.audioNode, 0.3);
    keys.audioNode.disconnectEvents(piano.instanceId);
    piano.audioNode.scheduleEvents(midi(host.context.currentTime, 0xb0, 120, 0));
    await wait(1500);
    strike();
    const disconnected = await record(piano.audioNode, 0.3);
    piano.audioNode.destroy();
    keys.audioNode.destroy();
    await host.context.close();
    return { connected, disconnected, heard };
  });
  expect(peakOf(connected)).toBeGreaterThan(AUDIBLE);
  expect(peakOf(disconnected)).toBeLessThan(1e-4);
  expect(heard).toEqual(['144,60,110', '176,120,0']);
});

test('system exclusive, unknown and damaged events are passed over, and the note after them sounds', async () => {
  const { sound, answered } = await page.evaluate(async () => {
    const { openHost, load, midi, record } = (globalThis as HostGlobal).inHost;
    const host = await openHost();
    const { audioNode } = await load(host);
    let answered = 0;
    audioNode.addEventListener('wam-sysex', () => answered++);
    const odd = [
      { type: 'wam-sysex', data: { bytes: Uint8Array.of(0xf0, 0x7e, 0x7f, 0x09, 0x01, 0xf7) } },
      { type: 'wam-osc', data: { bytes: new Uint8Array(3) } },
      { type: 'wam-transport', data: { playing: true } },
      { type: 'wam-midi', data: undefined },
      { type: 'wam-midi', data: { bytes: [] } },
      { type: 'wam-automation', data: { id: 'nothing', value: 1 } },
      { type: 'wam-automation', data: { id: 'volume', value: 'loud' } },
      { type: 'something' },
    ];
    audioNode.scheduleEvents(...(odd as unknown as ReturnType<typeof midi>[]), midi(0, 0x90, 60, 100));
    const sound = await record(audioNode, 0.4);
    audioNode.destroy();
    await host.context.close();
    return { sound, answered };
  });
  expect(peakOf(sound)).toBeGreaterThan(AUDIBLE);
  expect(answered).toBe(1);
});

test('the compensation delay is samples on the node and seconds on the processor', async () => {
  const { samples, seconds } = await page.evaluate(async () => {
    const { openHost, load, probe } = (globalThis as HostGlobal).inHost;
    const host = await openHost(44100);
    const { audioNode } = await load(host);
    const samples = await audioNode.getCompensationDelay();
    const { delay } = await probe(host);
    audioNode.destroy();
    await host.context.close();
    return { samples, seconds: delay! };
  });
  expect(seconds).toBeGreaterThan(1e-4);
  expect(samples).toBe(Math.round(seconds * 44100));
});
