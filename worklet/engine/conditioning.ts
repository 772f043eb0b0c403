/** Conditioning of the WaveNet: style, features of the voices under each decay, sustain pedal. */
import type { Spec } from '../../model/spec.ts';
import type { Voice } from './voice.ts';

/** Features that voices left behind are forgotten below this. */
const FORGOTTEN = 1e-3;

/** Allocates only in the constructor. */
export class Conditioning {
  readonly #spec: Spec;
  /** Factor of each decay over one tick. */
  readonly #tickDecay: Float64Array;
  /** 1 / samples of each decay. */
  readonly #rate: Float64Array;
  /** `[decays][features]`, summed over the voices. */
  readonly #sums: Float64Array;
  /** The same of voices whose strings have ended: the features outlive them. */
  readonly #left: Float64Array;

  constructor(spec: Spec) {
    const { decaySeconds, voiceFeatures } = spec.waveNet;
    this.#spec = spec;
    this.#rate = Float64Array.from(decaySeconds, (seconds) => 1 / (seconds * spec.sampleRate));
    this.#tickDecay = this.#rate.map((rate) => Math.exp(-rate * spec.tick));
    this.#sums = new Float64Array(decaySeconds.length * voiceFeatures);
    this.#left = new Float64Array(this.#sums.length);
  }

  /** Sets a voice's decays, `age` samples after its strike. */
  start(voice: Voice, age: number): void {
    for (let d = 0; d < this.#rate.length; d++) voice.decays[d] = Math.exp(-this.#rate[d]! * age);
  }

  /** Moves a voice's decays on by one tick. */
  advance(voice: Voice): void {
    for (let d = 0; d < this.#rate.length; d++) voice.decays[d]! *= this.#tickDecay[d]!;
  }

  /** Starts a new sum from what ended voices left behind. */
  clear(): void {
    for (let i = 0; i < this.#sums.length; i++) {
      this.#left[i]! *= this.#tickDecay[Math.floor(i / this.#spec.waveNet.voiceFeatures)]!;
      this.#sums[i] = this.#left[i]!;
    }
  }

  /** Adds a voice to the sum. */
  add(voice: Voice): void {
    addFeatures(voice, this.#sums);
  }

  /** Keeps the features of a voice that ends. */
  leave(voice: Voice): void {
    addFeatures(voice, this.#left);
  }

  /** Forgets everything. */
  reset(): void {
    this.#sums.fill(0);
    this.#left.fill(0);
  }

  /** Whether ended voices still matter. */
  get lingers(): boolean {
    for (let i = 0; i < this.#left.length; i++) if (Math.abs(this.#left[i]!) > FORGOTTEN) return true;
    return false;
  }

  /** Writes c = concat(z, sums, pedal). */
  write(embedding: Float32Array, sustain: number, out: Float32Array): void {
    this.writeFeatures(embedding, out);
    out[out.length - 1] = sustain;
  }

  /** Writes concat(z, sums). */
  writeFeatures(embedding: Float32Array, out: Float32Array): void {
    out.set(embedding);
    out.set(this.#sums, embedding.length);
  }
}

function addFeatures(voice: Voice, sums: Float64Array): void {
  const { decays, features, gain } = voice;
  for (let d = 0, i = 0; d < decays.length; d++) {
    const weight = gain * decays[d]!;
    for (let f = 0; f < features.length; f++, i++) sums[i]! += weight * features[f]!;
  }
}
