/** Loss and gradient of a generator: the likelihood of recordings, each sample from those before it (teacher forcing). */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../random.ts';
import { waveNetConditioningSize, waveNetWidths, type Spec } from '../../spec.ts';
import { pickBank, type TrainingBank, type TrainingNote } from '../data/corpus-view.ts';
import { mixtureLoss, mixtureOutputs } from '../graph/generator.ts';
import type { Parameters } from '../graph/note-network.ts';
import { BANK_EMBEDDINGS } from '../parameters.ts';
import type { Differentiated } from '../step.ts';
import { generatedVoice, voiceLength, type GeneratedVoice } from './generated-voice.ts';
import { GeneratorScene, type DrawnScene } from './generator-scene.ts';

/** How scenes are drawn. */
export interface GeneratorOptions {
  /** Scenes in one step. */
  readonly scenes: number;
  /** Samples of each at the model's rate, a multiple of its tick. */
  readonly length: number;
  /** Share of scenes in which several strikes sound. */
  readonly polyphony: number;
  /** Share of strikes that are heard from their start. */
  readonly onsets: number;
  /** Standard deviation of noise on the embedding that the network is told. */
  readonly blur: number;
  /** Standard deviation of noise on the samples that the network is given, so that it learns to come back. */
  readonly jitter: number;
}

const MOST_VOICES = 4;

/** Draws scenes and differentiates; owns the voices that came up so far. */
export class GeneratorStep {
  readonly #spec: Spec;
  readonly #banks: readonly TrainingBank[];
  readonly #options: GeneratorOptions;
  readonly #voices = new Map<TrainingNote, GeneratedVoice>();

  constructor(spec: Spec, banks: readonly TrainingBank[], options: GeneratorOptions) {
    this.#spec = spec;
    this.#banks = banks;
    this.#options = options;
  }

  /** @param learning names of the WaveNet's tensors in `all`; the others must not change between steps */
  async compute(all: Parameters, learning: readonly string[], random: Random): Promise<Differentiated> {
    const spec = this.#spec;
    const { scenes, length } = this.#options;
    const embeddings = (await all.get(BANK_EMBEDDINGS)!.data()) as Float32Array;
    const drawn: (DrawnScene & { readonly bank: TrainingBank })[] = [];
    for (let e = 0; e < scenes; e++) drawn.push(await this.#scene(all, embeddings, random));
    const rows = length / spec.generator!.divisor;
    const { value, grads } = tf.tidy(() => {
      const stack = (of: (scene: DrawnScene) => Float32Array): Float32Array => {
        const joined = new Float32Array(scenes * of(drawn[0]!).length);
        drawn.forEach((scene, e) => joined.set(of(scene), e * of(scene).length));
        return joined;
      };
      const input = tf.tensor3d(stack((s) => s.input), [scenes, rows, waveNetWidths(spec).inputs]);
      const conditioning = tf.tensor3d(stack((s) => s.conditioning), [scenes, length / spec.tick, waveNetConditioningSize(spec)]);
      const target = tf.tensor2d(stack((s) => s.target), [scenes * rows, 1]);
      const counts = tf.tensor2d(stack((s) => s.counts), [scenes * rows, 1]);
      return tf.valueAndGrads((...tensors: tf.Tensor[]) => {
        const p = new Map([...all, ...learning.map((name, i) => [name, tensors[i]!] as const)]);
        return mixtureLoss(mixtureOutputs(spec, p, input, conditioning), target, counts);
      })(learning.map((name) => all.get(name)!));
    });
    const loss = (await value.data())[0]!;
    value.dispose();
    const banks = Object.fromEntries(drawn.map(({ bank }) => [bank.id, loss]));
    return { loss, banks, sound: (scenes * length) / spec.sampleRate, gradients: grads };
  }

  async #scene(all: Parameters, embeddings: Float32Array, random: Random): Promise<DrawnScene & { readonly bank: TrainingBank }> {
    const { length, polyphony, onsets, blur, jitter } = this.#options;
    const { size } = this.#spec.style;
    const bank = pickBank(this.#banks, random);
    const z = Float32Array.from({ length: size }, (_, i) => embeddings[bank.row * size + i]! + blur * random.normal());
    const voices = random.chance(polyphony) ? 2 + random.below(MOST_VOICES - 1) : 1;
    const scene = new GeneratorScene(this.#spec, length);
    const latest = (voiceLength(this.#spec) - length) / this.#spec.tick;
    for (let v = 0; v < voices; v++) {
      const voice = await this.#voice(all, bank, random.pick(bank.notes));
      // Young ages come up more often: that is where a sound changes and where ears listen.
      scene.add(voice, random.chance(onsets) ? 0 : Math.floor(latest * random.uniform() ** 2));
    }
    return { ...scene.drawn(z, random, jitter), bank };
  }

  async #voice(all: Parameters, bank: TrainingBank, note: TrainingNote): Promise<GeneratedVoice> {
    const known = this.#voices.get(note);
    if (known !== undefined) return known;
    const voice = await generatedVoice(this.#spec, all, bank, note);
    this.#voices.set(note, voice);
    return voice;
  }
}
