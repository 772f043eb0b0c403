/** The engine that sounds, and for a moment its successor. */
import type { Engine } from './engine.ts';
import type { Timbre } from './strike.ts';

/** Seconds in which a successor plays unheard, once all voices have come over: the WaveNet's memory and a bit. */
const LEAD_SECONDS = 0.025;
/** Seconds of the crossfade. */
const FADE_SECONDS = 0.05;
/** Frames that are rendered at a time while two engines run. */
const CHUNK = 128;

/**
 * Plays one engine until `succeed` gives it another, of other weights perhaps.
 *
 * From then on both hear every event. The successor takes over what waits, keys, pedal and what
 * sounds: a voice a tick is struck anew as it sounds at its age under the new weights. Meanwhile
 * it is not heard. When its last voice and its WaveNet's memory are there, the two
 * crossfade, and the old engine is let go. With 64 voices all this takes a little more than a tenth of a second, and
 * as long both cost. The crossfade is linear, not of equal power: partials of both engines have the same
 * frequencies and phases, so that amplitudes add.
 *
 * Frames count from the first engine's first. Nothing here allocates but the constructor and `succeed`.
 */
export class CrossfadingEngine {
  readonly #leadFrames: number;
  readonly #fadeFrames: number;
  readonly #chunk = new Float32Array(CHUNK);
  readonly #sideChunk = new Float32Array(CHUNK);
  #engine: Engine;
  #successor: Engine | undefined;
  /** Frames rendered in all, and by this count the first ones of both engines. */
  #frame = 0;
  #first = 0;
  #successorFirst = 0;
  /** Frames since the successor had all voices. */
  #complete = 0;
  #economy = 0;

  /** @param sampleRate of the output in Hz */
  constructor(engine: Engine, sampleRate: number) {
    this.#engine = engine;
    this.#leadFrames = Math.round(LEAD_SECONDS * sampleRate);
    this.#fadeFrames = Math.round(FADE_SECONDS * sampleRate);
  }

  /** The engine that sounds; during a crossfade the old one. */
  get engine(): Engine {
    return this.#engine;
  }

  /** Whether two engines run. */
  get crossfading(): boolean {
    return this.#successor !== undefined;
  }

  /** Frames rendered so far. */
  get frame(): number {
    return this.#frame;
  }

  /** Hands over to an engine that is reset and warm. Before the first frame it does so at once; during a crossfade it must not be called. */
  succeed(successor: Engine): void {
    successor.setEconomy(this.#economy);
    successor.follow(this.#engine, this.#frame - this.#first);
    this.#successor = successor;
    this.#successorFirst = this.#frame;
    this.#complete = 0;
    if (this.#frame === 0) this.#finish();
  }

  /** Writes all of `out`, and as much of `side`; see `Engine.render`. */
  render(out: Float32Array, side?: Float32Array): void {
    this.#engine.render(out, out.length, side);
    const successor = this.#successor;
    if (successor !== undefined) {
      const wasComplete = this.#complete > 0;
      for (let at = 0; at < out.length; at += CHUNK) this.#mix(successor, out, side, at, Math.min(CHUNK, out.length - at));
      if (!wasComplete && this.#complete > 0) {
        const end = this.#frame + out.length;
        successor.followResonance(this.#engine, end - this.#successorFirst, end - this.#first);
      }
      if (this.#complete >= this.#leadFrames + this.#fadeFrames) this.#finish();
    }
    this.#frame += out.length;
  }

  noteOn(note: number, velocity: number, frame?: number): void {
    this.#engine.noteOn(note, velocity, since(this.#first, frame));
    this.#successor?.noteOn(note, velocity, since(this.#successorFirst, frame));
  }

  noteOff(note: number, frame?: number, velocity?: number): void {
    this.#engine.noteOff(note, since(this.#first, frame), velocity);
    this.#successor?.noteOff(note, since(this.#successorFirst, frame), velocity);
  }

  control(controller: number, value: number, frame?: number): void {
    this.#engine.control(controller, value, since(this.#first, frame));
    this.#successor?.control(controller, value, since(this.#successorFirst, frame));
  }

  bend(cents: number, note?: number, frame?: number): void {
    this.#engine.bend(cents, note, since(this.#first, frame));
    this.#successor?.bend(cents, note, since(this.#successorFirst, frame));
  }

  tune(cents: number, frame?: number): void {
    this.#engine.tune(cents, since(this.#first, frame));
    this.#successor?.tune(cents, since(this.#successorFirst, frame));
  }

  panic(): void {
    this.#engine.panic();
    this.#successor?.panic();
  }

  /** Changes the timbre of the engines that have the weights of `model`. */
  setStyle(model: string, style: Timbre): void {
    if (this.#engine.model === model) this.#engine.setStyle(style);
    if (this.#successor?.model === model) this.#successor.setStyle(style);
  }

  setTone(brightness: number, hammer: number): void {
    this.#engine.setTone(brightness, hammer);
    this.#successor?.setTone(brightness, hammer);
  }

  setResonance(setting: number): void {
    this.#engine.setResonance(setting);
    this.#successor?.setResonance(setting);
  }

  setEconomy(economy: number): void {
    this.#economy = economy;
    this.#engine.setEconomy(economy);
    this.#successor?.setEconomy(economy);
  }

  #mix(successor: Engine, out: Float32Array, side: Float32Array | undefined, at: number, frames: number): void {
    const chunk = this.#chunk;
    const sideChunk = this.#sideChunk;
    successor.render(chunk, frames, sideChunk);
    if (successor.awaits) return;
    const faded = this.#complete - this.#leadFrames;
    for (let i = 0; i < frames; i++) {
      const share = Math.max(0, Math.min(1, (faded + i) / this.#fadeFrames));
      out[at + i]! += share * (chunk[i]! - out[at + i]!);
      if (side !== undefined) side[at + i]! += share * (sideChunk[i]! - side[at + i]!);
    }
    this.#complete += frames;
  }

  #finish(): void {
    if (this.#successor !== undefined) this.#engine = this.#successor;
    this.#first = this.#successorFirst;
    this.#successor = undefined;
  }
}

/** A frame by an engine's own count. */
function since(first: number, frame: number | undefined): number | undefined {
  return frame === undefined ? undefined : frame - first;
}
