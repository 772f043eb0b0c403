/** The piano as the processor of a Web Audio Module: the same engine, with a host's events before each block. */
import type { WamEnv, WamEvent, WamParameterData, WamParameterDataMap, WamProcessor } from '@webaudiomodules/api';
import type { CrossfadingEngine } from '../../worklet/engine/crossfading-engine.ts';
import { MidiReceiver } from '../../worklet/midi-receiver.ts';
import { PianoProcessor } from '../../worklet/processor.ts';
import { Controls } from './controls.ts';
import { EventSchedule } from './event-schedule.ts';
import { PARAMETERS, placeOf } from './parameters.ts';
import { WAM_PROCESSOR_NAME, type WamMessage, type WamProcessorOptions, type WamReply } from './protocol.ts';

/** Events for which there is room from the start: some minutes of a song. */
const SCHEDULE = 8192;

/** What a host puts on the audio thread before it makes a module. */
const scope = globalThis as typeof globalThis & { readonly webAudioModules?: WamEnv };

class PianoWamProcessor extends PianoProcessor implements WamProcessor {
  readonly groupId: string;
  readonly moduleId: string;
  readonly instanceId: string;
  readonly #schedule = new EventSchedule(SCHEDULE);
  readonly #controls: Controls;
  readonly #midi: MidiReceiver;
  /** Why no host can connect events. */
  #apart: string | undefined;
  /** Whether the group knows this processor; undefined, too, while the base constructor runs. */
  joined: boolean | undefined;
  // Sent over and over.
  readonly #done = { id: 0, response: 'add/event' as const };
  readonly #played: { event: WamEvent | undefined } = { event: undefined };

  constructor(options: { processorOptions: WamProcessorOptions }) {
    super(options);
    const { groupId, moduleId, instanceId, pianos, model } = options.processorOptions;
    this.groupId = groupId;
    this.moduleId = moduleId;
    this.instanceId = instanceId;
    this.#controls = new Controls(pianos, model);
    this.#midi = new MidiReceiver(this.#controls);
    const { onmessage } = this.port;
    this.port.onmessage = (message: MessageEvent): void => {
      if ('request' in message.data) this.#receive(message.data as WamMessage);
      else onmessage?.call(this.port, message);
    };
    if (this.piano !== undefined) this.#join();
  }

  getCompensationDelay(): number {
    return this.piano?.engine.latencySeconds ?? 0;
  }

  /** For other processors of the group. */
  scheduleEvents(...events: WamEvent[]): void {
    for (let i = 0; i < events.length; i++) this.#add(events[i]!, 0);
  }

  emitEvents(...events: WamEvent[]): void {
    scope.webAudioModules?.emitEvents(this, ...events);
  }

  clearEvents(): void {
    this.#schedule.clear();
  }

  destroy(): void {
    this.letGo();
  }

  protected override letGo(): void {
    super.letGo();
    if (this.joined) scope.webAudioModules?.removeWam(this);
    this.joined = false;
  }

  /** Plays what is due in the block: notes, pedals and volume at their frame, all else with the block. */
  protected override beforeBlock(piano: CrossfadingEngine, frames: number): void {
    const schedule = this.#schedule;
    this.#controls.follow(piano);
    const end = currentFrame + frames;
    for (; schedule.frame < end; schedule.shift()) {
      const frame = piano.frame + Math.max(0, schedule.frame - currentFrame);
      const event = schedule.event!;
      this.#play(event, frame);
      if (schedule.id === 0) this.#tell(event);
      else this.#answer(schedule.id);
    }
    this.#controls.apply(piano, this.stage);
  }

  /** System exclusive, OSC and transport have nothing to say to a piano: they pass unheard. */
  #play(event: WamEvent, frame: number): void {
    if (event.type === 'wam-midi' || event.type === 'wam-mpe') {
      if (event.data?.bytes !== undefined) this.#midi.receive(event.data.bytes, frame);
    } else if (event.type === 'wam-automation') {
      const place = placeOf(event.data?.id);
      if (place !== undefined) this.#controls.set(place, event.data.value, event.data.normalized, frame);
    }
  }

  #answer(id: number): void {
    this.#done.id = id;
    this.#post(this.#done);
  }

  #tell(event: WamEvent): void {
    this.#played.event = event;
    this.port.postMessage(this.#played);
    this.#played.event = undefined;
  }

  /** What has no time, or a past one, is played with the next block. */
  #add(event: WamEvent, id: number): void {
    if (typeof event?.type !== 'string') return;
    const frame = Math.round((event.time ?? 0) * sampleRate);
    this.#schedule.push(frame > currentFrame ? frame : currentFrame, id, event);
  }

  #join(): void {
    try {
      const environment = scope.webAudioModules;
      if (environment === undefined) throw new Error('the host has not called initializeWamHost');
      environment.addWam(this);
      this.joined = true;
    } catch (error) {
      this.#apart = `There is no group ${this.groupId} of Web Audio Modules: ${(error as Error).message}`;
    }
  }

  #receive(message: WamMessage): void {
    const { id, request: response } = message;
    if (message.request === 'add/event') {
      this.#add(message.content.event, id);
      return;
    }
    let content: unknown;
    try {
      content = this.#fulfil(message);
    } catch (error) {
      // What cannot be connected leaves the sound as it is.
      content = (error as Error).message;
    }
    this.#post({ id, response, content });
  }

  #fulfil(message: Exclude<WamMessage, { readonly request: 'add/event' }>): unknown {
    switch (message.request) {
      case 'initialize/processor':
        return this.#apart;
      case 'get/parameterValues':
        return this.#values(message.content.normalized, message.content.parameterIds);
      case 'set/parameterValues':
        for (const data of Object.values(message.content.parameterValues)) this.#set(data);
        return undefined;
      case 'set/piano':
        this.#controls.setOwn(message.content.slot, message.content.timbre);
        return undefined;
      case 'get/compensationDelay':
        return this.getCompensationDelay();
      case 'remove/events':
        this.clearEvents();
        return undefined;
      case 'connect/events':
        scope.webAudioModules?.connectEvents(this.groupId, this.instanceId, message.content.wamInstanceId!, message.content.output);
        return undefined;
      case 'disconnect/events':
        scope.webAudioModules?.disconnectEvents(this.groupId, this.instanceId, message.content.wamInstanceId, message.content.output);
        return undefined;
    }
  }

  #set({ id, value, normalized }: WamParameterData): void {
    const place = placeOf(id);
    if (this.piano !== undefined) this.#controls.follow(this.piano);
    if (place !== undefined) this.#controls.set(place, value, normalized, undefined);
  }

  #values(normalized: boolean, wanted: readonly string[]): WamParameterDataMap {
    const values: WamParameterDataMap = {};
    for (const id of wanted.length > 0 ? wanted : PARAMETERS.map((parameter) => parameter.id)) {
      const place = placeOf(id);
      if (place === undefined) continue;
      values[id] = { id, value: normalized ? this.#controls.normalise(place) : this.#controls.values[place]!, normalized };
    }
    return values;
  }

  #post(message: WamReply): void {
    this.port.postMessage(message);
  }
}

try {
  registerProcessor(WAM_PROCESSOR_NAME, PianoWamProcessor);
} catch {
  // Another copy of this version was first, and serves as well.
}
