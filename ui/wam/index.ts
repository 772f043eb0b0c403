/** anypiano as a Web Audio Module 2.0: what a host imports by its address. */
import WebAudioModule from '@webaudiomodules/sdk/src/WebAudioModule.js';
import { StyleLibrary } from '../style-library.ts';
import { filesIn } from '../../worklet/package-files.ts';
import { request } from '../../worklet/request.ts';
import descriptor from './descriptor.json';
import { PianoWamNode } from './wam-node.ts';

/** Weights, kernels and pianos lie beside the folder of this script. */
const BASE = new URL('../', import.meta.url);

/**
 * ```js
 * const { default: AnyPiano } = await import('https://my.site/anypiano/wam/index.js');
 * const piano = await AnyPiano.createInstance(hostGroupId, audioContext);
 * piano.audioNode.connect(audioContext.destination);
 * ```
 */
export default class AnyPianoModule extends WebAudioModule<PianoWamNode> {
  readonly #instance = `${descriptor.identifier}-${crypto.randomUUID()}`;

  constructor(groupId: string, audioContext: BaseAudioContext) {
    super(groupId, audioContext);
    Object.assign(this.descriptor, descriptor);
  }

  override get instanceId(): string {
    return this.#instance;
  }

  /** @throws Error with a sentence about what is missing, InputError for what is no state */
  override async initialize(state?: unknown): Promise<this> {
    await super.initialize(state);
    await this.audioNode.setState(state);
    return this;
  }

  override async createAudioNode(): Promise<PianoWamNode> {
    const library = new StyleLibrary(filesIn(new URL('pretrained/', BASE)));
    const [weights] = await Promise.all([request(new URL('pretrained/model.safetensors', BASE)).then((response) => response.arrayBuffer()), library.open()]);
    const pianos = await Promise.all(library.summaries.map(({ id }) => library.style(id)));
    return PianoWamNode.make(this, { weights, pianos, baseUrl: BASE, processorUrl: new URL('processor.js', import.meta.url) });
  }

  override async createGui(): Promise<Element> {
    const { createElement } = await import('./gui.ts');
    return createElement(this.audioNode);
  }

  override destroyGui(gui: Element): void {
    gui.remove();
  }
}
