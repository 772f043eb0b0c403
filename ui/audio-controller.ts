import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Style } from '../model/style.ts';
import type { Tier } from '../model/spec.ts';
import { parseWeights, type Weights } from '../model/weights.ts';
import type { ProcessorScript } from '../worklet/kernel-files.ts';
import { isPlayableRate } from '../worklet/engine/engine-options.ts';
import { WEIGHT_FILES } from '../worklet/load-piano.ts';
import { PianoNode, type PianoState } from '../worklet/node.ts';
import type { FindFile } from '../worklet/package-files.ts';
import { fileName, request } from '../worklet/request.ts';
import { trainedFiles } from './package-files.ts';
import { PlaybackGaps } from './playback-gaps.ts';
import type { ToneValues } from './sound-settings.ts';
import { suitableTier } from './tier.ts';

export type AudioStatus = 'loading' | 'ready' | 'running' | 'failed';

/** What the audio tells its host. */
export interface AudioListener {
  /** About 20 times a second while the piano sounds. */
  onAudioState(state: PianoState): void;
  onAudioError(error: Error): void;
}

/** Between a decoder that is not the piano's own and the piano. */
export interface Passage {
  readonly node: AudioNode;
  close(): void;
}

/** Of a context where the device's own rate, as of some headsets and studio interfaces, is beyond the piano's. */
const USUAL_RATE = 48_000;
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
  /** Address of the style encoder that belongs to the weights. */
  encoder: string | undefined;
  /** What decodes in place of the piano's own processor. */
  processor: ProcessorScript | undefined;
  /** What the piano plays passes through here, and then, with all else, through `output`. */
  piano: GainNode | undefined;
  output: GainNode | undefined;
  /** Of the context's sound. */
  gaps: PlaybackGaps | undefined;
  /** Hears what is heard. */
  analyser: AnalyserNode | undefined;
  readonly #host: ReactiveControllerHost & AudioListener;
  #tone: Partial<ToneValues> = {};
  #passage: Passage | undefined;
  #find: FindFile | undefined;
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
    this.processor = undefined;
    this.#passage = undefined;
    this.piano = undefined;
    this.output = undefined;
    this.analyser = undefined;
  }

  /**
   * Loads the weights of a tier and puts a piano of the given style into a fresh context.
   *
   * @param base folder of the weights, if not the package's; @param tier empty for the one that suits this machine
   * @throws InputError if the weights cannot be loaded, Error if the audio thread cannot start
   */
  async load(base: string, tier: Tier | '', style: Promise<Style>): Promise<void> {
    this.#become('loading');
    const context = openContext();
    this.context = context;
    this.gaps = new PlaybackGaps(context);
    // A browser keeps contexts that were closed, and with them all that a listener knows.
    this.#unfollow = new AbortController();
    context.addEventListener('statechange', () => this.#follow(context), { signal: this.#unfollow.signal });
    try {
      const find = await trainedFiles(base);
      const [weights, first] = await Promise.all([loadWeights(find, tier), style]);
      const node = await PianoNode.create(context, { weights, style: first, ...this.#tone });
      if (this.context !== context) return;
      this.#listenTo(node, (problem) => this.#host.onAudioError(new Error(problem)));
      this.piano = new GainNode(context);
      this.output = new GainNode(context);
      this.analyser = new AnalyserNode(context, { fftSize: ANALYSER_SIZE, smoothingTimeConstant: 0 });
      node.connect(this.piano).connect(this.output).connect(context.destination);
      this.output.connect(this.analyser);
      this.weights = weights;
      this.#find = find;
      this.encoder = find('encoder.safetensors').href;
      this.node = node;
      this.#applyTone();
      this.#follow(context);
    } catch (error) {
      // An element that was taken away meanwhile has nothing to say.
      if (this.context !== context) return;
      this.#become('failed');
      throw error;
    }
  }

  /**
   * The weights that make files, which take the time that they need: the standard tier's also where the small one plays,
   * and those that play where there are no others.
   *
   * @throws Error before the piano is ready
   */
  async weightsForFiles(): Promise<Weights> {
    if (this.weights === undefined || this.#find === undefined) throw new Error('The piano is not ready yet.');
    return this.weights.spec.tier === 'standard' ? this.weights : loadWeights(this.#find, 'standard').catch(() => this.weights!);
  }

  /** See the properties of the node; also before there is one. */
  set(tone: ToneValues): void {
    this.#tone = tone;
    this.#applyTone();
  }

  /** Sends the piano through effects, on its way to the output. */
  insert({ input, output }: { readonly input: AudioNode; readonly output: AudioNode }): void {
    if (this.piano === undefined || this.output === undefined) return;
    this.piano.disconnect();
    this.piano.connect(input);
    output.connect(this.output);
  }

  /**
   * Plays on another decoder from now on, or on the piano's own; what sounds ends.
   *
   * @param onProblem is told what goes wrong with it later
   * @param passage what it is heard through, and a signal when nobody waits for it any more
   * @throws Error with a sentence if it cannot start: then the piano plays on as it did
   */
  async playOn(
    processor: ProcessorScript | undefined,
    style: Style,
    onProblem: (problem: string) => void,
    { passage, signal }: { readonly passage?: Passage; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const { context, weights, piano, node: before } = this;
    if (context === undefined || weights === undefined || piano === undefined) return;
    const node = await PianoNode.create(context, { weights, style, ...this.#tone, ...(processor && { processor }) });
    if (this.context !== context || signal?.aborted) return void node.close();
    this.#listenTo(node, onProblem);
    this.#passage?.close();
    this.#passage = passage;
    if (passage === undefined) node.connect(piano);
    else node.connect(passage.node).connect(piano);
    this.node = node;
    this.#applyTone();
    this.processor = processor;
    void before?.close();
    this.#host.requestUpdate();
  }

  /** Wakes the audio; call it from what the player does, as browsers demand a gesture for sound. */
  start(): void {
    const { context } = this;
    // Besides suspended, a telephone call may have interrupted it; where a browser still refuses, the next gesture asks again.
    if (context !== undefined && context.state !== 'running' && context.state !== 'closed') void context.resume().catch(() => undefined);
  }

  /** Also on a node that was being made when the tone was set. */
  #applyTone(): void {
    if (this.node === undefined) return;
    const { width, room, resonance, ...plain } = this.#tone;
    Object.assign(this.node, plain);
    for (const [name, value] of Object.entries({ width, room, resonance })) {
      // Another decoder may do without.
      const parameter = this.node.parameters.get(name);
      if (parameter !== undefined && value !== undefined) parameter.value = value;
    }
  }

  #listenTo(node: PianoNode, onProblem: (problem: string) => void): void {
    node.addEventListener('state', (event) => this.#host.onAudioState((event as CustomEvent<PianoState>).detail));
    node.addEventListener('error', (event) => onProblem((event as CustomEvent<string>).detail));
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

/** A context at the device's rate, where the piano plays at that, so that nothing is resampled on the way. */
function openContext(): AudioContext {
  const context = new AudioContext({ latencyHint: 'interactive' });
  if (isPlayableRate(context.sampleRate)) return context;
  void context.close();
  return new AudioContext({ latencyHint: 'interactive', sampleRate: USUAL_RATE });
}

async function closeAll(node: PianoNode | undefined, context: AudioContext | undefined): Promise<void> {
  await node?.close();
  await context?.close();
}

async function loadWeights(find: FindFile, tier: Tier | ''): Promise<Weights> {
  const url = find(WEIGHT_FILES[tier === '' ? await suitableTier() : tier]);
  return parseWeights(new Uint8Array(await (await request(url)).arrayBuffer()), fileName(url));
}
