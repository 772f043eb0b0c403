/** The piano as a node of the Web Audio API. Importing this is safe where there is no audio, as on a server. */
import { InputError } from '../model/input-error.ts';
import { assertStyleFits, type Style } from '../model/style.ts';
import { parseWeights, type Weights } from '../model/weights.ts';
import { Engine, HIGHEST_RATE, LOWEST_RATE, SUSTAIN, type EngineImage } from './engine/engine.ts';
import { addProcessor, fetchKernel, type LoadedKernel } from './kernel-files.ts';
import { playMidi, type MidiTarget } from './midi-message.ts';
import { PROCESSOR_NAME, type PianoMessage, type PianoProcessorOptions, type PianoRequest, type PianoState, type ProcessorMessage } from './protocol.ts';
import { WARM_UP_SLICES } from './warm-up.ts';

export type { PianoState } from './protocol.ts';

/** Bytes of new weights that the audio thread takes at a time. */
const WRITE_BYTES = 2 ** 17;

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
 * @fires error when something failed on the audio thread: a CustomEvent with a sentence. If that begins
 *   with `The piano stopped`, it is silent from then on; otherwise it plays on as it did
 */
export class PianoNode extends BaseNode implements MidiTarget {
  readonly #module: WebAssembly.Module;
  #weights: Weights;
  /** Weights that are on their way to the audio thread. */
  #coming: Weights | undefined;
  #lastSwap: Promise<void> = Promise.resolve();
  #latencySeconds = 0;
  #economy = 0;
  /** Requests to the audio thread that wait for their answer. */
  readonly #requests = new Map<number, (problem: string | undefined) => void>();
  #lastRequest = 0;
  /** Why nothing will be answered any more. */
  #ended: string | undefined;

  /** Use `create`, which loads what the node needs. */
  private constructor(context: BaseAudioContext, weights: Weights, style: Style, { bytes, module }: LoadedKernel) {
    const processorOptions: PianoProcessorOptions = {
      kernel: bytes,
      image: layOut(module, weights, style, context.sampleRate),
      style: timbre(style),
      realTime: !('startRendering' in context),
    };
    super(context, PROCESSOR_NAME, { numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [2], processorOptions });
    this.#module = module;
    this.#weights = weights;
    // As a property, since Chromium gives the event the type `error`, which is also the type of this node's own.
    this.onprocessorerror = (event: Event): void => {
      if (event instanceof CustomEvent) return;
      event.stopImmediatePropagation();
      this.#stop(reason(event));
    };
    this.port.onmessage = ({ data }: MessageEvent<ProcessorMessage>): void => this.#receive(data);
    context.addEventListener('statechange', () => {
      if (context.state === 'closed') this.#end('The audio context was closed.');
    });
  }

  /**
   * Loads the processor and the kernel and waits until the piano can sound.
   *
   * @throws Error with a sentence about what is missing; InputError if the weights or the style are damaged
   */
  static async create(context: BaseAudioContext, options: PianoNodeOptions): Promise<PianoNode> {
    const { style, baseUrl = new URL('.', import.meta.url) } = options;
    const weights = readWeights(options.weights);
    assertStyleFits(style, weights.spec, style.name);
    assertPlayable(context);
    const [kernel] = await Promise.all([fetchKernel(baseUrl), addProcessor(context, baseUrl)]);
    const node = new PianoNode(context, weights, style, kernel);
    await node.#started();
    return node;
  }

  /** The weights that sound. */
  get weights(): Weights {
    return this.#weights;
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
    const { spec } = style.model === this.#coming?.spec.id ? this.#coming : this.#weights;
    assertStyleFits(style, spec, style.name);
    this.#send({ type: 'style', model: spec.id, style: timbre(style) });
  }

