/** The sound of the engine, a tick at a time: voices, noise and decoder at the model's rate. */
import { FIRST_NOTE } from '../../model/spec.ts';
import type { Weights } from '../../model/weights.ts';
import { Conditioning } from './conditioning.ts';
import { Decoder } from './decoder.ts';
import { Kernel } from './kernel.ts';
import { Layout } from './layout.ts';
import { Noise } from './noise.ts';
import { Pedals } from './pedals.ts';
import { softClip } from './soft-clip.ts';
import { Striker, type Timbre } from './strike.ts';
import { Strings } from './strings.ts';
import { FADING, SOUNDING, type Voice } from './voice.ts';
import { VoicePool } from './voice-pool.ts';

/** Length of the fade of a voice that makes room. */
const FADE_SECONDS = 0.005;
/** Ticks over which a sounding voice glides to a new style, and voices that start to in one tick. */
const GLIDE_TICKS = 16;
const GLIDES_PER_TICK = 2;
/** Slots that gliding leaves for strikes. */
const RESERVED = FADING / 2;
/** A voice ends below this mean power, -120 dB of full scale. */
const INAUDIBLE = 1e-12;
/** Ticks between two searches for inaudible modes of a voice. */
const CULL_TICKS = 16;
/** A sample beyond this, or not a number, is a fault. */
const PLAUSIBLE = 1e4;

/**
 * A tick is `beginTick`, strikes and pedals at sample 0, `condition`, strikes and pedals at
 * later samples, `endTick`; in between, `position` is the tick's first sample. Only the
 * constructor allocates.
 */
export class Piano {
  /** Output of the last tick. */
  readonly samples: Float32Array;
  readonly #kernel: Kernel;
  readonly #pool: VoicePool;
  readonly #strings: Strings;
  readonly #noise: Noise;
  readonly #conditioning: Conditioning;
  readonly #striker: Striker;
  readonly #decoder: Decoder;
  readonly #pedals: Pedals;
  readonly #tick: number;
  readonly #excitationAddress: number;
  readonly #excitation: Float32Array;
  #noiseEnabled = true;
  #position = 0;
  #faults = 0;
  #peak = NaN;
  /** Expected mean power at the tick's end. */
  #power = NaN;
  /** Whether nothing is heard, and so the output is exactly zero up to the next strike. */
  #silent = true;
  /** Offset in the tick of the first strike out of silence. */
  #onset = 0;
  /** Ticks since the decoder's input or conditioning last changed. */
  #still = 0;

  constructor(module: WebAssembly.Module, { spec, tensors }: Weights, style: Timbre, seed: number) {
    if (spec.tick !== 32 || spec.tick % spec.waveNet.fold !== 0) {
      throw new RangeError(`a tick of ${spec.tick} samples with a fold of ${spec.waveNet.fold} cannot be played`);
    }
    const layout = new Layout();
    const slots = SOUNDING + FADING;
    this.#tick = spec.tick;
    this.#strings = new Strings(layout, spec, slots);
    this.#noise = new Noise(layout, spec, slots, seed);
    this.#conditioning = new Conditioning(spec);
    this.#striker = new Striker(layout, spec, this.#strings, this.#noise, this.#conditioning);
    this.#decoder = new Decoder(layout, spec);
    this.#pedals = new Pedals(spec.sampleRate);
    const { decaySeconds, voiceFeatures } = spec.waveNet;
    this.#pool = new VoicePool(decaySeconds.length, voiceFeatures, FADE_SECONDS * spec.sampleRate);
    this.#excitationAddress = layout.floats(spec.tick);

    this.#kernel = new Kernel(module, layout);
    this.#excitation = this.#kernel.floats(this.#excitationAddress, spec.tick);
    this.samples = new Float32Array(spec.tick);
    this.#strings.attach(this.#kernel);
    this.#noise.load(this.#kernel);
    this.#striker.load(this.#kernel, tensors);
    this.#decoder.load(this.#kernel, tensors);
    this.#striker.setTimbre(style);
    this.reset();
  }

  /** Model sample that the next tick, or the current one, starts with. */
  get position(): number {
    return this.#position;
  }

  get voices(): number {
    return this.#pool.voices.length - this.#pool.free;
  }

  get sustain(): number {
    return this.#pedals.sustain;
  }

  get faults(): number {
    return this.#faults;
  }

  get memoryBytes(): number {
    return this.#kernel.memory.buffer.byteLength;
  }

