/** The noise generator: one for all voices, its band powers summed over the voices. */
import type { Controls } from '../../model/controls.ts';
import { noiseBands, type Spec } from '../../model/spec.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';

/** Floats of one group of four bands, as in `worklet/kernel/noise.ts`: of the generator, and of a voice. */
const GROUP = 28;
const POLE_RE = 0;
const POLE_IM = 4;
const RANDOM = 8;
const STATES = 12;
const VOICE_GROUP = 24;
const STRIKE = 0;
const BODY = 4;
const LACK = 8;
const STRIKE_DECAY = 12;
const BODY_DECAY = 16;
const LACK_DECAY = 20;

/** Two equal poles in series are this share as wide (-3 dB) as one: sqrt(sqrt(2) - 1). */
const TWO_POLE_WIDTH = 0.6436;

/** Gain of each band at a boundary. */
interface Gains {
  readonly address: number;
  view: Float32Array;
}

/** Only the constructor, `attach` and `load` allocate. */
export class Noise {
  readonly #spec: Spec;
  readonly #seed: number;
  readonly #groups: number;
  readonly #bank: number;
  readonly #lanes: number;
  readonly #power: number;
  readonly #scale: number;
  readonly #out: number;
  readonly #voices: number[] = [];
  #voiceViews: readonly Float32Array[] = [];
  /** Gains at the start and at the end of the tick; swapped at each. */
  #gains: Gains;
  #nextGains: Gains;
  #kernel: Kernel | undefined;
  #powers: Float32Array = new Float32Array(0);
  /** Lowest bands that make no sound; another generator does. Their powers count all the same. */
  mutedBands = 0;
  /** One tick of noise, after `run`. */
  samples: Float32Array = new Float32Array(0);

  constructor(layout: Layout, spec: Spec, slots: number, seed: number) {
    this.#spec = spec;
    this.#seed = seed;
    this.#groups = Math.ceil(spec.noise.bands / 4);
    this.#bank = layout.floats(GROUP * this.#groups);
    this.#lanes = layout.floats(4 * spec.tick);
    this.#power = layout.floats(4 * this.#groups);
    this.#scale = layout.floats(4 * this.#groups);
    this.#gains = { address: layout.floats(4 * this.#groups), view: new Float32Array(0) };
    this.#nextGains = { address: layout.floats(4 * this.#groups), view: new Float32Array(0) };
    this.#out = layout.floats(spec.tick);
    for (let slot = 0; slot < slots; slot++) this.#voices.push(layout.floats(VOICE_GROUP * this.#groups));
  }

