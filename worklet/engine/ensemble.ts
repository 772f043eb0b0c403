/** The excitation: all voices with their strings, their share of the noise, and what conditions the decoder. */
import type { Spec } from '../../model/spec.ts';
import { Bends } from './bends.ts';
import { Conditioning } from './conditioning.ts';
import { Dampers } from './dampers.ts';
import { mostReleased } from './economy.ts';
import { Excitation } from './excitation.ts';
import { HeardVoices } from './heard-voices.ts';
import type { Kernel } from './kernel.ts';
import { Knocks } from './knocks.ts';
import type { Layout } from './layout.ts';
import { Mechanics } from './mechanics.ts';
import { Noise } from './noise.ts';
import { NoteNetwork } from './note-network.ts';
import { Pedals } from './pedals.ts';
import { Resonance } from './resonance.ts';
import { Revoicing } from './revoicing.ts';
import { Striker, type Timbre } from './strike.ts';
import { Strings } from './strings.ts';
import { AWAITED, FADING, SOUNDING, type Voice } from './voice.ts';
import { VoicePool } from './voice-pool.ts';

/** Length of the fade of a voice that makes room. */
const FADE_SECONDS = 0.005;
/** A voice ends below this mean power, -120 dB of full scale. */
const INAUDIBLE = 1e-12;
/** Ticks between two searches for inaudible modes of a voice. */
const CULL_TICKS = 16;

/**
 * A tick is `beginTick`, events with their offsets in order, `endTick`. Only the constructor,
 * `attach` and `load` allocate.
 */
export class Ensemble {
  readonly #tick: number;
  readonly #pool: VoicePool;
  readonly #network: NoteNetwork;
  /** What strings that were not struck answer; outside of the excitation. */
  readonly resonance: Resonance;
  /** Keys, dampers and pedal; a part of the noise. */
  readonly mechanics: Mechanics;
  /** To be read; see `dampers` and `setSoft`. */
  readonly pedals: Pedals;
  /** What keys and pedals move; `strike` presses its key itself. */
  readonly dampers: Dampers;
  /** Pitch of all voices above the piano's own. */
  readonly bends: Bends;
  readonly #strings: Strings;
  readonly #knocks: Knocks;
  readonly #noise: Noise;
  readonly #conditioning: Conditioning;
  readonly #striker: Striker;
  readonly #revoicing: Revoicing;
  /** What a decoder is told, as of now; after `endTick`, as of the boundary at its end. */
  readonly heard: HeardVoices;
  readonly #excitation: Excitation;
  #mostReleased = Infinity;
  readonly #isHeld = (note: number): boolean => this.pedals.isHeld(note);
  /** Model sample that the tick starts with. */
  #position = 0;

