/** Loss and gradient of a batch of strikes by their knocks alone: cheap, so that waveforms are found in many steps. */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../random.ts';
import type { Spec } from '../../spec.ts';
import type { TrainingBank } from '../data/corpus-view.ts';
import { StrikeDraw, meanByBank, ownKeys } from '../data/strike-draw.ts';
import { mixedKnocks } from '../graph/knock.ts';
import { controlTensors, rawControls, type ControlTensors, type Parameters } from '../graph/note-network.ts';
import { bankEmbeddings, keyOffsets } from '../parameters.ts';
import type { Differentiated } from '../step.ts';
import { KnockLoss } from './knock-loss.ts';

/** How strikes are drawn: see `OutlineOptions`. */
export interface KnockOptions {
  readonly strikes: number;
  readonly elsewhere: number;
  readonly blur: number;
}

/** Draws strikes of all banks and differentiates. */
export class KnockStep {
  readonly #spec: Spec;
  readonly #options: KnockOptions;
  readonly #drawing: StrikeDraw;
  readonly #knocks: KnockLoss;

  constructor(spec: Spec, banks: readonly TrainingBank[], options: KnockOptions) {
    this.#spec = spec;
    this.#options = options;
    this.#drawing = new StrikeDraw(banks, options.elsewhere);
    this.#knocks = new KnockLoss(spec);
  }

  /** @param learning names of the tensors in `all` that learn */
  async compute(all: Parameters, learning: readonly string[], random: Random): Promise<Differentiated> {
    const { samples, divisor } = this.#spec.knock;
    const drawn = Array.from({ length: this.#options.strikes }, () => this.#drawing.draw(random));
    const strikes = this.#drawing.strikes(drawn, random);
    const own = ownKeys(drawn, strikes);
    const blur = Float32Array.from({ length: drawn.length * this.#spec.style.size }, () => this.#options.blur * random.normal());
    const controlsOf = (p: Parameters): ControlTensors => {
      const near = bankEmbeddings(p, drawn.map(({ bank }) => bank.row)).add(keyOffsets(p, own)).add(tf.tensor2d(blur, [drawn.length, this.#spec.style.size]));
      return controlTensors(this.#spec, rawControls(this.#spec, p, strikes, near as tf.Tensor2D), strikes);
    };
    const mixed = tf.tidy(() => mixedKnocks(this.#spec, all, controlsOf(all).knock!));
    const recorded = await this.#knocks.record(all, drawn, (await mixed.data()) as Float32Array);
    const left = tf.tidy(() => this.#knocks.unexplained(mixed, recorded));
    const gradients = tf.tidy(() =>
      tf.grads((...learned: tf.Tensor[]) => {
        const p = new Map([...all, ...learning.map((name, i) => [name, learned[i]!] as const)]);
        return this.#knocks.loss(mixedKnocks(this.#spec, p, controlsOf(p).knock!), recorded);
      })(learning.map((name) => all.get(name)!)),
    );
    const shares = await left.data();
    tf.dispose([mixed, left, recorded.samples, recorded.scale, recorded.shares]);
    const knocking = drawn.map((strike, s) => ({ strike, share: shares[s]! })).filter((_, s) => recorded.has[s]);
    return {
      loss: knocking.reduce((sum, { share }) => sum + share, 0) / Math.max(1, knocking.length),
      banks: meanByBank(knocking.map(({ strike }) => strike), knocking.map(({ share }) => share)),
      sound: (knocking.length * samples * divisor) / this.#spec.sampleRate,
      gradients,
    };
  }
}
