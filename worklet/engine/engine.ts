/**
 * The instrument: events in, mono samples out. The same in the audio worklet, in Node and in tests.
 *
 * Everything runs at the model's rate in ticks of `spec.tick` samples. An event splits a tick
 * at its sample; noise, levels and conditioning are set at the boundaries between ticks.
 */
import { USUAL_RELEASE } from '../../model/mechanics.ts';
import { NATURAL_RESONANCE } from '../../model/resonance.ts';
import { FIRST_NOTE, NOTE_COUNT, type Spec } from '../../model/spec.ts';
import { MOST_CENTS, TUNING, WHEEL } from './bends.ts';
import { isKnown } from './controllers.ts';
import { HIGHEST_RATE, LOWEST_RATE, isPlayableRate, type EngineImage, type EngineOptions } from './engine-options.ts';
import { EventPlayer } from './event-player.ts';
import { BEND, CONTROL, EventQueue, NOTE_OFF, NOTE_ON, type EventKind } from './event-queue.ts';
import { Piano } from './piano.ts';
import { Resampler } from './resampler.ts';
import type { Timbre } from './strike.ts';

export * from './controllers.ts';
export { HIGHEST_RATE, LOWEST_RATE, type BlankEngine, type EngineImage, type EngineOptions } from './engine-options.ts';

/** Events that wait at most: two hours of a busy piece. */
const QUEUE = 65_536;

/**
 * Plays one piano. Only the constructor allocates, and an event for which the queue needs more room; no method throws or waits.
 *
 * Frames count from the engine's first; an event without a frame, or with a past one, happens
 * at once. Any split of the output into `render` calls gives the same samples.
 */
export class Engine {
  /** `Spec.id` of the weights. */
  readonly model: string;
  readonly #spec: Spec;
  readonly #piano: Piano;
  readonly #queue = new EventQueue(QUEUE);
  readonly #player: EventPlayer;
  readonly #resampler: Resampler | undefined;
  readonly #sideResampler: Resampler | undefined;
  /** Model samples per output frame. */
  readonly #ratio: number;
  readonly #tick: number;
  readonly #modelRate: number;
  /** Samples of the current tick that were not yet handed out start here. */
  #read: number;

  /** @throws RangeError for a rate or spec that it cannot play, WebAssembly errors if there is no memory left */
  constructor({ module, weights, style, sampleRate, seed = 1, resonance = NATURAL_RESONANCE, temperature = 1 }: EngineOptions) {
    if (!isPlayableRate(sampleRate)) {
      throw new RangeError(`anypiano plays at ${LOWEST_RATE} to ${HIGHEST_RATE} Hz, not at ${sampleRate}`);
    }
    const { spec } = weights;
    const { tick, sampleRate: modelRate } = spec;
    const [tensors, filter] = 'tensors' in weights ? [weights.tensors] : [undefined, weights.filter];
    this.model = spec.id;
    this.#spec = spec;
    this.#piano = new Piano(module, spec, tensors, style, seed);
    this.#player = new EventPlayer(this.#piano, this.#queue, tick);
    this.#piano.setResonance(resonance);
    this.#piano.setTemperature(temperature);
    this.#piano.reset();
    this.#tick = tick;
    this.#modelRate = modelRate;
    this.#read = tick;
    this.#ratio = modelRate / sampleRate;
    this.#resampler = sampleRate === modelRate ? undefined : new Resampler(modelRate, sampleRate, tick, filter);
    this.#sideResampler = this.#resampler && new Resampler(modelRate, sampleRate, tick, this.#resampler.filter);
  }

