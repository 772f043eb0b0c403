/** The engine on the audio thread. */
import type { RoomShape } from '../model/room.ts';
import { NOTE_COUNT } from '../model/spec.ts';
import { Automation, type ParameterBlocks } from './automation.ts';
import { CrossfadingEngine } from './engine/crossfading-engine.ts';
import { LoadGovernor } from './engine/economy.ts';
import { Engine } from './engine/engine.ts';
import { OutputStage } from './engine/output-stage.ts';
import { Stage } from './engine/stage.ts';
import {
  MOST_UNREAD,
  PARAMETERS,
  type PianoCommand,
  type PianoMessage,
  type PianoProcessorOptions,
  type PianoRequest,
  type ProcessorMessage,
} from './protocol.ts';
import { WARM_UP_SLICES, warmUp } from './warm-up.ts';

const STATES_PER_SECOND = 20;
/** Time constant in seconds of the load's average. */
const LOAD_SECONDS = 1;

type StateMessage = { -readonly [K in keyof Extract<ProcessorMessage, { type: 'state' }>]: Extract<ProcessorMessage, { type: 'state' }>[K] };

/** Plays for a page. A host of another protocol extends it: `beforeBlock` and `letGo` are for that. */
export class PianoProcessor extends AudioWorkletProcessor {
  #module: WebAssembly.Module | undefined;
  /** Undefined once the piano has stopped or was closed. */
  #piano: CrossfadingEngine | undefined;
  /** An engine that is made ready, and then the request that lets it take over. */
  #prepared: Engine | undefined;
  #succession: number | undefined;
  #comingRoom: RoomShape | undefined;
  /** The request to close. */
  #closing: number | undefined;
  readonly #stage = new Stage(sampleRate);
  readonly #output = new OutputStage(sampleRate);
  #automation: Automation | undefined;
  #governor: LoadGovernor | undefined;
  /** Context frame of the piano's frame 0. */
  #origin = currentFrame;
  #sinceState = 0;
  #busyMilliseconds = 0;
  /** States that the page has not read; without end where it need not. */
  #unread = -Infinity;
  /** Whether the page knows that events were lost. */
  #overfull = false;
  readonly #state: StateMessage = { type: 'state', voices: 0, peak: 0, load: 0, economy: 0, sustain: 0, sostenuto: 0, soft: 0, notes: new Uint8Array(NOTE_COUNT) };

  static get parameterDescriptors(): typeof PARAMETERS {
    return PARAMETERS;
  }

