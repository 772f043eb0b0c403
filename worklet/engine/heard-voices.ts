/** The voices as a decoder may ask for them, at a boundary. */
import { FIRST_NOTE, type Spec } from '../../model/spec.ts';
import type { Conditioning } from './conditioning.ts';
import type { Pedals } from './pedals.ts';
import type { Striker } from './strike.ts';
import { AWAITED, type Voice } from './voice.ts';

/** Allocates only in the constructor. */
export class HeardVoices {
  /** Powers of the noise bands at the last boundary, from the lowest on; none where no generator asks for them. */
  readonly noisePowers: Float64Array;
  readonly #voices: readonly Voice[];
  readonly #conditioning: Conditioning;
  readonly #striker: Striker;
  readonly #pedals: Pedals;

  constructor(spec: Spec, voices: readonly Voice[], conditioning: Conditioning, striker: Striker, pedals: Pedals) {
    this.noisePowers = new Float64Array(spec.generator === undefined ? 0 : spec.noise.bands);
    this.#voices = voices;
    this.#conditioning = conditioning;
    this.#striker = striker;
    this.#pedals = pedals;
  }

  /** Writes c = concat(z, decayed features, pedal). */
  writeConditioning(out: Float32Array): void {
    this.#conditioning.write(this.#striker.embedding, this.#pedals.sustain, out);
  }

  /** Writes concat(z, decayed features). */
  writeFeatures(out: Float32Array): void {
    this.#conditioning.writeFeatures(this.#striker.embedding, out);
  }

  /** Writes concat(z, keys): for each key and decay the velocities of its voices, as far as they have not died away. */
  writeKeys(out: Float32Array): void {
    const { embedding } = this.#striker;
    out.fill(0);
    out.set(embedding);
    for (let i = 0; i < this.#voices.length; i++) {
      const voice = this.#voices[i]!;
      if (!voice.active || voice.style === AWAITED) continue;
      const { decays } = voice;
      const at = embedding.length + (voice.note - FIRST_NOTE) * decays.length;
      for (let d = 0; d < decays.length; d++) out[at + d]! += voice.velocity * voice.gain * decays[d]!;
    }
  }
}
