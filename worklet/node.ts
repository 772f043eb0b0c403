/** The piano as a node of the Web Audio API. Importing this is safe where there is no audio, as on a server. */
import { InputError } from '../model/input-error.ts';
import { assertStyleFits, type Style } from '../model/style.ts';
import { parseWeights, type Weights } from '../model/weights.ts';
import { HIGHEST_RATE, LOWEST_RATE, SUSTAIN } from './engine/engine.ts';
import { playMidi, type MidiTarget } from './midi-message.ts';
import { PROCESSOR_NAME, type PianoMessage, type PianoProcessorOptions, type PianoState, type ProcessorMessage } from './protocol.ts';

export type { PianoState } from './protocol.ts';

const PROCESSOR_FILE = 'anypiano-processor.js';
const RELAXED_KERNEL = 'anypiano-relaxed.wasm';
const PLAIN_KERNEL = 'anypiano-plain.wasm';

/** Some browsers start the audio thread of a suspended context only with the sound: no use in waiting longer. */
const SUSPENDED_WAIT_MILLISECONDS = 1500;

/** On a server there is nothing to extend; constructing a node there fails. */
const BaseNode: typeof AudioWorkletNode = globalThis.AudioWorkletNode ?? (Object as unknown as typeof AudioWorkletNode);

export interface PianoNodeOptions {
  /** Parsed weights, or the bytes of a weights file. */
  readonly weights: Weights | ArrayBuffer;
  readonly style: Style;
  /** Folder of the processor and the kernels; by default the one of this script. */
  readonly baseUrl?: string | URL;
}

/**
 * Plays one piano on the audio thread.
 *
 * Times are seconds on the context's clock; what has no time, or a past one, happens at once.
 *
 * ```ts
 * const piano = await PianoNode.create(context, { weights, style });
 * piano.connect(context.destination);
 * piano.noteOn(60, 0.8, context.currentTime + 0.1);
 * ```
 *
 * @fires state about 20 times a second: a CustomEvent with a `PianoState`
 * @fires economy when the audio thread became too slow, or recovered: a CustomEvent with 0 (nothing is left out) to 8
 * @fires error when the piano stopped for good: a CustomEvent with a sentence
 */
export class PianoNode extends BaseNode implements MidiTarget {
  readonly #weights: Weights;
  #latencySeconds = 0;
  #economy = 0;

  /** Use `create`, which loads what the node needs. */
  private constructor(context: BaseAudioContext, weights: Weights, style: Style, kernel: ArrayBuffer) {
    const processorOptions: PianoProcessorOptions = {
      kernel,
      spec: weights.spec,
      tensors: weights.tensors,
      style: timbre(style),
      realTime: !('startRendering' in context),
    };
    super(context, PROCESSOR_NAME, { numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [2], processorOptions });
    this.#weights = weights;
    this.addEventListener('processorerror', () => this.#fail('The piano stopped: its code failed on the audio thread.'));
    this.port.onmessage = ({ data }: MessageEvent<ProcessorMessage>): void => this.#receive(data);
  }

  /**
   * Loads the processor and the kernel and waits until the piano can sound.
   *
   * @throws Error with a sentence about what is missing; InputError if the weights or the style are damaged
   */
  static async create(context: BaseAudioContext, options: PianoNodeOptions): Promise<PianoNode> {
    const { style, baseUrl = new URL('.', import.meta.url) } = options;
    const weights = options.weights instanceof ArrayBuffer ? parseWeights(new Uint8Array(options.weights), 'weights') : options.weights;
    assertStyleFits(style, weights.spec, style.name);
    assertPlayable(context);
    const [kernel] = await Promise.all([fetchKernel(baseUrl), addProcessor(context, new URL(PROCESSOR_FILE, baseUrl))]);
    const node = new PianoNode(context, weights, style, kernel);
    await node.#started();
    return node;
  }

  /** Seconds from an event to its sound, beyond the context's own latency. */
  get latencySeconds(): number {
    return this.#latencySeconds;
  }

  /** Strikes a key, 21..108. @param velocity 0..1; 0 releases the key */
  noteOn(note: number, velocity: number, time?: number): void {
    this.#send({ type: 'noteOn', note, velocity, time });
  }

  noteOff(note: number, time?: number): void {
    this.#send({ type: 'noteOff', note, time });
  }

  /** Moves the sustain pedal. @param depth 0 up .. 1 down; between is half pedal */
  sustain(depth: number, time?: number): void {
    this.control(SUSTAIN, depth * 127, time);
  }

  /** Moves a MIDI controller: 64 sustain, 120 all sound off, 121 reset, 123 all notes off. @param value 0..127 */
  control(controller: number, value: number, time?: number): void {
    this.#send({ type: 'control', controller, value, time });
  }

  /** Plays one MIDI message of any channel. */
  midi(bytes: Uint8Array, time?: number): void {
    playMidi(this, bytes, time);
  }

  /** Everything falls silent at once, keys and pedal go up, and what was to come is forgotten. */
  panic(): void {
    this.#send({ type: 'panic' });
  }

  /** Changes the timbre; what sounds glides over to it. @throws InputError if it was made for other weights */
  setStyle(style: Style): void {
    assertStyleFits(style, this.#weights.spec, style.name);
    this.#send({ type: 'style', style: timbre(style) });
  }

  /**
   * Resolves when the audio thread has received all that was sent. An off-line context takes no
   * messages while it renders: wait for this before `startRendering`.
   */
  received(): Promise<void> {
    return new Promise((resolve) => {
      this.addEventListener('received', () => resolve(), { once: true });
      this.#send({ type: 'acknowledge' });
    });
  }

  #send(message: PianoMessage): void {
    this.port.postMessage(message);
  }

  #receive(message: ProcessorMessage): void {
    switch (message.type) {
      case 'ready':
        this.#latencySeconds = message.latencySeconds;
        this.dispatchEvent(new Event('ready'));
        break;
      case 'received':
        this.dispatchEvent(new Event('received'));
        break;
      case 'state':
        this.dispatchEvent(new CustomEvent<PianoState>('state', { detail: message }));
        if (message.economy !== this.#economy) {
          this.#economy = message.economy;
          this.dispatchEvent(new CustomEvent<number>('economy', { detail: message.economy }));
        }
        break;
      case 'error':
        this.#fail(`The piano stopped: ${message.message}`);
        break;
    }
  }