  constructor(options: { processorOptions: PianoProcessorOptions }) {
    super();
    try {
      const { kernel, image, style, stage, tone, tuning, realTime } = options.processorOptions;
      this.#module = new WebAssembly.Module(kernel);
      const engine = new Engine({ module: this.#module, weights: image, style, sampleRate, resonance: stage.resonance });
      engine.write(0, image.memory);
      engine.reset();
      for (let slice = 0; slice < WARM_UP_SLICES; slice++) warmUp(engine, slice);
      engine.reset();
      engine.setTone(tone.brightness, tone.hammer);
      engine.tune(tuning);
      this.#piano = new CrossfadingEngine(engine, sampleRate);
      this.#stage.reset(stage.width, stage.room, style.room);
      this.#automation = new Automation(stage);
      if (realTime) {
        this.#governor = new LoadGovernor();
        this.#unread = 0;
      }
      this.port.onmessage = ({ data }: MessageEvent<PianoMessage>): void => this.#receive(data);
      this.#post({ type: 'ready', latencySeconds: engine.latencySeconds });
    } catch (error) {
      this.#stop(error);
    }
  }

  /** Undefined once the piano has stopped or was closed. */
  protected get piano(): CrossfadingEngine | undefined {
    return this.#piano;
  }

  protected get stage(): Stage {
    return this.#stage;
  }

  /** Called before each block is computed. Must not allocate. */
  protected beforeBlock?(piano: CrossfadingEngine, frames: number): void;

  /** Called when the piano falls silent for good; may be called more than once, and by the constructor. */
  protected letGo(): void {
    this.#piano = undefined;
    this.#prepared = undefined;
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][], parameters: ParameterBlocks): boolean {
    const piano = this.#piano;
    const channels = outputs[0];
    const first = channels?.[0];
    if (piano === undefined) return this.#end();
    if (channels === undefined || first === undefined) return true;
    try {
      const before = Date.now();
      // A node that was not connected for a while has missed frames.
      this.#origin = currentFrame - piano.frame;
      const second = channels[1];
      const automation = this.#automation!;
      automation.follow(parameters, piano, this.#stage);
      this.beforeBlock?.(piano, first.length);
      piano.render(first, second);
      if (second !== undefined) this.#stage.process(first, second);
      automation.amplify(parameters, first, second);
      this.#output.process(first, second);
      this.#busyMilliseconds += Date.now() - before;
      if (this.#succession !== undefined) this.#followSuccession(piano);
      this.#report(piano, first.length);
    } catch (error) {
      for (const channel of channels) channel.fill(0);
      this.#stop(error);
    }
    return true;
  }

  /** @returns false: the browser need not call again */
  #end(): false {
    if (this.#closing !== undefined) this.#post({ type: 'answer', id: this.#closing, problem: undefined });
    this.#closing = undefined;
    return false;
  }

  /** What fails here leaves the sound as it is. */
  #receive(message: PianoMessage): void {
    if (this.#piano === undefined) return;
    try {
      if ('id' in message) this.#answer(message, this.#piano);
      else this.#obey(message, this.#piano);
    } catch (error) {
      const problem = sentence(error);
      if ('id' in message) this.#post({ type: 'answer', id: message.id, problem });
      else this.#post({ type: 'error', message: problem, stopped: false });
    }
  }

  #obey(message: PianoCommand, piano: CrossfadingEngine): void {
    switch (message.type) {
      case 'noteOn':
        piano.noteOn(message.note, message.velocity, this.#frame(message.time));
        break;
      case 'noteOff':
        piano.noteOff(message.note, this.#frame(message.time), message.velocity);
        break;
      case 'control':
        piano.control(message.controller, message.value, this.#frame(message.time));
        break;
      case 'bend':
        piano.bend(message.cents, message.note, this.#frame(message.time));
        break;
      case 'tune':
        piano.tune(message.cents, this.#frame(message.time));
        break;
      case 'tone':
        piano.setTone(message.brightness, message.hammer);
        break;
      case 'panic':
        piano.panic();
        break;
      case 'style':
        piano.setStyle(message.model, message.style);
        this.#stage.setRoom(message.style.room);
        if (this.#prepared?.model === message.model) this.#prepared.setStyle(message.style);
        break;
      case 'stateRead':
        this.#unread--;
        break;
    }
    if (piano.engine.refused === 0 || this.#overfull) return;
    this.#overfull = true;
    throw new Error('so many events came at once, or wait for their time, that strikes were left out.');
  }

  #answer(request: PianoRequest & { readonly id: number }, piano: CrossfadingEngine): void {
    switch (request.type) {
      case 'acknowledge':
        break;
      case 'prepare':
        this.#comingRoom = request.style.room;
        this.#prepared = new Engine({ module: this.#module!, weights: request.weights, style: request.style, sampleRate });
        break;
      case 'write':
        this.#prepared!.write(request.at, request.bytes);
        break;
      case 'warmUp':
        if (request.slice === 0) this.#prepared!.reset();
        warmUp(this.#prepared!, request.slice);
        break;
      case 'succeed':
        this.#prepared!.reset();
        piano.succeed(this.#prepared!);
        this.#stage.setRoom(this.#comingRoom);
        this.#prepared = undefined;
        this.#succession = request.id;
        this.#followSuccession(piano);
        return;
      case 'close':
        this.letGo();
        this.#closing = request.id;
        return;
    }
    this.#post({ type: 'answer', id: request.id, problem: undefined });
  }

  /** Answers the request for a succession that is over. */
  #followSuccession(piano: CrossfadingEngine): void {
    if (piano.crossfading) return;
    this.#post({ type: 'answer', id: this.#succession!, problem: undefined });
    this.#succession = undefined;
  }

  /** The piano's frame for a time on the context's clock. */
  #frame(time: number | undefined): number | undefined {
    if (time === undefined) return undefined;
    // No block was played since frames were missed, if any were.
    return Math.round(time * sampleRate) - Math.max(this.#origin, currentFrame - (this.#piano?.frame ?? 0));
  }

  #report(piano: CrossfadingEngine, frames: number): void {
    this.#sinceState += frames;
    const seconds = this.#sinceState / sampleRate;
    if (seconds < 1 / STATES_PER_SECOND) return;
    const state = this.#state;
    // One quantum is shorter than the clock's millisecond, but the sum over many is right.
    const load = this.#busyMilliseconds / 1000 / seconds;
    const governor = this.#governor;
    if (governor?.update(load)) {
      state.economy = governor.economy;
      piano.setEconomy(governor.economy);
    }
    state.load += (load - state.load) * Math.min(1, seconds / LOAD_SECONDS);
    this.#sinceState = 0;
    this.#busyMilliseconds = 0;
    if (this.#unread >= MOST_UNREAD) return;
    const { engine } = piano;
    state.voices = engine.voices;
    state.peak = engine.readPeak();
    state.sustain = engine.sustain;
    state.sostenuto = engine.sostenuto;
    state.soft = engine.soft;
    engine.readLevels(state.notes);
    this.#unread++;
    this.#post(state);
  }

  /** Silence from here on. */
  #stop(error: unknown): void {
    this.letGo();
    this.#post({ type: 'error', message: sentence(error), stopped: true });
  }

  #post(message: ProcessorMessage): void {
    this.port.postMessage(message);
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