  /**
   * Changes the weights while the piano plays, without a gap. A second engine is laid out here, copied to
   * the audio thread and warmed up there in slices between the blocks of sound. Then it takes over keys,
   * pedal, what waits and what sounds, as it sounds under the new weights, and the two crossfade.
   *
   * Resolves when the new weights alone sound, after about a quarter of a second; in a context that is suspended,
   * or without a connection, when it has played again. A second call waits for the first. Where it
   * rejects, the piano plays on as it did.
   *
   * @throws InputError if weights or style are damaged or do not fit, Error if the audio thread cannot take them
   */
  async setWeights(weights: Weights | ArrayBuffer, style: Style): Promise<void> {
    const read = readWeights(weights);
    assertStyleFits(style, read.spec, style.name);
    const swap = this.#lastSwap.then(() => this.#swap(read, style));
    this.#lastSwap = swap.catch(() => undefined);
    return swap;
  }

  /**
   * Resolves when the audio thread has received all that was sent. An off-line context takes no
   * messages while it renders: wait for this before `startRendering`.
   */
  received(): Promise<void> {
    return this.#request({ type: 'acknowledge' });
  }

  async #swap(weights: Weights, style: Style): Promise<void> {
    const { spec, memory, filter } = layOut(this.#module, weights, style, this.context.sampleRate);
    this.#coming = weights;
    try {
      await this.#request({ type: 'prepare', weights: { spec, filter }, style: timbre(style) });
      for (let at = 0; at < memory.length; at += WRITE_BYTES) {
        const bytes = memory.slice(at, at + WRITE_BYTES);
        await this.#request({ type: 'write', at, bytes }, [bytes.buffer]);
      }
      for (let slice = 0; slice < WARM_UP_SLICES; slice++) await this.#request({ type: 'warmUp', slice });
      await this.#request({ type: 'succeed' });
      this.#weights = weights;
    } finally {
      this.#coming = undefined;
    }
  }

  #send(message: PianoMessage, transfer: Transferable[] = []): void {
    this.port.postMessage(message, transfer);
  }

  /** Resolves with the answer of the audio thread. @throws Error with a sentence about why it could not do it */
  #request(request: PianoRequest, transfer: Transferable[] = []): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) throw new Error(this.#ended);
      const id = ++this.#lastRequest;
      this.#requests.set(id, (problem) => (problem === undefined ? resolve() : reject(new Error(problem))));
      this.#send({ ...request, id }, transfer);
    });
  }

  #receive(message: ProcessorMessage): void {
    switch (message.type) {
      case 'ready':
        this.#latencySeconds = message.latencySeconds;
        this.dispatchEvent(new Event('ready'));
        break;
      case 'answer':
        this.#requests.get(message.id)?.(message.problem);
        this.#requests.delete(message.id);
        break;
      case 'state':
        this.#send({ type: 'stateRead' });
        this.dispatchEvent(new CustomEvent<PianoState>('state', { detail: message }));
        if (message.economy !== this.#economy) {
          this.#economy = message.economy;
          this.dispatchEvent(new CustomEvent<number>('economy', { detail: message.economy }));
        }
        break;
      case 'error':
        if (message.stopped) this.#stop(message.message);
        else this.#fail(`The audio thread could not do it: ${message.message}`);
        break;
    }
  }

  /** The audio thread gave up, and is silent. */
  #stop(problem: string): void {
    if (this.#ended !== undefined) return;
    const message = `The piano stopped: ${problem}`;
    this.#end(message);
    this.#fail(message);
  }

  /** Nothing will be answered any more. */
  #end(message: string): void {
    this.#ended ??= message;
    for (const answer of this.#requests.values()) answer(message);
    this.#requests.clear();
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

function readWeights(weights: Weights | ArrayBuffer): Weights {
  return weights instanceof ArrayBuffer ? parseWeights(new Uint8Array(weights), 'weights') : weights;
}

/** What the audio thread copies to have an engine. @throws InputError for weights of a form that cannot be played */
function layOut(module: WebAssembly.Module, weights: Weights, style: Style, sampleRate: number): EngineImage {
  try {
    return new Engine({ module, weights, style: timbre(style), sampleRate }).image();
  } catch (error) {
    throw new InputError('weights', `cannot be played: ${(error as Error).message}`);
  }
}

/** What a `processorerror` says: an ErrorEvent in some browsers, without a message in others. */
function reason(event: Event): string {
  const message = (event as Partial<ErrorEvent>).message ?? '';
  return message.replace(/^Uncaught (?:\w*Error: )?/, '') || 'its code failed on the audio thread.';
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
