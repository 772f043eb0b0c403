/** Runs in the page under test: a MIDI keyboard that is not there, a recorder, and off-line rendering. */
import { PianoNode } from '../../worklet/node.ts';
import { parseStyle } from '../../model/style.ts';
import type { AnyPiano } from '../../ui/any-piano.ts';

/** One MIDI message for the off-line piano. */
export interface TimedMessage {
  readonly seconds: number;
  readonly bytes: readonly number[];
}

const wait = (milliseconds: number): Promise<void> => new Promise((passed) => setTimeout(passed, milliseconds));

/** A MIDI input as the browser would give it, which `send` plays. */
class FakeKeyboard extends EventTarget {
  readonly id = 'fake';
  readonly name = 'Fake Keyboard';
  readonly manufacturer = 'test';
  readonly version = '1';
  readonly type = 'input';
  readonly state = 'connected';
  connection = 'closed';
  onmidimessage: ((event: MIDIMessageEvent) => void) | null = null;
  onstatechange: (() => void) | null = null;

  open(): Promise<this> {
    this.connection = 'open';
    return Promise.resolve(this);
  }

  close(): Promise<this> {
    this.connection = 'closed';
    return Promise.resolve(this);
  }

  send(bytes: readonly number[]): void {
    this.onmidimessage?.(new MIDIMessageEvent('midimessage', { data: Uint8Array.from(bytes) }));
  }
}

const keyboard = new FakeKeyboard();
const access = {
  inputs: new Map([[keyboard.id, keyboard]]),
  outputs: new Map(),
  sysexEnabled: false,
  onstatechange: null,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
};

/** Makes the piano of the page ready to play. @throws Error with what `piano-error` said */
async function openPiano(attributes: Readonly<Record<string, string>> = {}): Promise<AnyPiano> {
  const piano = document.createElement('any-piano');
  piano.requestMidiAccess = () => Promise.resolve(access as unknown as MIDIAccess);
  // The site has files of its own, of one tier.
  piano.base = '/pretrained/';
  piano.tier = 'standard';
  for (const [name, value] of Object.entries(attributes)) piano.setAttribute(name, value);
  const ready = new Promise((resolve, reject) => {
    piano.addEventListener('piano-ready', resolve);
    piano.addEventListener('piano-error', (event) => reject(new Error((event as CustomEvent<string>).detail)));
  });
  document.body.append(piano);
  await ready;
  piano.start();
  await new Promise<void>((running) => {
    const { context } = piano.node!;
    if (context.state === 'running') running();
    else context.addEventListener('statechange', () => running(), { once: true });
  });
  return piano;
}

/** Waits until the piano listens to the fake keyboard. */
async function plugIn(piano: AnyPiano): Promise<FakeKeyboard> {
  piano.midi = 'all';
  while (!piano.renderRoot.querySelector('piano-status')?.inputs.includes(keyboard.name)) await wait(20);
  return keyboard;
}

/** Records what the piano plays, from now on. */
async function record(piano: AnyPiano, seconds: number, during: () => void = () => undefined): Promise<number[]> {
  const node = piano.node!;
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
  during();
  await done;
  node.disconnect(recorder);
  return samples.slice(0, wanted);
}

async function fetchPiano(): Promise<{ weights: ArrayBuffer; style: ReturnType<typeof parseStyle> }> {
  const weights = await (await fetch('/pretrained/model.safetensors')).arrayBuffer();
  const style = parseStyle(await (await fetch('/pretrained/styles/first.json')).text(), 'first.json');
  return { weights, style };
}

/** What the worklet makes of MIDI messages in an off-line context, and the delay that it reports. */
async function renderMidi(rate: number, seconds: number, messages: readonly TimedMessage[]): Promise<{ samples: number[]; latencySeconds: number }> {
  const context = new OfflineAudioContext(1, Math.round(seconds * rate), rate);
  const node = await PianoNode.create(context, { ...(await fetchPiano()), baseUrl: location.href });
  node.connect(context.destination);
  for (const { seconds: time, bytes } of messages) node.midi(Uint8Array.from(bytes), time);
  // Off line, the audio thread takes no messages while it renders.
  await node.received();
  const sound = await context.startRendering();
  return { samples: Array.from(sound.getChannelData(0)), latencySeconds: node.latencySeconds };
}

/** Drops a file on the piano, and says what it answers. */
async function drop(piano: AnyPiano, name: string, content: string | readonly number[]): Promise<string> {
  const answer = new Promise<string>((answered) => {
    piano.addEventListener('piano-error', (event) => answered((event as CustomEvent<string>).detail), { once: true });
  });
  const transfer = new DataTransfer();
  transfer.items.add(new File([typeof content === 'string' ? content : Uint8Array.from(content)], name));
  piano.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  return Promise.race([answer, wait(5000).then(() => 'no message')]);
}

export const inPage = { openPiano, plugIn, record, renderMidi, drop, wait };
export type InPage = typeof inPage;
Object.assign(globalThis, { inPage });
