/** The piano as the node of a Web Audio Module. */
import type { WamEvent, WamEventMap, WamEventType, WamNode, WamParameterDataMap, WamParameterInfoMap, WebAudioModule } from '@webaudiomodules/api';
import type { Spec } from '../../model/spec.ts';
import { assertStyleFits, type Style } from '../../model/style.ts';
import { evenTuning } from '../../model/temperament.ts';
import type { ToneSettings } from '../../worklet/engine/tone.ts';
import { timbreOf } from '../../worklet/engine-image.ts';
import { PianoNode, type NodeParts, type PianoNodeOptions } from '../../worklet/node.ts';
import { ParameterInfo } from './parameter-info.ts';
import { PARAMETERS, PLACE } from './parameters.ts';
import { WAM_PROCESSOR_NAME, type Slot, type TunableTimbre, type WamProcessorOptions, type WamReply, type WamRequest } from './protocol.ts';
import { parseState, STATE_FORMAT, type WamState } from './state.ts';

export interface PianoWamNodeOptions extends Pick<PianoNodeOptions, 'weights' | 'baseUrl'> {
  /** The processor's script. */
  readonly processorUrl: URL;
  /** The pianos to choose from. */
  readonly pianos: readonly Style[];
}

const OWN_PIANO = 'Own piano';
const SLOTS: readonly Slot[] = ['piano', 'towards'];

/** What `addEventListener` of a WAM node takes. */
type WamListener<K extends WamEventType> = (event: CustomEvent<WamEventMap[K]>) => void;

/**
 * A `PianoNode` that a host of Web Audio Modules 2.0 can play, automate and save. It fires the events
 * that it has played, as `CustomEvent`s of their type, and `wam-automation` for what a state has set.
 */
export class PianoWamNode extends PianoNode implements WamNode {
  readonly module: WebAudioModule;
  readonly #spec: Spec;
  readonly #pianos: readonly Style[];
  readonly #own: Record<Slot, Style>;
  readonly #replies = new Map<number, (content: unknown) => void>();
  readonly #events = new Map<number, WamEvent>();
  #lastId = 0;
  #destroyed = false;

  /** Use `make`. */
  protected constructor(module: WebAudioModule, parts: NodeParts, pianos: readonly Style[]) {
    const { groupId, moduleId, instanceId, audioContext } = module;
    const extras = { groupId, moduleId, instanceId, model: parts.weights.spec.id, pianos: pianos.map(tunable) } satisfies Partial<WamProcessorOptions>;
    super(audioContext, parts, extras);
    this.module = module;
    this.#spec = parts.weights.spec;
    this.#pianos = pianos;
    this.#own = { piano: pianos[0]!, towards: pianos[0]! };
    const { onmessage } = this.port;
    this.port.onmessage = (message: MessageEvent): void => {
      if ('response' in message.data || 'event' in message.data) this.#receive(message.data as WamReply);
      else onmessage?.call(this.port, message);
    };
  }

  /** Loads what the node needs and waits until it can sound. @throws Error with a sentence about what is missing */
  static async make(module: WebAudioModule, { pianos, processorUrl, ...options }: PianoWamNodeOptions): Promise<PianoWamNode> {
    const width = PARAMETERS[PLACE.width]!.defaultValue / 100;
    const room = PARAMETERS[PLACE.room]!.defaultValue / 100;
    const resonance = PARAMETERS[PLACE.resonance]!.defaultValue / 100;
    const processor = { url: processorUrl, name: WAM_PROCESSOR_NAME };
    const parts = await PianoNode.prepare(module.audioContext, { ...options, style: pianos[0]!, width, room, resonance, processor });
    const node = new PianoWamNode(module, parts, pianos);
    await node.started();
    const problem = await node.#ask({ request: 'initialize/processor' });
    if (typeof problem !== 'string') return node;
    node.destroy();
    throw new Error(problem);
  }

  get groupId(): string {
    return this.module.groupId;
  }

  get moduleId(): string {
    return this.module.moduleId;
  }

  get instanceId(): string {
    return this.module.instanceId;
  }