  constructor(layout: Layout, spec: Spec, seed: number) {
    const slots = SOUNDING + FADING;
    const { decaySeconds, voiceFeatures } = spec.waveNet;
    this.#tick = spec.tick;
    this.#pool = new VoicePool(decaySeconds.length, voiceFeatures, FADE_SECONDS * spec.sampleRate);
    this.#network = new NoteNetwork(layout, spec);
    this.#noise = new Noise(layout, spec, slots + 1, seed);
    this.mechanics = new Mechanics(spec, this.#noise, slots);
    this.resonance = new Resonance(layout, spec);
    this.#knocks = new Knocks(layout, spec);
    // Last, since strings and knocks of a new engine are many zeros, which an image leaves out.
    this.#strings = new Strings(layout, spec, slots);
    this.#knocks.reserve(layout, slots);
    this.bends = new Bends(this.#pool.voices, this.#strings, this.resonance);
    this.#excitation = new Excitation(layout, spec.tick, this.#strings, this.resonance);
    this.#conditioning = new Conditioning(spec);
    this.#striker = new Striker(spec, this.#network, this.#strings, this.#knocks, this.#noise, this.#conditioning);
    this.pedals = new Pedals(spec.sampleRate);
    this.dampers = new Dampers(this.#pool, this.pedals, this.#excitation, this.resonance, this.mechanics);
    this.heard = new HeardVoices(spec, this.#pool.voices, this.#conditioning, this.#striker, this.pedals);
    this.#revoicing = new Revoicing(this.#pool, this.#strings, this.#striker, this.pedals, spec.tick);
  }

  /** Takes its part of the kernel's memory as it is. */
  attach(kernel: Kernel): void {
    this.#excitation.attach(kernel);
    this.#network.attach(kernel);
    this.#noise.attach(kernel);
    this.#knocks.attach(kernel);
    this.#strings.attach(kernel);
    this.resonance.attach(kernel);
  }

  /** Writes the tensors `note.*` and `knock.*` and the filters of noise and knock into the kernel's memory. */
  load(kernel: Kernel, tensors: ReadonlyMap<string, Float32Array>): void {
    this.attach(kernel);
    this.#network.load(kernel, tensors);
    this.#noise.load(kernel);
    this.#knocks.load(kernel, tensors);
  }

  /** Whether noise and knocks sound. */
  get noiseEnabled(): boolean {
    return this.#knocks.enabled;
  }

  set noiseEnabled(enabled: boolean) {
    this.#knocks.enabled = enabled;
  }

  /** One tick of strings and noise, after `endTick`. */
  get excitation(): Float32Array {
    return this.#excitation.middle;
  }

  /** The same of what differs between left and right: strings, by their place on the keyboard. */
  get side(): Float32Array {
    return this.#excitation.side;
  }

  /** Voices that sound, those included that fade. */
  get voices(): number {
    return this.#pool.voices.length - this.#pool.free;
  }

  /** Whether features of voices that have ended still matter to the decoder. */
  get lingers(): boolean {
    return this.#conditioning.lingers;
  }

  /** Modes of all voices. */
  get modes(): number {
    let modes = 0;
    for (let i = 0; i < this.#pool.voices.length; i++) if (this.#pool.voices[i]!.active) modes += this.#strings.modes(i);
    return modes;
  }

  /** Whether voices that `follow` took over are still to be struck. */
  get awaits(): boolean {
    return this.#revoicing.awaits;
  }

  /**
   * On a reset ensemble: takes over keys, pedal, noise and what sounds in another, which is
   * struck anew at its age, a voice a tick.
   *
   * @param startOf start of a voice in this ensemble's samples
   */
  follow(other: Ensemble, startOf: (start: number) => number): void {
    this.pedals.follow(other.pedals, startOf);
    this.bends.follow(other.bends);
    this.setTone(other.#striker.brightness, other.#striker.hammer);
    this.#noise.follow(other.#noise);
    this.mechanics.follow(other.mechanics, this.#position - startOf(other.#position + other.#tick), startOf);
    this.resonance.setLevelOf(other.resonance);
    this.#revoicing.follow(other.#pool, startOf);
  }

  /** @param economy 0 leaves nothing out; see `economy.ts` */
  setEconomy(economy: number): void {
    this.#strings.economy = economy;
    this.resonance.economy = economy;
    this.#mostReleased = mostReleased(economy);
  }

  setTimbre(timbre: Timbre): void {
    this.#striker.setTimbre(timbre);
    this.resonance.setTimbre(timbre);
  }

  /** Brightness in dB per octave, which what sounds takes on, and hammers, -1 soft .. 1 hard, for the strikes that follow. */
  setTone(brightness: number, hammer: number): void {
    this.#striker.brightness = brightness;
    this.#striker.hammer = hammer;
  }

  /** Writes the strings of the voices that already sound, and lets them glide to a new style. */
  beginTick(position: number): void {
    const { voices } = this.#pool;
    this.#position = position;
    this.dampers.beginTick(position);
    this.#excitation.clear();
    if (this.#mostReleased < Infinity) this.#pool.thinReleased(this.#mostReleased, this.#isHeld);
    for (let i = 0; i < voices.length; i++) {
      const voice = voices[i]!;
      if (!voice.active) continue;
      if ((position / this.#tick + i) % CULL_TICKS === 0) this.#strings.cull(i, voice.damper);
      this.bends.glide(voice);
      voice.stringPower = this.#strings.ring(i);
      this.#strings.rise(voice, this.#tick);
      this.#knocks.add(i, this.#strings.tick(i), this.#tick);
      voice.origin = 0;
      voice.mixed = 0;
    }
    this.#revoicing.beginTick(position);
  }

  /** Strikes a key at offset `at` of the tick. @returns false if there is no voice for it yet */
  strike(note: number, velocity: number, at: number): boolean {
    const voice = this.#pool.allocate(note);
    if (voice === undefined) return false;
    this.dampers.press(note, at);
    voice.activate(note, velocity, this.pedals.soft, this.#position + at, this.pedals.step(note));
    voice.hammer = this.#striker.hammer;
    this.bends.begin(voice);
    voice.damper = 1;
    voice.fade = 1;
    voice.fadeStep = 0;
    this.#striker.begin(voice, 0, at);
    return true;
  }

  /** @param value 0..1; counts for the strikes that follow */
  setSoft(value: number): void {
    this.pedals.soft = value;
  }

  fadeAll(at: number): void {
    for (const voice of this.#pool.voices) {
      if (!voice.active) continue;
      this.#excitation.mix(voice, at);
      this.#pool.fadeOut(voice);
    }
    this.resonance.fadeOut();
    this.mechanics.stop();
  }

  /** Between ticks: fades all voices, all keys and pedals up. */
  panic(): void {
    this.pedals.lift();
    this.resonance.moveDampers();
    this.resonance.fadeOut();
    this.mechanics.stop();
    for (const voice of this.#pool.voices) if (voice.active) this.#pool.fadeOut(voice);
  }

  /** The lowest noise bands make no sound from the next boundary on. */
  muteNoise(bands: number): void {
    this.#noise.mutedBands = bands;
  }

  /**
   * Mixes what is left of the tick, sets noise and features at its end and adds the noise. A voice
   * counts for noise and level from one tick after its strike on, so that nothing sounds before it.
   *
   * @returns expected mean power at the tick's end
   */
  endTick(): number {
    const { voices } = this.#pool;
    let power = 0;
    let driven = false;
    this.#conditioning.clear();
    for (let i = 0; i < voices.length; i++) {
      const voice = voices[i]!;
      if (!voice.active) continue;
      this.#excitation.mix(voice, this.#tick);
      voice.turned += (voice.ratio - 1) * (this.#tick - voice.origin);
      driven = true;
      if (voice.style === AWAITED) continue;
      const square = voice.gain * voice.gain;
      const counts = voice.start <= this.#position;
      const noise = this.#noise.addVoice(i, counts && this.noiseEnabled ? square : 0);
      voice.power = square * (voice.stringPower + this.#knocks.power(i) + noise);
      if (counts) power += square * voice.stringPower;
      this.#conditioning.advance(voice);
      this.#conditioning.add(voice);
      if (voice.faded || (counts && voice.fadeStep <= 0 && voice.power < INAUDIBLE)) this.#end(voice);
    }
    this.resonance.run(this.#excitation.middle, driven, this.pedals);
    this.mechanics.endTick(this.noiseEnabled);
    power += this.#noise.closeBoundary(this.heard.noisePowers);
    if (this.noiseEnabled) {
      this.#noise.run();
      this.#excitation.addNoise(this.#noise.samples);
    }
    return power;
  }

  /** Level of each key in 0..255, 60 dB up to full scale. */
  readLevels(out: Uint8Array): void {
    this.#pool.readLevels(out);
  }

  /** Forgets what ended voices left to the decoder. */
  forget(): void {
    this.#conditioning.reset();
  }

  /** No voice sounds, keys and pedals are up, the noise starts anew. */
  reset(): void {
    this.pedals.lift();
    this.bends.reset();
    this.stop();
  }

  /** No voice sounds, and the noise starts anew; keys and pedals stay. */
  stop(): void {
    for (const voice of this.#pool.voices) voice.active = false;
    this.#noise.reset();
    this.resonance.reset();
    this.mechanics.reset();
    this.#conditioning.reset();
  }

  #end(voice: Voice): void {
    voice.active = false;
    this.#conditioning.leave(voice);
  }
}
