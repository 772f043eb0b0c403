/** The piano as a node of the Web Audio API. Importing this is safe where there is no audio, as on a server. */
import { assertStyleFits, type Style } from '../model/style.ts';
import type { PitchTarget } from '../model/midi-pitch.ts';
import { parseWeights, type Weights } from '../model/weights.ts';
import { bringOver, layOut, timbreOf } from './engine-image.ts';
import { SUSTAIN } from './engine/controllers.ts';
import { tunedTimbre, tuningCents, type ToneSettings } from './engine/tone.ts';
import { PROCESSOR_FILE, addProcessor, fetchKernel, type LoadedKernel, type ProcessorScript } from './kernel-files.ts';
import type { MidiTarget } from './midi-message.ts';
import { MidiReceiver } from './midi-receiver.ts';
import { filesIn, packageFile } from './package-files.ts';
import { assertPlayable, reason } from './playable.ts';
import { PROCESSOR_NAME, type PianoProcessorOptions, type PianoState, type ProcessorMessage } from './protocol.ts';
import { Requests } from './requests.ts';
import { SettingsNode, settingsOf, type PianoSettings } from './settings-node.ts';

export type { PianoSettings } from './settings-node.ts';
export type { PianoState } from './protocol.ts';

/** Some browsers start the audio thread of a suspended context only with the sound: no use in waiting longer. */
const SUSPENDED_WAIT_MILLISECONDS = 1500;
/** A processor answers this late only where the browser does not call it: behind a connection that leads nowhere. */
const CLOSE_WAIT_MILLISECONDS = 1000;

/** Settings as the properties of the same names, and first values of AudioParams; by default a width of 0.7, no room, the resonance of a grand, and a tone as recorded. */
export interface PianoNodeOptions extends Partial<PianoSettings> {
  /** Parsed weights, or the bytes of a weights file. */
  readonly weights: Weights | ArrayBuffer;
  readonly style: Style;
  /** Folder of the processor and the kernels; by default they are where `useFiles` or a bundler puts them, or beside this script. */
  readonly baseUrl?: string | URL;
  /** Another processor that speaks the same protocol (`protocol.ts`); by default that of this package. */
  readonly processor?: ProcessorScript;
}

/** What was loaded and checked for a node. */
export interface NodeParts {
  readonly weights: Weights;
  readonly style: Style;
  readonly kernel: LoadedKernel;
  readonly settings: PianoSettings;
  /** Name of the processor. */
  readonly processor: string;
}

