/** Loss and gradient of the WaveNet on finished excitations. */
import * as tf from '@tensorflow/tfjs-core';
import { LEVEL_FLOOR } from '../../level.ts';
import type { Random } from '../../random.ts';
import { conditioningSize, type Spec } from '../../spec.ts';
import { bandLoss } from '../band-loss.ts';
import { pickBank, type TrainingBank, type TrainingNote } from '../data/corpus-view.ts';
import { decodeExcitation } from '../graph/decoder.ts';
import { noiseSignal, type NoisePool } from '../graph/noise.ts';
import type { Parameters } from '../graph/note-network.ts';
import { FRAME } from '../graph/scene.ts';
import { BANK_EMBEDDINGS } from '../parameters.ts';
import type { Differentiated } from '../step.ts';
import { finishVoices, type FinishedVoice } from './finished-voice.ts';

/** How scenes are drawn. */
export interface WaveNetOptions {
  /** Scenes in one step. */
  readonly scenes: number;
  /** Samples of each, a multiple of 1,024. */
  readonly length: number;
  /** Share of scenes in which several keys are struck. */
  readonly polyphony: number;
  /** Share of single strikes that are heard from a later age on. */
  readonly later: number;
  /** Standard deviation of noise on the embedding that the WaveNet is told. */
  readonly blur: number;
}

/** Ages in seconds at which a strike is heard later. */
const AGES = [0.1, 0.35, 0.9];
/** Voices of one bank that are computed together, the first time that one of them comes up. */
const TOGETHER = 16;
const MOST_VOICES = 4;

/** Draws scenes of all banks and differentiates; owns the voices that came up so far. */
export class WaveNetStep {
  readonly #spec: Spec;
  readonly #banks: readonly TrainingBank[];
  readonly #options: WaveNetOptions;
  readonly #pool: NoisePool;
  readonly #voices = new Map<TrainingNote, (FinishedVoice | undefined)[]>();

  constructor(spec: Spec, banks: readonly TrainingBank[], options: WaveNetOptions, pool: NoisePool) {
    this.#spec = spec;
    this.#banks = banks;
    this.#options = options;
    this.#pool = pool;
  }

