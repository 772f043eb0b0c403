/** The sound of the engine, a tick at a time: excitation, decoder and output at the model's rate. */
import type { Spec } from '../../model/spec.ts';
import type { Weights } from '../../model/weights.ts';
import { Decoder } from './decoder.ts';
import { GeneratingDecoder } from './generating-decoder.ts';
import { Ensemble } from './ensemble.ts';
import { Kernel } from './kernel.ts';
import { Layout } from './layout.ts';
import type { Timbre } from './strike.ts';
import { Volume } from './volume.ts';

/** The kernel's tick. */
const TICK = 32;
/** A sample beyond this, or not a number, is a fault. */
const PLAUSIBLE = 1e4;

/**
 * A tick is `beginTick`, events at sample 0, `condition`, events at later samples, `endTick`;
 * in between, `position` is the tick's first sample. Only the constructor allocates.
 */
export class Piano {
  /** Output of the last tick: middle and side. */
  readonly samples: Float32Array;
  readonly side: Float32Array;
  readonly #kernel: Kernel;
  readonly #ensemble: Ensemble;
  readonly #decoder: Decoder | GeneratingDecoder;
  readonly #volume = new Volume();
  #position = 0;
  #faults = 0;
  #peak = NaN;
  /** Expected mean power at the tick's end. */
  #power = NaN;
  /** Whether no strike or mechanical noise is heard: up to the next one there is nothing but what other strings answer. */
  #silent = true;
  /** Offset in the tick of the first sound out of silence. */
  #onset = 0;
  /** Ticks since the decoder's input or conditioning last changed. */
  #still = 0;

  /** @param tensors weights; without them the piano is blank until `write` has filled its memory and `reset` was called */
  constructor(module: WebAssembly.Module, spec: Spec, tensors: Weights['tensors'] | undefined, style: Timbre, seed: number) {
    if (spec.tick !== TICK || TICK % spec.waveNet.fold !== 0 || TICK % (spec.generator?.divisor ?? 1) !== 0) {
      throw new RangeError(`a tick of ${spec.tick} samples with a fold of ${spec.waveNet.fold} cannot be played`);
    }
    const layout = new Layout();
    this.#decoder = spec.generator === undefined ? new Decoder(layout, spec) : new GeneratingDecoder(layout, spec, seed);
    this.#ensemble = new Ensemble(layout, spec, seed);
    this.#kernel = new Kernel(module, layout);
    this.samples = new Float32Array(TICK);
    this.side = new Float32Array(TICK);
    if (tensors === undefined) {
      this.#ensemble.attach(this.#kernel);
      this.#decoder.attach(this.#kernel);
    } else {
      this.#ensemble.load(this.#kernel, tensors);
      this.#decoder.load(this.#kernel, tensors);
    }
    this.#ensemble.setTimbre(style);
    this.#ensemble.muteNoise(this.#decoder.ownBands);
    this.reset();
  }

  /** Model sample that the next tick, or the current one, starts with. */
  get position(): number {
    return this.#position;
  }

  get voices(): number {
    return this.#ensemble.voices;
  }

  /** Modes of all voices. */
  get modes(): number {
    return this.#ensemble.modes;
  }

  /** Whether voices that `follow` took over are still to be struck. */
  get awaits(): boolean {
    return this.#ensemble.awaits;
  }

  get sustain(): number {
    return this.#ensemble.pedals.sustain;
  }

  get sostenuto(): number {
    return this.#ensemble.pedals.sostenuto ? 1 : 0;
  }

  get soft(): number {
    return this.#ensemble.pedals.soft;
  }

  get faults(): number {
    return this.#faults;
  }

  /** The kernel's memory. */
  get memory(): ArrayBuffer {
    return this.#kernel.memory.buffer;
  }