/**
 * Plays one piano on the audio thread.
 *
 * Times are seconds on the context's clock; what has no time, or a past one, happens at once. A whole piece may be
 * sent ahead: 65,536 events wait at most, and where strikes are left out for others an `error` says so.
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
export class PianoNode extends SettingsNode implements MidiTarget, PitchTarget {
  readonly #module: WebAssembly.Module;
  /** As it was given, without the tone's tuning. */
  #style: Style;
  /** Cents from `tune`. */
  #tuned = 0;
  #weights: Weights;
  /** Weights that are on their way to the audio thread. */
  #coming: Weights | undefined;
  #lastSwap: Promise<void> = Promise.resolve();
  #latencySeconds = 0;
  #economy = 0;
  readonly #requests: Requests;
  readonly #midi = new MidiReceiver(this);

  /** Use `create`, which loads what the node needs. @param extras for a processor that wants to know more */
  protected constructor(context: BaseAudioContext, { weights, style, kernel, settings, processor }: NodeParts, extras: object = {}) {
    const { bytes, module } = kernel;
    const { width, room, resonance, volume, brightness, hammer } = settings;
    const stage = { width, room, resonance, volume };
    const processorOptions: PianoProcessorOptions = {
      ...extras,
      kernel: bytes,
      image: layOut(module, weights, style, context.sampleRate),
      style: tunedTimbre(timbreOf(style), settings),
      stage,
      tone: { brightness, hammer },
      tuning: tuningCents(settings),
      realTime: !('startRendering' in context),
    };
    super(context, processor, { numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [2], parameterData: stage, processorOptions });
    this.#module = module;
    this.#requests = new Requests(this.port);
    this.beginWith(settings);
    this.#style = style;
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
    const node = new PianoNode(context, await PianoNode.prepare(context, options));
    await node.started();
    return node;
  }

  /** Loads and checks what the constructor needs. @throws as `create` */
  protected static async prepare(context: BaseAudioContext, options: PianoNodeOptions): Promise<NodeParts> {
    const { style, baseUrl } = options;
    const weights = readWeights(options.weights);
    assertStyleFits(style, weights.spec, style.name);
    assertPlayable(context);
    const find = baseUrl === undefined ? packageFile : filesIn(baseUrl);
    const { url, name } = options.processor ?? { url: find(PROCESSOR_FILE), name: PROCESSOR_NAME };
    const [kernel] = await Promise.all([fetchKernel(find), addProcessor(context, url)]);
    return { weights, style, kernel, settings: settingsOf(options), processor: name };
  }

  /** The weights that sound. */
  get weights(): Weights {
    return this.#weights;
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

  /** Bends all keys, or one key more than all; what sounds glides along. @param cents above the piano's own pitch, within +-9600 */
  bend(cents: number, note?: number, time?: number): void {
    this.#requests.send({ type: 'bend', cents, note, time });
  }

  /** Tunes the whole piano, besides `concertPitch`, as MIDI's master tuning does. @param cents above its own pitch */
  tune(cents: number, time?: number): void {
    this.#tuned = cents;
    this.#requests.send({ type: 'tune', cents: cents + tuningCents(this.tone), time });
  }

  /** Plays one MIDI message of any channel, as the implementation chart says: docs/midi.md. */
  midi(bytes: Uint8Array, time?: number): void {
    this.#midi.receive(bytes, time);
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
    if (this.context.state === 'running') await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, CLOSE_WAIT_MILLISECONDS))]);
    this.disconnect();
    this.#end('The piano was closed.');
  }

  /** Changes the timbre; what sounds glides over to it. @throws InputError if it was made for other weights */
  setStyle(style: Style): void {
    const { spec } = style.model === this.#coming?.spec.id ? this.#coming : this.#weights;
    assertStyleFits(style, spec, style.name);
    this.#style = style;
    this.#sendStyle();
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

  protected override applyTone(now: ToneSettings, before: ToneSettings): void {
    const { brightness, hammer } = now;
    if (now.inTune !== before.inTune) this.#sendStyle();
    if (now.concertPitch !== before.concertPitch) this.tune(this.#tuned);
    if (brightness !== before.brightness || hammer !== before.hammer) this.#requests.send({ type: 'tone', brightness, hammer });
  }

  #sendStyle(): void {
    this.#requests.send({ type: 'style', model: this.#style.model, style: tunedTimbre(timbreOf(this.#style), this.tone) });
  }

  async #swap(weights: Weights, style: Style): Promise<void> {
    const image = layOut(this.#module, weights, style, this.context.sampleRate);
    const before = this.#style;
    this.#coming = weights;
    this.#style = style;
    try {
      await bringOver(image, tunedTimbre(timbreOf(style), this.tone), this.#requests);
      this.#weights = weights;
    } catch (error) {
      if (this.#style === style) this.#style = before;
      throw error;
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

  /** Resolves when the piano can sound. @throws Error with a sentence about why it cannot */
  protected started(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.addEventListener('ready', () => resolve(), { once: true });
      this.addEventListener('error', (event) => reject(new Error((event as CustomEvent<string>).detail)), { once: true });
      if (this.context.state !== 'running') setTimeout(resolve, SUSPENDED_WAIT_MILLISECONDS);
    });
  }
}

function readWeights(weights: Weights | ArrayBuffer): Weights {
  return weights instanceof ArrayBuffer ? parseWeights(new Uint8Array(weights), 'weights') : weights;
}