  /** @param learning names of the WaveNet's tensors in `all`; the others must not change between steps */
  async compute(all: Parameters, learning: readonly string[], random: Random): Promise<Differentiated> {
    const { scenes, length } = this.#options;
    const spec = this.#spec;
    const embeddings = (await all.get(BANK_EMBEDDINGS)!.data()) as Float32Array;
    const drawn: DrawnScene[] = [];
    for (let e = 0; e < scenes; e++) drawn.push(await this.#scene(all, embeddings, random));
    const offset = random.below(this.#pool.length - length);
    const count = length / spec.tick + 1;
    const stack = (of: (scene: DrawnScene) => Float32Array): Float32Array => {
      const arrays = drawn.map(of);
      const joined = new Float32Array(arrays.reduce((sum, a) => sum + a.length, 0));
      arrays.reduce((at, a) => (joined.set(a, at), at + a.length), 0);
      return joined;
    };
    const { value, grads } = tf.tidy(() => {
      const gains = tf.tensor3d(stack((s) => s.noiseGains), [scenes, count, spec.noise.bands]);
      const strings = tf.tensor2d(stack((s) => s.strings), [scenes, length]);
      const signal = strings.add(noiseSignal(spec, gains, this.#pool, offset)) as tf.Tensor2D;
      const level = tf.tensor2d(stack((s) => s.level), [scenes, count]);
      const conditioning = tf.tensor3d(stack((s) => s.conditioning), [scenes, count, conditioningSize(spec)]);
      const target = tf.tensor2d(stack((s) => s.target), [scenes, length]);
      return tf.valueAndGrads((...tensors: tf.Tensor[]) => {
        const p = new Map([...all, ...learning.map((name, i) => [name, tensors[i]!] as const)]);
        return bandLoss(decodeExcitation(spec, p, signal, { level, conditioning }), target, spec.sampleRate);
      })(learning.map((name) => all.get(name)!));
    });
    const loss = (await value.data())[0]!;
    value.dispose();
    const banks = Object.fromEntries(drawn.map(({ bank }) => [bank.id, loss]));
    return { loss, banks, sound: (scenes * length) / spec.sampleRate, gradients: grads };
  }

  async #scene(all: Parameters, embeddings: Float32Array, random: Random): Promise<DrawnScene> {
    const { length, polyphony, later, blur } = this.#options;
    const spec = this.#spec;
    const size = spec.style.size;
    const bank = pickBank(this.#banks, random);
    const z = Float32Array.from({ length: size }, (_, i) => embeddings[bank.row * size + i]! + blur * random.normal());
    const voices = random.chance(polyphony) ? 2 + random.below(MOST_VOICES - 1) : 1;
    const scene = new SceneSum(spec, bank, length);
    for (let v = 0; v < voices; v++) {
      const age = voices === 1 && random.chance(later) ? 1 + random.below(AGES.length) : 0;
      const voice = await this.#voice(all, bank, random.pick(bank.notes), age);
      scene.add(voice, v === 0 ? 0 : random.below(length / spec.tick));
    }
    return scene.drawn(z);
  }

  /** @param age 0 from the strike on, else one more than the place in `AGES` */
  async #voice(all: Parameters, bank: TrainingBank, note: TrainingNote, age: number): Promise<FinishedVoice> {
    const { length } = this.#options;
    const known = this.#voices.get(note)?.[age];
    if (known !== undefined) return known;
    const start = age === 0 ? FRAME : -Math.round((AGES[age - 1]! * this.#spec.sampleRate) / FRAME) * FRAME;
    const from = bank.notes.indexOf(note);
    const notes = bank.notes.slice(from, from + TOGETHER).filter((each) => this.#voices.get(each)?.[age] === undefined);
    (await finishVoices(this.#spec, all, bank, notes, start, length)).forEach((voice, i) => {
      const ages = this.#voices.get(notes[i]!) ?? [];
      ages[age] = voice;
      this.#voices.set(notes[i]!, ages);
    });
    return this.#voices.get(note)![age]!;
  }
}

interface DrawnScene {
  readonly bank: TrainingBank;
  readonly strings: Float32Array;
  readonly noiseGains: Float32Array;
  readonly level: Float32Array;
  readonly conditioning: Float32Array;
  readonly target: Float32Array;
}

/** Adds voices up: sound by sound, and powers by powers. */
class SceneSum {
  readonly #spec: Spec;
  readonly #bank: TrainingBank;
  readonly #count: number;
  readonly #strings: Float32Array;
  readonly #target: Float32Array;
  readonly #noisePower: Float32Array;
  readonly #power: Float32Array;
  readonly #features: Float32Array;
  readonly #width: number;

  constructor(spec: Spec, bank: TrainingBank, length: number) {
    this.#spec = spec;
    this.#bank = bank;
    this.#count = length / spec.tick + 1;
    this.#width = spec.waveNet.voiceFeatures * spec.waveNet.decaySeconds.length;
    this.#strings = new Float32Array(length);
    this.#target = new Float32Array(length);
    this.#noisePower = new Float32Array(this.#count * spec.noise.bands);
    this.#power = new Float32Array(this.#count);
    this.#features = new Float32Array(this.#count * this.#width);
  }

  /** @param ticks by which the voice comes later */
  add(voice: FinishedVoice, ticks: number): void {
    const shifted = (sum: Float32Array, part: Float32Array, by: number): void => {
      for (let i = by; i < sum.length; i++) sum[i]! += part[i - by]!;
    };
    shifted(this.#strings, voice.strings, ticks * this.#spec.tick);
    shifted(this.#target, voice.target, ticks * this.#spec.tick);
    shifted(this.#noisePower, voice.noisePower, ticks * this.#spec.noise.bands);
    shifted(this.#power, voice.power, ticks);
    shifted(this.#features, voice.features, ticks * this.#width);
  }

  drawn(z: Float32Array): DrawnScene {
    const size = conditioningSize(this.#spec);
    const conditioning = new Float32Array(this.#count * size);
    for (let i = 0; i < this.#count; i++) {
      conditioning.set(z, i * size);
      conditioning.set(this.#features.subarray(i * this.#width, (i + 1) * this.#width), i * size + z.length);
    }
    return {
      bank: this.#bank,
      strings: this.#strings,
      target: this.#target,
      noiseGains: this.#noisePower.map(Math.sqrt),
      level: this.#power.map((power) => Math.sqrt(power + LEVEL_FLOOR)),
      conditioning,
    };
  }
}
