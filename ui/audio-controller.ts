import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Style } from '../model/style.ts';
import { parseWeights, type Weights } from '../model/weights.ts';
import { PianoNode, type PianoState } from '../worklet/node.ts';
import { fileName, request } from './request.ts';

export type AudioStatus = 'loading' | 'ready' | 'running' | 'failed';

/** What the audio tells its host. */
export interface AudioListener {
  /** About 20 times a second while the piano sounds. */
  onAudioState(state: PianoState): void;
  onAudioError(error: Error): void;
}

/** 23 Hz a bin at 48 kHz: semitones are apart from the middle of the keyboard up. */
const ANALYSER_SIZE = 2048;

/**
 * Owns the audio context and the piano in it. All is prepared while the page
 * loads, so that the first touch only has to wake the context.
 */
export class AudioController implements ReactiveController {
  status: AudioStatus = 'loading';
  context: AudioContext | undefined;
  node: PianoNode | undefined;
  weights: Weights | undefined;
  /** What the piano plays passes through here, and then, with all else, through `output`. */
  piano: GainNode | undefined;
  output: GainNode | undefined;
  /** Hears what is heard. */
  analyser: AnalyserNode | undefined;
  readonly #host: ReactiveControllerHost & AudioListener;
  #stage = {};
  #unfollow = new AbortController();

  constructor(host: ReactiveControllerHost & AudioListener) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#unfollow.abort();
    void closeAll(this.node, this.context);
    this.context = undefined;
    this.node = undefined;
    this.piano = undefined;
    this.output = undefined;
    this.analyser = undefined;
  }

  /**
   * Loads the weights and puts a piano of the given style into a fresh context.
   *
   * @throws InputError if the weights cannot be loaded, Error if the audio thread cannot start
   */
  async load(weightsUrl: URL, style: Promise<Style>): Promise<void> {
    this.#become('loading');
    const context = new AudioContext({ latencyHint: 'interactive' });
    this.context = context;
    // A browser keeps contexts that were closed, and with them all that a listener knows.
    this.#unfollow = new AbortController();
    context.addEventListener('statechange', () => this.#follow(context), { signal: this.#unfollow.signal });
    try {
      const [weights, first] = await Promise.all([loadWeights(weightsUrl), style]);
      const node = await PianoNode.create(context, { weights, style: first, ...this.#stage });
      if (this.context !== context) return;
      node.addEventListener('state', (event) => this.#host.onAudioState((event as CustomEvent<PianoState>).detail));
      node.addEventListener('error', (event) => this.#host.onAudioError(new Error((event as CustomEvent<string>).detail)));
      this.piano = new GainNode(context);
      this.output = new GainNode(context);
      this.analyser = new AnalyserNode(context, { fftSize: ANALYSER_SIZE, smoothingTimeConstant: 0 });
      node.connect(this.piano).connect(this.output).connect(context.destination);
      this.output.connect(this.analyser);
      this.weights = weights;
      this.node = node;
      this.#follow(context);
    } catch (error) {
      // An element that was taken away meanwhile has nothing to say.
      if (this.context !== context) return;
      this.#become('failed');
      throw error;
    }
  }

  /** See the properties of the node; also before there is one. */
  setStage(width: number, room: number, resonance: number): void {
    this.#stage = { width, room, resonance };
    if (this.node !== undefined) Object.assign(this.node, this.#stage);
  }

  /** Wakes the audio; call it from what the player does, as browsers demand a gesture for sound. */
  start(): void {
    if (this.context?.state === 'suspended') void this.context.resume();
  }

  #follow(context: AudioContext): void {
    if (context !== this.context || this.node === undefined) return;
    this.#become(context.state === 'running' ? 'running' : 'ready');
  }

  #become(status: AudioStatus): void {
    this.status = status;
    this.#host.requestUpdate();
  }
}

async function closeAll(node: PianoNode | undefined, context: AudioContext | undefined): Promise<void> {
  await node?.close();
  await context?.close();
}

async function loadWeights(url: URL): Promise<Weights> {
  return parseWeights(new Uint8Array(await (await request(url)).arrayBuffer()), fileName(url));
}
