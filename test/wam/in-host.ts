/** Runs in the page under test: a host of Web Audio Modules as the WAM examples have it, and instruments to look into it. */
import type { WamEvent, WebAudioModule } from '@webaudiomodules/api';
import { initializeWamHost } from '@webaudiomodules/sdk';
import { PianoNode } from '../../worklet/node.ts';
import { parseStyle, type Style } from '../../model/style.ts';
import type { PianoWamNode } from '../../ui/wam/wam-node.ts';

export interface Host<C extends BaseAudioContext = BaseAudioContext> {
  readonly context: C;
  readonly groupId: string;
  readonly key: string;
}

type Constructor = typeof WebAudioModule;

const wait = (milliseconds: number): Promise<void> => new Promise((passed) => setTimeout(passed, milliseconds));

async function makeHost<C extends BaseAudioContext>(context: C): Promise<Host<C>> {
  const [groupId, key] = await initializeWamHost(context);
  return { context, groupId, key };
}

const openHost = (sampleRate = 48000): Promise<Host<AudioContext>> => makeHost(new AudioContext({ sampleRate }));
const offlineHost = (seconds: number, sampleRate = 48000): Promise<Host<OfflineAudioContext>> => makeHost(new OfflineAudioContext(2, seconds * sampleRate, sampleRate));

/** Makes a module from its address, and nothing else. */
async function load(host: Pick<Host, 'groupId' | 'context'>, url = '/wam/index.js', state?: unknown): Promise<WebAudioModule<PianoWamNode>> {
  const { default: Module } = (await import(new URL(url, location.href).href)) as { default: Constructor };
  return Module.createInstance<PianoWamNode>(host.groupId, host.context, state);
}

const midi = (time: number, ...bytes: [number, number, number]): WamEvent => ({ type: 'wam-midi', time, data: { bytes } });
const automate = (time: number, id: string, value: number): WamEvent => ({ type: 'wam-automation', time, data: { id, value, normalized: false } });

/** What a module plays in an off-line context. */
async function render(seconds: number, events: readonly WamEvent[], rate = 48000, state?: unknown): Promise<number[][]> {
  const host = await offlineHost(seconds, rate);
  const { audioNode } = await load(host, undefined, state);
  audioNode.connect(host.context.destination);
  audioNode.scheduleEvents(...events);
  await audioNode.getParameterValues();
  return channels(await host.context.startRendering());
}

/** What the plain node of the package plays in an off-line context: the oracle. */
async function renderNode(seconds: number, play: string, rate = 48000, styleId = 'first'): Promise<number[][]> {
  const context = new OfflineAudioContext(2, seconds * rate, rate);
  const weights = await (await fetch('/pretrained/model.safetensors')).arrayBuffer();
  const node = await PianoNode.create(context, { weights, style: await fetchStyle(styleId), baseUrl: location.href, width: 0.7, room: 0.2 });
  node.connect(context.destination);
  (new Function('node', play) as (node: PianoNode) => void)(node);
  await node.received();
  return channels(await context.startRendering());
}

async function fetchStyle(id: string): Promise<Style> {
  return parseStyle(await (await fetch(`/pretrained/styles/${id}.json`)).text(), id);
}

function channels(sound: AudioBuffer): number[][] {
  return Array.from({ length: sound.numberOfChannels }, (_, c) => Array.from(sound.getChannelData(c)));
}

/** The next `seconds` of a node's first channel. */
async function record(node: AudioNode, seconds: number): Promise<number[]> {
  const { context } = node;
  await context.audioWorklet.addModule('/recorder.js');
  const recorder = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0 });
  const samples: number[] = [];
  const wanted = seconds * context.sampleRate;
  const done = new Promise<void>((recorded) => {
    recorder.port.onmessage = ({ data }: MessageEvent<Float32Array>): void => {
      for (const sample of data) samples.push(sample);
      if (samples.length >= wanted) recorded();
    };
  });
  node.connect(recorder);
  await done;
  node.disconnect(recorder);
  return samples.slice(0, wanted);
}

/** Processors that the group knows, and the compensation delay of the first in seconds, as the audio thread sees them. */
async function probe({ context, groupId, key }: Host): Promise<{ processors: number; delay: number | undefined }> {
  await context.audioWorklet.addModule('/probe.js');
  const node = new AudioWorkletNode(context, 'probe', { numberOfInputs: 0, processorOptions: { groupId, key } });
  return new Promise((answered) => (node.port.onmessage = ({ data }: MessageEvent<{ processors: number; delay: number | undefined }>): void => answered(data)));
}

export const inHost = { openHost, offlineHost, load, midi, automate, render, renderNode, record, probe, fetchStyle, wait };
export type InHost = typeof inHost;
Object.assign(globalThis, { inHost });
