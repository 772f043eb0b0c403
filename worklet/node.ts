/** The piano as a node of the Web Audio API. Importing this is safe where there is no audio, as on a server. */
import { NATURAL_RESONANCE } from '../model/resonance.ts';
import { assertStyleFits, type Style } from '../model/style.ts';
import { parseWeights, type Weights } from '../model/weights.ts';
import { bringOver, layOut, timbreOf } from './engine-image.ts';
import { HIGHEST_RATE, LOWEST_RATE, SUSTAIN } from './engine/engine.ts';
import { addProcessor, fetchKernel, type LoadedKernel } from './kernel-files.ts';
import { playMidi, type MidiTarget } from './midi-message.ts';
import { PROCESSOR_NAME, type PianoProcessorOptions, type PianoState, type ProcessorMessage, type StageSettings } from './protocol.ts';
import { Requests } from './requests.ts';

export type { PianoState } from './protocol.ts';

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
  /** See the properties of the same names; by default 0.7, 0 and 0.5. */
  readonly width?: number;
  readonly room?: number;
  readonly resonance?: number;
}

const DEFAULT_WIDTH = 0.7;

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
  #stage: StageSettings;
  #weights: Weights;
  /** Weights that are on their way to the audio thread. */
  #coming: Weights | undefined;
  #lastSwap: Promise<void> = Promise.resolve();
  #latencySeconds = 0;
  #economy = 0;
  readonly #requests: Requests;

  /** Use `create`, which loads what the node needs. */
  private constructor(context: BaseAudioContext, weights: Weights, style: Style, { bytes, module }: LoadedKernel, stage: StageSettings) {
    const processorOptions: PianoProcessorOptions = {
      kernel: bytes,
      image: layOut(module, weights, style, context.sampleRate),
      style: timbreOf(style),
      stage,
      realTime: !('startRendering' in context),
    };
    super(context, PROCESSOR_NAME, { numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [2], processorOptions });
    this.#module = module;
    this.#requests = new Requests(this.port);
    this.#stage = stage;
    this.#weights = weights;
    // As a property, since Chromium gives the event the type `error`, which is also the type of this node's own.
    this.onprocessorerror = (event: Event): void => {
      if (event instanceof CustomEvent) return;
      event.stopImmediatePropagation();
      this.#stop(reason(event));
    };
    this.port.onmessage = ({ data }: MessageEvent<ProcessorMessage>): void => this.#receive(data);
    context.addEventListener('statechange', this.#follow);
  }

  /**
   * Loads the processor and the kernel and waits until the piano can sound.
   *
   * @throws Error with a sentence about what is missing; InputError if the weights or the style are damaged
   */
  static async create(context: BaseAudioContext, options: PianoNodeOptions): Promise<PianoNode> {
    const { style, baseUrl = new URL('.', import.meta.url), width = DEFAULT_WIDTH, room = 0, resonance = NATURAL_RESONANCE } = options;
    const weights = readWeights(options.weights);
    assertStyleFits(style, weights.spec, style.name);
    assertPlayable(context);
    const [kernel] = await Promise.all([fetchKernel(baseUrl), addProcessor(context, baseUrl)]);
    const node = new PianoNode(context, weights, style, kernel, { width: share(width), room: share(room), resonance: share(resonance) });
    await node.#started();
    return node;
  }

  /** The weights that sound. */
  get weights(): Weights {
    return this.#weights;
  }

  /** How far the keyboard reaches from left to right, 0 (one channel) .. 1. The sum of both sides stays the same. */
  get width(): number {
    return this.#stage.width;
  }

  set width(width: number) {
    this.#setStage({ ...this.#stage, width: share(width) });
  }

  /** Level of a small room around the piano, 0 (none but that of the recordings) .. 1. */
  get room(): number {
    return this.#stage.room;
  }

  set room(room: number) {
    this.#setStage({ ...this.#stage, room: share(room) });
  }

  /** How much strings answer others: 0 (not at all), 0.5 (as in a grand) .. 1 (twice as much). */
  get resonance(): number {
    return this.#stage.resonance;
  }

  set resonance(resonance: number) {
    this.#setStage({ ...this.#stage, resonance: share(resonance) });
  }

  /** Seconds from an event to its sound, beyond the context's own latency. */
  get latencySeconds(): number {
    return this.#latencySeconds;
  }

  /** Strikes a key, 21..108. @param velocity 0..1; 0 releases the key, and MIDI's 1 / 127 presses it without a strike */
  noteOn(note: number, velocity: number, time?: number): void {
    this.#requests.send({ type: 'noteOn', note, velocity, time });
  }

  /** Releases a key. @param velocity 0..1 of the release, if it is known: how loud the key comes back */
  noteOff(note: number, time?: number, velocity?: number): void {
    this.#requests.send({ type: 'noteOff', note, velocity, time });
  }

  /** Moves the sustain pedal. @param depth 0 up .. 1 down; between is half pedal */
  sustain(depth: number, time?: number): void {
    this.control(SUSTAIN, depth * 127, time);
  }

  /** Moves a MIDI controller: 7 volume, 11 expression, 64 sustain, 66 sostenuto, 67 una corda, 120 all sound off, 121 reset, 123 all notes off. @param value 0..127 */
  control(controller: number, value: number, time?: number): void {
    this.#requests.send({ type: 'control', controller, value, time });
  }

  /** Plays one MIDI message of any channel. */
  midi(bytes: Uint8Array, time?: number): void {
    playMidi(this, bytes, time);
  }

  /** Everything falls silent at once, keys and pedal go up, and what was to come is forgotten. */
  panic(): void {
    this.#requests.send({ type: 'panic' });
  }

  /**
   * Falls silent for good and lets go of its memory, some megabytes. To be waited for before the context
   * is closed: some browsers keep a node for ever whose processor was still at work then.
   */
  async close(): Promise<void> {
    if (this.#requests.ended !== undefined) return;
    const closed = this.#requests.ask({ type: 'close' }).catch(() => undefined);
    // A context that does not run does not answer.
    if (this.context.state === 'running') await closed;
    this.disconnect();
    this.#end('The piano was closed.');
  }

  /** Changes the timbre; what sounds glides over to it. @throws InputError if it was made for other weights */
  setStyle(style: Style): void {
    const { spec } = style.model === this.#coming?.spec.id ? this.#coming : this.#weights;
    assertStyleFits(style, spec, style.name);
    this.#requests.send({ type: 'style', model: spec.id, style: timbreOf(style) });
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
    return this.#requests.ask({ type: 'acknowledge' });
  }

  #setStage(stage: StageSettings): void {
    this.#stage = stage;
    this.#requests.send({ type: 'stage', ...stage });
  }

  async #swap(weights: Weights, style: Style): Promise<void> {
    const image = layOut(this.#module, weights, style, this.context.sampleRate);
    this.#coming = weights;
    try {
      await bringOver(image, style, this.#requests);
      this.#weights = weights;
    } finally {
      this.#coming = undefined;
    }
  }

  #receive(message: ProcessorMessage): void {
    switch (message.type) {
      case 'ready':
        this.#latencySeconds = message.latencySeconds;
        this.dispatchEvent(new Event('ready'));
        break;
      case 'answer':
        this.#requests.settle(message.id, message.problem);
        break;
      case 'state':
        this.#requests.send({ type: 'stateRead' });
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
    if (this.#requests.ended !== undefined) return;
    const message = `The piano stopped: ${problem}`;
    this.#end(message);
    this.#fail(message);
  }

  readonly #follow = (): void => {
    if (this.context.state === 'closed') this.#end('The audio context was closed.');
  };

  /** Nothing will be answered any more. */
  #end(message: string): void {
    this.#requests.end(message);
    // Browsers keep contexts that were closed, and with them all that a listener knows.
    this.context.removeEventListener('statechange', this.#follow);
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

/** Bounds a setting to 0..1; what is no number is 0. */
function share(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}

function readWeights(weights: Weights | ArrayBuffer): Weights {
  return weights instanceof ArrayBuffer ? parseWeights(new Uint8Array(weights), 'weights') : weights;
}

/** What a `processorerror` says: an ErrorEvent in some browsers, without a message in others. */
function reason(event: Event): string {
  const message = (event as Partial<ErrorEvent>).message ?? '';
  return message.replace(/^Uncaught (?:\w*Error: )?/, '') || 'its code failed on the audio thread.';
}

function assertPlayable({ audioWorklet, sampleRate }: BaseAudioContext): void {
  if (audioWorklet === undefined) {
    throw new Error('This page cannot run an AudioWorklet: it must be served by https or from localhost.');
  }
  if (sampleRate < LOWEST_RATE || sampleRate > HIGHEST_RATE) {
    throw new Error(`The piano plays at ${LOWEST_RATE} to ${HIGHEST_RATE} Hz, and this context runs at ${sampleRate}.`);
  }
}
