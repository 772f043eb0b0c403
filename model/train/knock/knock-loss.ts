/** How far knocks are from recorded ones, as waveforms. */
import * as tf from '@tensorflow/tfjs-core';
import { hasKnock } from '../../knock.ts';
import { FIRST_NOTE, type Spec } from '../../spec.ts';
import { fundamental } from '../../tuning.ts';
import { phasesOf, type TrainingNote } from '../data/corpus-view.ts';
import { asRecorded, ownKeys, type DrawnStrike } from '../data/strike-draw.ts';
import { controlTensors, rawControls, type Parameters } from '../graph/note-network.ts';
import { CONTROLS, strikeControls } from '../outline/view-loss.ts';
import { bankEmbeddings, keyOffsets } from '../parameters.ts';
import { KnockBands } from './knock-bands.ts';
import { SIZE, bestLag, knockTarget, knockWeights, moved, norm, type KnockTarget } from './knock-target.ts';
import { lowStrings } from './low-strings.ts';

/** Recorded knocks of a batch of strikes, each moved to where it is most like what is played. */
export interface RecordedKnocks {
  /** Low-rate samples, `[S, samples]`, each strike divided by its size. */
  readonly samples: tf.Tensor2D;
  /** What played samples are multiplied by to be compared, `[S, 1]`: 1 over that size; 0 for strikes without a knock. */
  readonly scale: tf.Tensor2D;
  /** What the energies in bands of an error are multiplied by, `[S, bands]`: see `KnockBands.shares`. */
  readonly shares: tf.Tensor2D;
  /** Which strikes have a knock. */
  readonly has: readonly boolean[];
  /** Low-rate samples of what strings play between the partials, `[S][samples]`; undefined without a knock. */
  readonly strings: readonly (Float32Array | undefined)[];
}

/** Owns the knocks of the recordings that came up so far, each as it is beside the strings of the parameters that it came up with. */
export class KnockLoss {
  readonly #spec: Spec;
  readonly #weights: Float32Array;
  #bands: KnockBands | undefined;
  readonly #targets = new Map<TrainingNote, KnockTarget>();

  constructor(spec: Spec) {
    this.#spec = spec;
    this.#weights = knockWeights(spec);
  }

  /** Its matrices are tensors, which only a running backend can make. */
  get #comparison(): KnockBands {
    return (this.#bands ??= new KnockBands(this.#spec));
  }

  /** @param played low-rate samples of what is played for each strike, `[S * samples]` */
  async record(all: Parameters, strikes: readonly DrawnStrike[], played: Float32Array): Promise<RecordedKnocks> {
    const { knock } = this.#spec;
    await this.#prepare(all, strikes);
    const samples = new Float32Array(played.length);
    const scale = new Float32Array(strikes.length);
    const targets = strikes.map(({ note }) => this.#targets.get(note));
    targets.forEach((target, s) => {
      if (target === undefined) return;
      const at = s * knock.samples;
      const heard = played.subarray(at, at + knock.samples);
      const recorded = moved(target, knock, bestLag(target, knock, heard, this.#weights));
      const size = norm(recorded);
      if (size === 0) return;
      samples.set(recorded.map((x) => x / size), at);
      scale[s] = 1 / size;
    });
    const shape: [number, number] = [strikes.length, knock.samples];
    const recorded = tf.tensor2d(samples, shape);
    return {
      samples: recorded,
      scale: tf.tensor2d(scale, [strikes.length, 1]),
      shares: tf.tidy(() => this.#comparison.shares(recorded)),
      has: targets.map((target) => target !== undefined),
      strings: targets.map((target) => target?.strings),
    };
  }

  /** Works out the targets of strikes that come up for the first time. */
  async #prepare(all: Parameters, strikes: readonly DrawnStrike[]): Promise<void> {
    const fresh = strikes.filter(({ bank, note }, i) => !this.#targets.has(note) && hasKnock(fundamental(bank.tuning, note.note)) && strikes.findIndex((other) => other.note === note) === i);
    if (fresh.length === 0) return;
    const played = asRecorded(fresh);
    const tensors = tf.tidy(() => {
      const z = bankEmbeddings(all, fresh.map(({ bank }) => bank.row)).add(keyOffsets(all, ownKeys(fresh, played)));
      const controls = controlTensors(this.#spec, rawControls(this.#spec, all, played, z as tf.Tensor2D), played);
      return CONTROLS.map((name) => controls[name]);
    });
    const values = await Promise.all(tensors.map((t) => t.data() as Promise<Float32Array>));
    tf.dispose(tensors);
    fresh.forEach(({ bank, note }, s) => {
      const phases = phasesOf(bank, note.note, this.#spec.strings.partials);
      const strings = lowStrings(this.#spec, strikeControls(values, s, fresh.length), played.f0[s]!, played.inharmonicity[s]!, phases, bank.modes?.[note.note - FIRST_NOTE] ?? [], SIZE);
      this.#targets.set(note, knockTarget(this.#spec, note, strings));
    });
  }

  /** Mean of `unexplained` over the strikes with a knock. */
  loss(played: tf.Tensor2D, recorded: RecordedKnocks): tf.Scalar {
    const count = recorded.has.filter(Boolean).length;
    return this.unexplained(played, recorded).sum().div(Math.max(1, count)) as tf.Scalar;
  }

  /** Share of each recorded knock's energy, in the mean of bands, that what is played does not explain, `[S]`; 0 without a knock. @param played low-rate samples, `[S, samples]` */
  unexplained(played: tf.Tensor2D, { samples, scale, shares }: RecordedKnocks): tf.Tensor1D {
    return this.#comparison.energies(played.mul(scale).sub(samples) as tf.Tensor2D).mul(shares).sum(1) as tf.Tensor1D;
  }
}
