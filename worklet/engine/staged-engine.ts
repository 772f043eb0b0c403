/** The engine as the loudspeakers play it: on its stage, through DC blocker and limiter. */
import { Engine, type EngineOptions } from './engine.ts';
import { OutputStage } from './output-stage.ts';
import { Stage } from './stage.ts';
import { toneOf, tunedTimbre, tuningCents, type ToneSettings } from './tone.ts';

/** What is not set of the tone is as recorded. */
export interface StagedEngineOptions extends EngineOptions, Partial<ToneSettings> {
  /** How far the keyboard reaches from left to right, 0..1. */
  readonly width: number;
  /** Level of the room, 0..1. */
  readonly room: number;
}

/** For playing off-line. Events are as in `Engine`. */
export class StagedEngine {
  /** 1 where left and right are the same. */
  readonly channels: 1 | 2;
  readonly #engine: Engine;
  readonly #stage: Stage;
  readonly #output: OutputStage;

  constructor(options: StagedEngineOptions) {
    const { width, room, sampleRate } = options;
    this.channels = width === 0 && room === 0 ? 1 : 2;
    const tone = toneOf(options);
    this.#engine = new Engine({ ...options, style: tunedTimbre(options.style, tone) });
    this.#engine.setTone(tone.brightness, tone.hammer);
    this.#engine.tune(tuningCents(tone));
    this.#stage = new Stage(sampleRate);
    this.#stage.reset(width, room, options.style.room);
    this.#output = new OutputStage(sampleRate);
  }

  noteOn(note: number, velocity: number, frame: number): void {
    this.#engine.noteOn(note, velocity, frame);
  }

  noteOff(note: number, frame: number, velocity?: number): void {
    this.#engine.noteOff(note, frame, velocity);
  }

  control(controller: number, value: number, frame: number): void {
    this.#engine.control(controller, value, frame);
  }

  bend(cents: number, note: number | undefined, frame: number): void {
    this.#engine.bend(cents, note, frame);
  }

  /** Overwrites two blocks of the same length. */
  render(left: Float32Array, right: Float32Array): void {
    this.#engine.render(left, left.length, right);
    this.#stage.process(left, right);
    this.#output.process(left, right);
  }
}