  #fail(message: string): void {
    this.dispatchEvent(new CustomEvent<string>('error', { detail: message }));
  }

  #started(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.addEventListener('ready', () => resolve(), { once: true });
      this.addEventListener('error', (event) => reject(new Error((event as CustomEvent<string>).detail)), { once: true });
      if (this.context.state === 'suspended') setTimeout(resolve, SUSPENDED_WAIT_MILLISECONDS);
    });
  }
}

/** The part of a style that the audio thread needs. */
function timbre({ embedding, tuning }: Style): PianoProcessorOptions['style'] {
  return { embedding, tuning };
}

function assertPlayable({ audioWorklet, sampleRate }: BaseAudioContext): void {
  if (audioWorklet === undefined) {
    throw new Error('This page cannot run an AudioWorklet: it must be served by https or from localhost.');
  }
  if (sampleRate < LOWEST_RATE || sampleRate > HIGHEST_RATE) {
    throw new Error(`The piano plays at ${LOWEST_RATE} to ${HIGHEST_RATE} Hz, and this context runs at ${sampleRate}.`);
  }
}

async function addProcessor({ audioWorklet }: BaseAudioContext, url: URL): Promise<void> {
  try {
    await audioWorklet.addModule(url);
  } catch (error) {
    // Browsers give a bare AbortError, whatever the reason.
    const reason = `is it served there as JavaScript, and does the content security policy's script-src allow it?`;
    throw new Error(`${url.href} could not be loaded: ${reason}`, { cause: error });
  }
}

/** Bytes of the kernel that this browser can run: the one with fused multiply-add if possible. */
async function fetchKernel(baseUrl: string | URL): Promise<ArrayBuffer> {
  const relaxed = await fetchBytes(new URL(RELAXED_KERNEL, baseUrl));
  const kernel = WebAssembly.validate(relaxed) ? relaxed : await fetchBytes(new URL(PLAIN_KERNEL, baseUrl));
  if (!WebAssembly.validate(kernel)) throw new Error('This browser has no WebAssembly SIMD, which the piano needs.');
  try {
    await WebAssembly.compile(kernel);
  } catch (error) {
    throw new Error("WebAssembly is blocked: the content security policy's script-src needs 'wasm-unsafe-eval'.", { cause: error });
  }
  return kernel;
}

async function fetchBytes(url: URL): Promise<ArrayBuffer> {
  const response = await fetch(url).catch(() => undefined);
  if (response === undefined) throw new InputError(url.href, 'could not be loaded: is the network there?');
  if (!response.ok) throw new InputError(url.href, `could not be loaded (${response.status})`);
  return response.arrayBuffer();
}
