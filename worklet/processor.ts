/** The engine on the audio thread. */
import { NOTE_COUNT } from '../model/spec.ts';
import { LoadGovernor } from './engine/economy.ts';
import { Engine } from './engine/engine.ts';
import { OutputStage } from './engine/output-stage.ts';
import { PROCESSOR_NAME, type PianoMessage, type PianoProcessorOptions, type ProcessorMessage } from './protocol.ts';

const STATES_PER_SECOND = 20;
/** Time constant in seconds of the load's average. */
const LOAD_SECONDS = 1;
/** Blocks that warm the code up: the first ones of new code take several times as long. */
const WARM_UP_BLOCKS = 64;
const BLOCK = 128;

type StateMessage = { -readonly [K in keyof Extract<ProcessorMessage, { type: 'state' }>]: Extract<ProcessorMessage, { type: 'state' }>[K] };

class PianoProcessor extends AudioWorkletProcessor {
  #engine: Engine | undefined;
  readonly #output = new OutputStage(sampleRate);
  #governor: LoadGovernor | undefined;
  /** Context frame of the engine's frame 0. */
  #origin = currentFrame;
  #rendered = 0;
  #sinceState = 0;
  #busyMilliseconds = 0;
  readonly #state: StateMessage = { type: 'state', voices: 0, peak: 0, load: 0, economy: 0, sustain: 0, notes: new Uint8Array(NOTE_COUNT) };

  constructor(options: { processorOptions: PianoProcessorOptions }) {
    super();
    try {
      const { kernel, spec, tensors, style, realTime } = options.processorOptions;
      const module = new WebAssembly.Module(kernel);
      const engine = new Engine({ module, weights: { spec, tensors }, style, sampleRate });
      warmUp(engine);
      this.#engine = engine;
      if (realTime) this.#governor = new LoadGovernor();
      this.port.onmessage = ({ data }: MessageEvent<PianoMessage>): void => this.#receive(data);
      this.#post({ type: 'ready', latencySeconds: engine.latencySeconds });
    } catch (error) {
      this.#fail(error);
    }
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const engine = this.#engine;
    const channels = outputs[0];
    const first = channels?.[0];
    if (engine === undefined) return false;
    if (channels === undefined || first === undefined) return true;
    try {
      const before = Date.now();
      // A node that was not connected for a while has missed frames.
      this.#origin = currentFrame - this.#rendered;
      engine.render(first);
      this.#output.process(first);
      for (let c = 1; c < channels.length; c++) channels[c]!.set(first);
      this.#rendered += first.length;
      this.#busyMilliseconds += Date.now() - before;
      this.#report(engine, first.length);
    } catch (error) {
      first.fill(0);
      this.#fail(error);
    }
    return true;
  }

  #receive(message: PianoMessage): void {
    const engine = this.#engine;
    if (engine === undefined) return;
    switch (message.type) {
      case 'noteOn':
        engine.noteOn(message.note, message.velocity, this.#frame(message.time));
        break;
      case 'noteOff':
        engine.noteOff(message.note, this.#frame(message.time));
        break;
      case 'control':
        engine.control(message.controller, message.value, this.#frame(message.time));
        break;
      case 'panic':
        engine.panic();
        break;
      case 'style':
        engine.setStyle(message.style);
        break;
      case 'acknowledge':
        this.#post({ type: 'received' });
        break;
    }
  }

  /** The engine's frame for a time on the context's clock. */
  #frame(time: number | undefined): number | undefined {
    return time === undefined ? undefined : Math.round(time * sampleRate) - this.#origin;
  }

  #report(engine: Engine, frames: number): void {
    this.#sinceState += frames;
    const seconds = this.#sinceState / sampleRate;
    if (seconds < 1 / STATES_PER_SECOND) return;
    const state = this.#state;
    // One quantum is shorter than the clock's millisecond, but the sum over many is right.
    const load = this.#busyMilliseconds / 1000 / seconds;
    const governor = this.#governor;
    if (governor?.update(load)) {
      state.economy = governor.economy;
      engine.setEconomy(governor.economy);
    }
    state.load += (load - state.load) * Math.min(1, seconds / LOAD_SECONDS);
    state.voices = engine.voices;
    state.peak = engine.readPeak();
    state.sustain = engine.sustain;
    engine.readLevels(state.notes);
    this.#sinceState = 0;
    this.#busyMilliseconds = 0;
    this.#post(state);
  }

  #fail(error: unknown): void {
    this.#engine = undefined;
    this.#post({ type: 'error', message: error instanceof Error ? error.message : String(error) });
  }

  #post(message: ProcessorMessage): void {
    this.port.postMessage(message);
  }
}

/** Runs all code paths before anybody listens, then starts anew. */
function warmUp(engine: Engine): void {
  const block = new Float32Array(BLOCK);
  engine.control(64, 127);
  for (let i = 0; i < WARM_UP_BLOCKS; i++) {
    if (i % 8 === 0) engine.noteOn(36 + i, 0.5);
    if (i % 8 === 4) engine.noteOff(32 + i);
    engine.render(block);
  }
  engine.reset();
}

registerProcessor(PROCESSOR_NAME, PianoProcessor);