  /** Takes its part of the kernel's memory as it is. */
  attach(kernel: Kernel): void {
    this.#kernel = kernel;
    this.samples = kernel.floats(this.#out, this.#spec.tick);
    for (const gains of [this.#gains, this.#nextGains]) gains.view = kernel.floats(gains.address, 4 * this.#groups);
    this.#powers = kernel.floats(this.#power, 4 * this.#groups);
    this.#voiceViews = this.#voices.map((voice) => kernel.floats(voice, VOICE_GROUP * this.#groups));
  }

  /** Writes the filters into the kernel's memory. */
  load(kernel: Kernel): void {
    this.attach(kernel);
    const scale = kernel.floats(this.#scale, 4 * this.#groups);
    const bank = kernel.floats(this.#bank, GROUP * this.#groups);
    noiseBands(this.#spec).forEach(({ centre, width }, band) => {
      const radius = Math.exp((-Math.PI * width) / (TWO_POLE_WIDTH * this.#spec.sampleRate));
      const omega = (2 * Math.PI * centre) / this.#spec.sampleRate;
      const at = GROUP * (band >> 2) + (band & 3);
      bank[at + POLE_RE] = radius * Math.cos(omega);
      bank[at + POLE_IM] = radius * Math.sin(omega);
      scale[band] = unitVariance(radius, omega);
    });
    this.reset();
  }

  /** Sets the filters and random numbers to the engine's first sample, and all gains to zero. */
  reset(): void {
    const kernel = this.#kernel!;
    const bank = kernel.floats(this.#bank, GROUP * this.#groups);
    const random = kernel.integers(this.#bank, GROUP * this.#groups);
    for (let group = 0; group < this.#groups; group++) {
      bank.fill(0, GROUP * group + STATES, GROUP * (group + 1));
      for (let lane = 0; lane < 4; lane++) {
        const seed = (this.#seed + Math.imul(4 * group + lane + 1, 0x9e3779b9)) | 0;
        random[GROUP * group + RANDOM + lane] = seed === 0 ? 1 : seed;
      }
    }
    this.#powers.fill(0);
    this.#gains.view.fill(0);
    this.#nextGains.view.fill(0);
  }

  /** Goes on as another generator does, where both have the same bands. */
  follow(other: Noise): void {
    if (other.#groups !== this.#groups || other.#spec.sampleRate !== this.#spec.sampleRate) return;
    const count = GROUP * this.#groups;
    this.#kernel!.floats(this.#bank, count).set(other.#kernel!.floats(other.#bank, count));
  }

  /** Starts the noise of one voice; its powers will be asked for `lead` samples after the strike for the first time. */
  strike(slot: number, controls: Controls, lead: number): void {
    const { tick, sampleRate, noise } = this.#spec;
    const view = this.#voiceViews[slot]!;
    const age = (-2 * lead) / sampleRate;
    const step = (-2 * tick) / sampleRate;
    for (let b = 0; b < noise.bands; b++) {
      const at = VOICE_GROUP * (b >> 2) + (b & 3);
      const strike = controls.strikeAmplitude[b]!;
      const body = controls.bodyAmplitude[b]!;
      view[at + STRIKE] = strike * strike * Math.exp(controls.strikeRate[b]! * age);
      view[at + BODY] = body * body * Math.exp(controls.bodyRate[b]! * age);
      view[at + STRIKE_DECAY] = Math.exp(controls.strikeRate[b]! * step);
      view[at + BODY_DECAY] = Math.exp(controls.bodyRate[b]! * step);
      view[at + LACK] = Math.exp((-controls.riseRate[b]! * lead) / sampleRate);
      view[at + LACK_DECAY] = Math.exp((-controls.riseRate[b]! * tick) / sampleRate);
    }
  }

  /** Silences a slot and sets the time constants, in seconds of amplitude, of what `excite` adds to it; that sounds at once. */
  decay(slot: number, strikeSeconds: number, bodySeconds: number): void {
    const { tick, sampleRate, noise } = this.#spec;
    const view = this.#voiceViews[slot]!;
    const step = (-2 * tick) / sampleRate;
    for (let b = 0; b < noise.bands; b++) {
      const at = VOICE_GROUP * (b >> 2) + (b & 3);
      view[at + STRIKE] = 0;
      view[at + BODY] = 0;
      view[at + STRIKE_DECAY] = Math.exp(step / strikeSeconds);
      view[at + BODY_DECAY] = Math.exp(step / bodySeconds);
      view[at + LACK] = 0;
      view[at + LACK_DECAY] = 0;
    }
  }

  /** Takes over a slot of another generator with the same bands. @param lag samples that the other's powers are older than this one's */
  followSlot(other: Noise, slot: number, lag: number): void {
    if (other.#groups !== this.#groups || other.#spec.sampleRate !== this.#spec.sampleRate) return;
    const view = this.#voiceViews[slot]!;
    const ticks = lag / this.#spec.tick;
    view.set(other.#voiceViews[slot]!);
    for (let b = 0; b < this.#spec.noise.bands; b++) {
      const at = VOICE_GROUP * (b >> 2) + (b & 3);
      view[at + STRIKE]! *= view[at + STRIKE_DECAY]! ** ticks;
      view[at + BODY]! *= view[at + BODY_DECAY]! ** ticks;
      view[at + LACK]! *= view[at + LACK_DECAY]! ** ticks;
    }
  }

  /** Adds powers to what sounds in a slot, a value for each band. */
  excite(slot: number, strike: Float64Array, body: Float64Array): void {
    const view = this.#voiceViews[slot]!;
    for (let b = 0; b < strike.length; b++) {
      const at = VOICE_GROUP * (b >> 2) + (b & 3);
      view[at + STRIKE]! += strike[b]!;
      view[at + BODY]! += body[b]!;
    }
  }

  /**
   * Adds `weight` times one voice's power at the coming boundary and moves it on by one tick.
   *
   * @returns the voice's power there, summed over bands, without the weight
   */
  addVoice(slot: number, weight: number): number {
    return this.#kernel!.call.addNoisePower(this.#voices[slot]!, this.#groups, weight, this.#power);
  }

  /**
   * Turns the powers that `addVoice` gathered into the gains at the end of the tick.
   *
   * @param powers takes the powers of the lowest bands
   * @returns power summed over bands
   */
  closeBoundary(powers: Float64Array): number {
    for (let b = 0; b < powers.length; b++) powers[b] = this.#powers[b]!;
    const gains = this.#gains;
    this.#gains = this.#nextGains;
    this.#nextGains = gains;
    const power = this.#kernel!.call.noiseGains(this.#power, this.#scale, this.#nextGains.address, this.#groups);
    this.#nextGains.view.fill(0, 0, this.mutedBands);
    return power;
  }

  /** Writes one tick into `samples`; gains run from the last boundary's to the one just closed. */
  run(): void {
    this.#kernel!.call.noise(this.#bank, this.#groups, this.#gains.address, this.#nextGains.address, this.#lanes, this.#out);
  }
}

/** Factor that brings two equal resonators on white noise of variance 1/3 to unit variance. */
function unitVariance(radius: number, omega: number): number {
  let power = 0;
  for (let n = 0, envelope = 1; (n + 1) * envelope > 1e-6; n++, envelope *= radius) {
    power += ((n + 1) * envelope * Math.cos(omega * n)) ** 2;
  }
  return 1 / Math.sqrt(power / 3);
}