  /** After a reset: takes over keys, pedal and what sounds. @param startOf start of a voice in this piano's samples */
  follow(other: Piano, startOf: (start: number) => number): void {
    this.#ensemble.follow(other.#ensemble, startOf);
    this.#volume.follow(other.#volume);
    if (this.#ensemble.voices > 0) this.#silent = false;
    this.#still = 0;
  }

  setEconomy(economy: number): void {
    this.#ensemble.setEconomy(economy);
  }

  setTimbre(timbre: Timbre): void {
    this.#ensemble.setTimbre(timbre);
    this.#still = 0;
  }

  /** @param brightness dB per octave, @param hammer -1 soft .. 1 hard */
  setTone(brightness: number, hammer: number): void {
    this.#ensemble.setTone(brightness, hammer);
  }

  /** @param what a key, `WHEEL` or `TUNING` */
  bend(what: number, cents: number): void {
    this.#ensemble.bends.set(what, cents);
  }

  /** Pedals up, expression full, no bends. Volume and tuning stay, as the MIDI Association's practice RP-015 wants it. */
  resetControllers(at: number): void {
    this.setSustain(0, at);
    this.setSostenuto(false, at);
    this.setSoft(0);
    this.setExpression(127);
    this.#ensemble.bends.release();
  }

  setWaveNet(enabled: boolean): void {
    this.#decoder.enabled = enabled;
    this.#ensemble.muteNoise(this.#decoder.ownBands);
    this.#still = 0;
  }

  /** 1 as learned .. 0 calm; nothing where no generator plays. */
  setTemperature(temperature: number): void {
    if (this.#decoder instanceof GeneratingDecoder) this.#decoder.temperature = temperature;
  }

  setNoise(enabled: boolean): void {
    this.#ensemble.noiseEnabled = enabled;
  }

  setMechanics(enabled: boolean): void {
    this.#ensemble.mechanics.enabled = enabled;
  }

  /** @param setting 0..1 */
  setResonance(setting: number): void {
    this.#ensemble.resonance.setLevel(setting);
  }

  /** Takes over what answers in another piano. @param lag samples of this one that the other is behind */
  followResonance(other: Piano, lag: number): void {
    this.#ensemble.resonance.follow(other.#ensemble.resonance, lag);
  }

  beginTick(): void {
    this.#ensemble.beginTick(this.#position);
  }

  /** Strikes a key at offset `at` of the tick. @returns false if there is no voice for it yet */
  strike(note: number, velocity: number, at: number): boolean {
    if (!this.#ensemble.strike(note, velocity, at)) return false;
    this.#wake(at);
    return true;
  }

  /** Presses a key without a strike. */
  press(note: number, at: number): void {
    this.#ensemble.dampers.press(note, at);
  }

  /** @param velocity 0..1 of the release */
  release(note: number, velocity: number, at: number): void {
    this.#ensemble.dampers.release(note, velocity, at);
    if (this.#ensemble.mechanics.sounding) this.#wake(at);
  }

  releaseAll(at: number): void {
    this.#ensemble.dampers.releaseAll(at);
  }

  /** @param value 0..1 */
  setSustain(value: number, at: number): void {
    if (value === this.#ensemble.pedals.sustain) return;
    this.#ensemble.dampers.setSustain(value, at);
    if (this.#ensemble.mechanics.sounding) this.#wake(at);
    this.#still = 0;
  }

  setSostenuto(down: boolean, at: number): void {
    this.#ensemble.dampers.setSostenuto(down, at);
  }

  /** @param value 0..1 */
  setSoft(value: number): void {
    this.#ensemble.setSoft(value);
  }

  /** @param value 0..127 */
  setVolume(value: number): void {
    this.#volume.volume = value;
  }

  /** @param value 0..127 */
  setExpression(value: number): void {
    this.#volume.expression = value;
  }

  /** Fades all voices. */
  fadeAll(at: number): void {
    this.#ensemble.fadeAll(at);
  }

  /** Between ticks: fades all voices, all keys and pedals up. */
  panic(): void {
    this.#ensemble.panic();
    this.#still = 0;
  }

  /** Sets the conditioning of the tick: what was known at its boundary, before the events of its first sample. */
  condition(): void {
    if (!this.#asleep) this.#decoder.condition();
  }

  /** Finishes the tick and writes `samples`. */
  endTick(): void {
    this.#power = this.#ensemble.endTick();
    this.#decoder.hear(this.#ensemble.heard);
    if (!this.#asleep) this.#decoder.decode(this.#ensemble.excitation, this.#power);
    this.#position += TICK;
    this.#writeOutput();
    this.#onset = 0;
    this.#listenForSilence();
  }

  /** Level of each key in 0..255, 60 dB up to full scale. */
  readLevels(out: Uint8Array): void {
    this.#ensemble.readLevels(out);
  }

  readPeak(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  /** Silence, all keys and pedals up, at sample 0. */
  reset(): void {
    this.#position = 0;
    this.#peak = 0;
    this.#ensemble.reset();
    this.#volume.reset();
    this.#restart();
  }

  /** Something will be heard from offset `at` of the tick on. */
  #wake(at: number): void {
    if (this.#silent) this.#onset = at;
    this.#silent = false;
  }

  /** Nothing sounds, and the decoder's queues hold nothing but its answer to silence. */
  get #asleep(): boolean {
    return this.#silent && this.#still > this.#decoder.memoryTicks;
  }

  #listenForSilence(): void {
    if (this.#power > 0 || this.#ensemble.lingers || this.#ensemble.mechanics.sounding) this.#still = 0;
    else this.#still++;
    if (this.#silent || this.#still <= this.#decoder.memoryTicks || this.#ensemble.voices > 0) return;
    this.#silent = true;
    this.#ensemble.forget();
  }

  #writeOutput(): void {
    const { excitation, side, resonance } = this.#ensemble;
    for (let n = 0; n < TICK; n++) {
      const answer = resonance.middle[n]!;
      const sample = excitation[n]! + answer;
      if (!(Math.abs(sample) < PLAUSIBLE)) {
        this.#fail();
        return;
      }
      const isHeard = !this.#silent && n >= this.#onset;
      this.samples[n] = isHeard ? sample : answer;
      this.side[n] = (isHeard && this.#decoder.keepsStrings ? side[n]! : 0) + resonance.side[n]!;
    }
    this.#volume.process(this.samples, this.side);
    for (let n = 0; n < TICK; n++) this.#peak = Math.max(this.#peak, Math.abs(this.samples[n]!));
  }

  /** Starts anew from silence after a result that is no sound. */
  #fail(): void {
    this.#faults++;
    this.samples.fill(0);
    this.side.fill(0);
    this.#ensemble.stop();
    this.#restart();
  }

  /** From here on, nothing of the past sounds. */
  #restart(): void {
    this.#decoder.hear(this.#ensemble.heard);
    this.#decoder.reset();
    this.#silent = true;
    this.#still = 0;
    this.#onset = 0;
  }
}