  /** Seconds that the output lags behind the events: the resampler's delay. */
  get latencySeconds(): number {
    return (this.#resampler?.delay ?? 0) / this.#modelRate;
  }

  /** Voices that sound, those included that fade. */
  get voices(): number {
    return this.#piano.voices;
  }

  /** Sustain pedal in 0..1. */
  get sustain(): number {
    return this.#piano.sustain;
  }

  /** Sostenuto pedal, 0 or 1. */
  get sostenuto(): number {
    return this.#piano.sostenuto;
  }

  /** Una corda in 0..1. */
  get soft(): number {
    return this.#piano.soft;
  }

  /** Times that a result was not finite and the sound started anew from silence. */
  get faults(): number {
    return this.#piano.faults;
  }

  /** Events that a full queue lost; see `EventQueue`. */
  get refused(): number {
    return this.#queue.refused;
  }

  /** Bytes of the kernel's memory; constant. */
  get memoryBytes(): number {
    return this.#piano.memory.byteLength;
  }

  /** Modes of all voices: with them grows the cost of a block. */
  get modes(): number {
    return this.#piano.modes;
  }

  /** Whether voices that `follow` took over are still to be struck. */
  get awaits(): boolean {
    return this.#piano.awaits;
  }

  /** A copy of what this engine is made of; it must be new or reset. Allocates. */
  image(): EngineImage {
    const memory = new Uint8Array(this.#piano.memory);
    const length = memory.findLastIndex((byte) => byte !== 0) + 1;
    return { spec: this.#spec, memory: memory.slice(0, length), filter: this.#resampler?.filter.slice() };
  }

  /** Writes a part of an image's memory into a blank engine; `reset` after the last one. @param at its first byte */
  write(at: number, bytes: Uint8Array): void {
    new Uint8Array(this.#piano.memory).set(bytes, at);
  }

  /**
   * On a reset engine: takes over from another one of the same rate, that has rendered `frame` frames.
   * What waits comes over, keys and pedal as they stand, and what sounds: each tick one voice of the
   * other is struck anew, as it sounds here at its age. Its first frame is the other's next. Allocates.
   */
  follow(other: Engine, frame: number): void {
    const scale = this.#modelRate / other.#modelRate;
    const now = frame * other.#ratio;
    this.#piano.follow(other.#piano, (start) => (start - now) * scale);
    this.#queue.follow(other.#queue, (sample) => Math.max(0, Math.round((sample - now) * scale)));
  }

  /**
   * Takes over what answers in another engine: only once all strikes have come over, as these drive it. Both have
   * rendered up to one moment, `frame` frames of this engine and `otherFrame` of the other.
   */
  followResonance(other: Engine, frame: number, otherFrame: number): void {
    const ahead = other.#piano.position - otherFrame * other.#ratio;
    const lag = this.#piano.position - frame * this.#ratio - (ahead * this.#modelRate) / other.#modelRate;
    this.#piano.followResonance(other.#piano, lag);
  }

  /**
   * Writes the first `frames` values of `out`, full scale 1: the middle of the sound, which is all of it in one
   * channel. `Stage` makes left and right of it with `side`; `OutputStage` keeps them within full scale.
   */
  render(out: Float32Array, frames: number = out.length, side?: Float32Array): void {
    if (this.#resampler !== undefined) {
      this.#resample(this.#resampler, this.#sideResampler!, out, frames, side);
      return;
    }
    const { samples, side: sideSamples } = this.#piano;
    for (let i = 0; i < frames; i++) {
      if (this.#read === this.#tick) {
        this.#player.playTick();
        this.#read = 0;
      }
      if (side !== undefined) side[i] = sideSamples[this.#read]!;
      out[i] = samples[this.#read++]!;
    }
  }

  #resample(middle: Resampler, sides: Resampler, out: Float32Array, frames: number, side: Float32Array | undefined): void {
    for (let i = 0; i < frames; i++) {
      while (middle.hungry) {
        this.#player.playTick();
        middle.push(this.#piano.samples);
        sides.push(this.#piano.side);
      }
      out[i] = middle.next();
      if (side === undefined) sides.skip();
      else side[i] = sides.next();
    }
  }

  /**
   * Strikes a key. Notes outside 21..108 are ignored.
   *
   * @param velocity 0..1; 0 releases the key, and up to `SILENT_VELOCITY` it goes down without a strike
   */
  noteOn(note: number, velocity: number, frame?: number): void {
    if (!isKey(note) || Number.isNaN(velocity)) return;
    if (velocity <= 0) this.#push(frame, NOTE_OFF, note, USUAL_RELEASE);
    else this.#push(frame, NOTE_ON, note, Math.min(1, velocity));
  }

  /** Releases a key. @param velocity 0..1 of the release: how loud the key comes back */
  noteOff(note: number, frame?: number, velocity: number = USUAL_RELEASE): void {
    if (isKey(note) && !Number.isNaN(velocity)) this.#push(frame, NOTE_OFF, note, Math.max(0, Math.min(1, velocity)));
  }

  /**
   * Moves a controller: 7 volume, 11 expression, 64 sustain, 66 sostenuto (down from 64 on), 67 una corda, 120 all
   * sound off, 121 reset, 123 all notes off; others are ignored.
   *
   * @param value 0..127
   */
  control(controller: number, value: number, frame?: number): void {
    if (isKnown(controller) && !Number.isNaN(value)) this.#push(frame, CONTROL, controller, Math.max(0, Math.min(127, value)));
  }

  /**
   * Bends all keys, or one key more than all; what sounds glides along. Of a key, only its latest strike follows.
   * @param cents above the piano's own pitch, within +-9600
   */
  bend(cents: number, note?: number, frame?: number): void {
    if (note === undefined || isKey(note)) this.#pushCents(note ?? WHEEL, cents, frame);
  }

  /** Tunes the whole piano; `bend` comes on top, and a reset of controllers leaves it. @param cents above its own pitch */
  tune(cents: number, frame?: number): void {
    this.#pushCents(TUNING, cents, frame);
  }

  /** Everything falls silent in 5 ms, keys and pedal go up, and what waits is forgotten. */
  panic(): void {
    this.#queue.clear();
    this.#piano.panic();
  }

  /** Changes the timbre; what sounds glides over to it. */
  setStyle(style: Timbre): void {
    this.#piano.setTimbre(style);
  }

  /** See `ToneSettings`: what sounds takes on the brightness; the hammers count for strikes that follow. */
  setTone(brightness: number, hammer: number): void {
    this.#piano.setTone(brightness, hammer);
  }

  /** Leaves out what is least heard where the processor is too slow. @param economy 0 nothing .. `MOST_ECONOMY` */
  setEconomy(economy: number): void {
    this.#piano.setEconomy(economy);
  }

  /** Switches the WaveNet, for comparisons; strings and noise sound without it. */
  setWaveNet(enabled: boolean): void {
    this.#piano.setWaveNet(enabled);
  }

  /** Switches the noise, that of the mechanics included, for comparisons. */
  setNoise(enabled: boolean): void {
    this.#piano.setNoise(enabled);
  }

  /** Switches the noise of keys, dampers and pedal, for comparisons. */
  setMechanics(enabled: boolean): void {
    this.#piano.setMechanics(enabled);
  }

  /** Sets how much strings answer others; it glides there. @param setting 0 none .. 1; see `NATURAL_RESONANCE` */
  setResonance(setting: number): void {
    if (!Number.isNaN(setting)) this.#piano.setResonance(Math.max(0, Math.min(1, setting)));
  }

  /** Writes a level 0..255 for each of the 88 keys: 60 dB up to full scale. */
  readLevels(out: Uint8Array): void {
    this.#piano.readLevels(out);
  }

  /** Largest sample since the last call; above 1 the output's limiter is at work. */
  readPeak(): number {
    return this.#piano.readPeak();
  }

  /** Back to the first frame in silence, as new; the timbre stays. */
  reset(): void {
    this.#queue.clear();
    this.#piano.reset();
    this.#resampler?.reset();
    this.#sideResampler?.reset();
    this.#read = this.#tick;
  }

  #push(frame: number | undefined, kind: EventKind, number: number, value: number): void {
    const now = this.#piano.position;
    const sample = frame === undefined || Number.isNaN(frame) ? now : Math.max(now, Math.round(frame * this.#ratio));
    this.#queue.push(sample, kind, number, value);
  }

  #pushCents(what: number, cents: number, frame: number | undefined): void {
    if (!Number.isNaN(cents)) this.#push(frame, BEND, what, Math.max(-MOST_CENTS, Math.min(MOST_CENTS, cents)));
  }
}

const isKey = (note: number): boolean => Number.isInteger(note) && note >= FIRST_NOTE && note < FIRST_NOTE + NOTE_COUNT;
