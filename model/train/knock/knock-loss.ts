/** How far knocks are from recorded ones, as waveforms. */
import * as tf from '@tensorflow/tfjs-core';
import type { Spec } from '../../spec.ts';
import { fundamental } from '../../tuning.ts';
import type { TrainingBank, TrainingNote } from '../data/corpus-view.ts';
import { EMPHASIS, bestLag, emphasised, knockTarget, knockWeights, moved, norm, type KnockTarget } from './knock-target.ts';

/** Recorded knocks of a batch of strikes, each moved to where it is most like what is played. */
export interface RecordedKnocks {
  /** Low-rate samples, `[S, samples]`, each strike divided by its size. */
  readonly samples: tf.Tensor2D;
  /** What played samples are multiplied by to be compared, `[S, 1]`; 0 for strikes without a knock. */
  readonly scale: tf.Tensor2D;
  /** How many have a knock. */
  readonly count: number;
}

/** Owns the knocks of the recordings that came up so far. */
export class KnockLoss {
  readonly #spec: Spec;
  readonly #weights: Float32Array;
  readonly #targets = new Map<TrainingNote, KnockTarget | undefined>();

  constructor(spec: Spec) {
    this.#spec = spec;
    this.#weights = knockWeights(spec);
  }

  #target(bank: TrainingBank, note: TrainingNote): KnockTarget | undefined {
    if (!this.#targets.has(note)) this.#targets.set(note, knockTarget(this.#spec, note, fundamental(bank.tuning, note.note)));
    return this.#targets.get(note);
  }

  /** @param played low-rate samples of what is played for each strike, `[S * samples]` */
  record(strikes: readonly { readonly bank: TrainingBank; readonly note: TrainingNote }[], played: Float32Array): RecordedKnocks {
    const { knock } = this.#spec;
    const samples = new Float32Array(played.length);
    const scale = new Float32Array(strikes.length);
    strikes.forEach(({ bank, note }, s) => {
      const target = this.#target(bank, note);
      if (target === undefined) return;
      const own = played.subarray(s * knock.samples, (s + 1) * knock.samples);
      const recorded = moved(target, knock, bestLag(target, knock, own, this.#weights));
      const size = norm(emphasised(recorded, this.#weights));
      if (size === 0) return;
      scale[s] = 1 / size;
      samples.set(recorded.map((x) => x / size), s * knock.samples);
    });
    return {
      samples: tf.tensor2d(samples, [strikes.length, knock.samples]),
      scale: tf.tensor2d(scale, [strikes.length, 1]),
      count: scale.reduce((count, x) => count + (x > 0 ? 1 : 0), 0),
    };
  }

  /** Mean of `unexplained` over the strikes with a knock. */
  loss(played: tf.Tensor2D, recorded: RecordedKnocks): tf.Scalar {
    return this.unexplained(played, recorded).sum().div(Math.max(1, recorded.count)) as tf.Scalar;
  }

  /** Share of each recorded knock's energy that what is played does not explain, `[S]`; 0 without a knock. @param played low-rate samples, `[S, samples]` */
  unexplained(played: tf.Tensor2D, { samples, scale }: RecordedKnocks): tf.Tensor1D {
    const [strikes, length] = samples.shape;
    const error = played.mul(scale).sub(samples) as tf.Tensor2D;
    const before = tf.pad2d(tf.slice2d(error, [0, 0], [strikes, length - 1]), [[0, 0], [1, 0]]);
    return error.sub(before.mul(EMPHASIS)).mul(tf.tensor1d(this.#weights)).square().sum(1) as tf.Tensor1D;
  }
}