  getParameterInfo(...ids: string[]): Promise<WamParameterInfoMap> {
    const pianos = [...this.#pianos.map(({ name }) => name), OWN_PIANO];
    const wanted = PARAMETERS.filter(({ id }) => ids.length === 0 || ids.includes(id));
    return Promise.resolve(Object.fromEntries(wanted.map((parameter) => [parameter.id, new ParameterInfo(parameter, pianos)])));
  }

  async getParameterValues(normalized = false, ...parameterIds: string[]): Promise<WamParameterDataMap> {
    return (await this.#ask({ request: 'get/parameterValues', content: { normalized, parameterIds } })) as WamParameterDataMap;
  }

  async setParameterValues(parameterValues: WamParameterDataMap): Promise<void> {
    await this.#ask({ request: 'set/parameterValues', content: { parameterValues } });
  }

  /** All settings, and both pianos as they are. */
  async getState(): Promise<WamState> {
    const values = await this.getParameterValues();
    const parameters = Object.fromEntries(Object.values(values).map(({ id, value }) => [id, value]));
    const style = (slot: Slot): Style => this.#pianos[parameters[slot]!] ?? this.#own[slot];
    return { format: STATE_FORMAT, parameters, styles: { piano: style('piano'), towards: style('towards') } };
  }

  /** @throws InputError if it is no state, or made for other weights */
  async setState(input: unknown): Promise<void> {
    const state = parseState(input);
    if (state === undefined) return;
    for (const slot of SLOTS) assertStyleFits(state.styles[slot], this.#spec, `state, ${slot}`);
    const values: WamParameterDataMap = {};
    for (const [id, value] of Object.entries(state.parameters)) values[id] = { id, value, normalized: false };
    for (const slot of SLOTS) {
      values[slot] = { id: slot, value: this.#place(slot, state.styles[slot]), normalized: false };
    }
    await this.setParameterValues(values);
    for (const data of Object.values(values)) this.#fire({ type: 'wam-automation', data, time: this.context.currentTime });
  }

  /** Plays a piano of the player's own. @throws InputError if it was made for other weights */
  override setStyle(style: Style): void {
    assertStyleFits(style, this.#spec, style.name);
    const value = this.#place('piano', style);
    void this.setParameterValues({ piano: { id: 'piano', value, normalized: false }, morph: { id: 'morph', value: 0, normalized: false } });
  }

  /** The node's properties move the parameters. */
  protected override applyTone({ brightness, hammer, concertPitch, inTune }: ToneSettings): void {
    const values = { brightness, hammer: 100 * hammer, concertPitch, inTune: 100 * inTune };
    void this.setParameterValues(Object.fromEntries(Object.entries(values).map(([id, value]) => [id, { id, value, normalized: false }])));
  }

  /** Samples by which the sound lags behind the events. */
  getCompensationDelay(): Promise<number> {
    return Promise.resolve(Math.round(this.latencySeconds * this.context.sampleRate));
  }

  override addEventListener<K extends WamEventType>(type: K, listener: WamListener<K>, options?: boolean | AddEventListenerOptions): void;
  override addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
  override addEventListener(type: string, listener: unknown, options?: boolean | AddEventListenerOptions): void {
    super.addEventListener(type, listener as EventListener, options);
  }

  override removeEventListener<K extends WamEventType>(type: K, listener: WamListener<K>, options?: boolean | EventListenerOptions): void;
  override removeEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | EventListenerOptions): void;
  override removeEventListener(type: string, listener: unknown, options?: boolean | EventListenerOptions): void {
    super.removeEventListener(type, listener as EventListener, options);
  }

  scheduleEvents(...events: WamEvent[]): void {
    if (this.#destroyed) return;
    for (const event of events) {
      this.#events.set(this.#send({ request: 'add/event', content: { event } }), event);
    }
  }

  clearEvents(): void {
    const last = this.#lastId;
    void this.#ask({ request: 'remove/events' }).then(() => {
      for (const id of this.#events.keys()) if (id <= last) this.#events.delete(id);
    });
  }

  connectEvents(wamInstanceId: string, output?: number): void {
    void this.#ask({ request: 'connect/events', content: { wamInstanceId, output } });
  }

  disconnectEvents(wamInstanceId?: string, output?: number): void {
    void this.#ask({ request: 'disconnect/events', content: { wamInstanceId, output } });
  }

  /** Falls silent for good. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#events.clear();
    for (const reply of this.#replies.values()) reply(undefined);
    this.#replies.clear();
    void this.close();
  }

  /** Place of a style among the choices: its own, or the one after the last, where it is then put. */
  #place(slot: Slot, style: Style): number {
    const text = JSON.stringify(style);
    const place = this.#pianos.findIndex((piano) => piano.id === style.id && JSON.stringify(piano) === text);
    if (place >= 0) return place;
    this.#own[slot] = style;
    void this.#ask({ request: 'set/piano', content: { slot, timbre: tunable(style) } });
    return this.#pianos.length;
  }

  #receive(reply: WamReply): void {
    if (!('response' in reply)) {
      this.#fire(reply.event);
      return;
    }
    const event = this.#events.get(reply.id);
    this.#events.delete(reply.id);
    if (event !== undefined) this.#fire(event);
    this.#replies.get(reply.id)?.(reply.content);
    this.#replies.delete(reply.id);
  }

  #fire(event: WamEvent): void {
    this.dispatchEvent(new CustomEvent(event.type, { bubbles: true, detail: event }));
  }

  #ask(request: WamRequest): Promise<unknown> {
    if (this.#destroyed) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#replies.set(this.#send(request), resolve));
  }

  #send(request: WamRequest): number {
    const id = ++this.#lastId;
    this.port.postMessage({ ...request, id });
    return id;
  }
}

function tunable(style: Style): TunableTimbre {
  return { ...timbreOf(style), pace: style.pace ?? 0, evenCents: evenTuning(style.tuning, 1).cents };
}