  setTimbre(timbre: Timbre): void {
    this.#striker.setTimbre(timbre);
    this.#still = 0;
  }

  setWaveNet(enabled: boolean): void {
    this.#decoder.enabled = enabled;
    this.#still = 0;
  }

  setNoise(enabled: boolean): void {
    this.#noiseEnabled = enabled;
  }

  /** Writes the strings of the voices that already sound. */
  beginTick(): void {
    const { voices } = this.#pool;
    this.#excitation.fill(0);
    for (let i = 0; i < voices.length; i++) {
      const voice = voices[i]!;
      if (!voice.active) continue;
      if ((this.#position / this.#tick + i) % CULL_TICKS === 0) this.#strings.cull(i, voice.damper);
      voice.stringPower = this.#strings.ring(i);
      voice.origin = 0;
      voice.mixed = 0;
    }
    this.#glide();
  }

  /** Strikes a key at offset `at` of the tick. @returns false if there is no voice for it yet */
  strike(note: number, velocity: number, at: number): boolean {
    const voice = this.#pool.allocate(note);
    if (voice === undefined) return false;
    this.#pedals.setKey(note, true);
    this.#updateDampers(at, note);
    this.#activate(voice, note, velocity, this.#position + at);
    voice.damper = 1;
    voice.fade = 1;
    voice.fadeStep = 0;
    this.#striker.begin(voice, 0, at);
    if (at === 0) this.#conditioning.add(voice);
    if (this.#silent) this.#onset = at;
    this.#silent = false;
    return true;
  }

  release(note: number, at: number): void {
    this.#pedals.setKey(note, false);
    this.#updateDampers(at, note);
  }

  releaseAll(at: number): void {
    this.#pedals.allKeysUp();
    this.#updateDampers(at);
  }

  /** @param value 0..1 */
  setSustain(value: number, at: number): void {
    if (value === this.#pedals.sustain) return;
    this.#pedals.sustain = value;
    this.#updateDampers(at);
    this.#still = 0;
  }

  /** Fades all voices. */
  fadeAll(at: number): void {
    for (const voice of this.#pool.voices) {
      if (!voice.active) continue;
      this.#mix(voice, at);
      this.#pool.fadeOut(voice);
    }
  }

  /** Between ticks: fades all voices, all keys and the pedal up. */
  panic(): void {
    this.#pedals.allKeysUp();
    this.#pedals.sustain = 0;
    this.#still = 0;
    for (const voice of this.#pool.voices) if (voice.active) this.#pool.fadeOut(voice);
  }

  /** Sets the conditioning of the tick, once the events at its first sample are in. */
  condition(): void {
    if (this.#asleep) return;
    this.#conditioning.write(this.#striker.embedding, this.#pedals.sustain, this.#decoder.conditioning);
    this.#decoder.condition();
  }

  /** Finishes the tick: mixes the voices, closes the boundary, decodes. */
  endTick(): void {
    this.#closeBoundary();
    const x = this.#excitation;
    if (this.#noiseEnabled) {
      this.#noise.run();
      for (let n = 0; n < x.length; n++) x[n]! += this.#noise.samples[n]!;
    }
    const asleep = this.#asleep;
    if (!asleep) {
      this.#conditioning.write(this.#striker.embedding, this.#pedals.sustain, this.#decoder.conditioning);
      this.#decoder.decode(x, this.#power);
    }
    this.#position += this.#tick;
    this.#writeOutput();
    this.#onset = 0;
    if (this.#power > 0 || this.#conditioning.lingers) this.#still = 0;
    else this.#still++;
    if (this.#still > this.#decoder.memoryTicks && !this.#silent && this.#pool.free === this.#pool.voices.length) {
      this.#silent = true;
      this.#conditioning.reset();
    }
  }

  /** Level of each key in 0..255, 60 dB up to full scale. */
  readLevels(out: Uint8Array): void {
    out.fill(0);
    for (const { active, note, power } of this.#pool.voices) {
      if (!active) continue;
      const level = Math.max(0, Math.min(255, 255 * (1 + (10 * Math.log10(power + 1e-12)) / 60)));
      const key = note - FIRST_NOTE;
      if (level > out[key]!) out[key] = level;
    }
  }

  readPeak(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  /** Silence, all keys and the pedal up, at sample 0. */
  reset(): void {
    this.#position = 0;
    this.#pedals.allKeysUp();
    this.#pedals.sustain = 0;
    this.#peak = 0;
    this.#restart();
  }

  /** From here on, nothing of the past sounds. */
  #restart(): void {
    for (const voice of this.#pool.voices) voice.active = false;
    this.#noise.reset();
    this.#conditioning.reset();
    this.#conditioning.write(this.#striker.embedding, this.#pedals.sustain, this.#decoder.conditioning);
    this.#decoder.reset();
    this.#silent = true;
    this.#still = 0;
    this.#onset = 0;
  }

  /** Nothing sounds, and the decoder's queues hold nothing but its answer to silence. */
  get #asleep(): boolean {
    return this.#silent && this.#still > this.#decoder.memoryTicks;
  }

  #activate(voice: Voice, note: number, velocity: number, start: number): void {
    voice.active = true;
    voice.fading = false;
    voice.note = note;
    voice.velocity = velocity;
    voice.start = start;
    voice.damperStep = this.#pedals.step(note);
  }

  /** Lets dampers follow keys and pedal from offset `at` on, for one note or for all. */
  #updateDampers(at: number, note?: number): void {
    const { voices } = this.#pool;
    for (let i = 0; i < voices.length; i++) {
      const voice = voices[i]!;
      if (!voice.active || (note !== undefined && voice.note !== note)) continue;
      const step = this.#pedals.step(voice.note);
      if (step === voice.damperStep) continue;
      this.#mix(voice, at);
      voice.damperStep = step;
    }
  }

  /** Mixes a voice into the excitation up to offset `until`. */
  #mix(voice: Voice, until: number): void {
    const count = until - voice.mixed;
    if (count <= 0) return;
    this.#kernel.call.mixVoice(
      this.#strings.tick(voice.slot) + 4 * (voice.mixed - voice.origin),
      this.#excitationAddress + 4 * voice.mixed,
      count,
      voice.damper,
      voice.damperStep,
      voice.quiet,
      voice.quietStep,
      voice.fade,
      voice.fadeStep,
    );
    voice.advance(count);
    voice.mixed = until;
  }

  /** Lets voices of an earlier style give way to voices of the present one, at the same age. */
  #glide(): void {
    const { voices } = this.#pool;
    let left = GLIDES_PER_TICK;
    for (let i = 0; i < voices.length && left > 0; i++) {
      const old = voices[i]!;
      if (!old.active || old.fading || old.style === this.#striker.generation) continue;
      if (this.#pool.free <= RESERVED) return;
      const voice = this.#pool.spare()!;
      const step = 1 / (GLIDE_TICKS * this.#tick);
      this.#activate(voice, old.note, old.velocity, old.start);
      voice.damper = old.damper;
      voice.fade = 0;
      voice.fadeStep = step;
      this.#striker.begin(voice, this.#position - old.start, 0);
      old.fading = true;
      old.fadeStep = -step;
      left--;
    }
  }

  /**
   * Mixes what is left of the tick and sets noise, levels and features at its end. A voice counts
   * for noise and level from one tick after its strike on, so that nothing sounds before it.
   */
  #closeBoundary(): void {
    const { voices } = this.#pool;
    let power = 0;
    this.#conditioning.clear();
    for (let i = 0; i < voices.length; i++) {
      const voice = voices[i]!;
      if (!voice.active) continue;
      this.#mix(voice, this.#tick);
      const square = voice.gain * voice.gain;
      const counts = voice.start <= this.#position;
      const noise = this.#noise.addVoice(i, counts && this.#noiseEnabled ? square : 0);
      voice.power = square * (voice.stringPower + noise);
      if (counts) power += square * voice.stringPower;
      this.#conditioning.advance(voice);
      this.#conditioning.add(voice);
      if (voice.faded || (counts && voice.fadeStep <= 0 && voice.power < INAUDIBLE)) this.#end(voice);
    }
    this.#power = power + this.#noise.closeBoundary();
  }

  #end(voice: Voice): void {
    voice.active = false;
    this.#conditioning.leave(voice);
  }

  #writeOutput(): void {
    const x = this.#excitation;
    for (let n = 0; n < x.length; n++) {
      const sample = x[n]!;
      if (!(Math.abs(sample) < PLAUSIBLE)) {
        this.#fail();
        return;
      }
      const heard = this.#silent || n < this.#onset ? 0 : softClip(sample);
      this.samples[n] = heard;
      this.#peak = Math.max(this.#peak, Math.abs(heard));
    }
  }

  #fail(): void {
    this.#faults++;
    this.samples.fill(0);
    this.#restart();
  }
}
