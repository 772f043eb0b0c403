/** Loss and gradient of a batch of strikes by their outlines. */
import * as tf from '@tensorflow/tfjs-core';
import { STRIKE_LEAD } from '../../corpus/strike-lead.ts';
import type { Random } from '../../random.ts';
import { FIRST_NOTE, type Spec } from '../../spec.ts';
import { UNCHANGED } from '../data/augment.ts';
import type { TrainingBank, TrainingNote } from '../data/corpus-view.ts';
import { buildPassage } from '../data/example.ts';
import { StrikeDraw, meanByBank, ownKeys, type DrawnStrike } from '../data/strike-draw.ts';
import { encode } from '../graph/encoder.ts';
import { mixedKnocks } from '../graph/knock.ts';
import { controlTensors, rawControls, type ControlTensors, type Parameters } from '../graph/note-network.ts';
import { KnockLoss, type RecordedKnocks } from '../knock/knock-loss.ts';
import { knockPowers } from '../knock/knock-power.ts';
import { bankEmbeddings, keyOffsets } from '../parameters.ts';
import { agreement, oddness, penalties } from '../penalties.ts';
import { crookedness } from '../straightness.ts';
import { measuredStrike } from './measured-modes.ts';
import { Outline } from './outline.ts';
import { targetView, type TargetView } from './target.ts';
import { CONTROLS, strikeControls } from './view-loss.ts';

/** How strikes are drawn. */
export interface OutlineOptions {
  /** Strikes in one step. */
  readonly strikes: number;
  /**
   * Share of the strikes that are learned for another key nearby that has no recording:
   * it becomes a mixture of the recordings around it.
   */
  readonly elsewhere: number;
  /** Standard deviation of noise on the embeddings: the space around a piano sounds like it too. */
  readonly blur: number;
  /** Weight of how restless bands are against how loud; see `Restlessness`. */
  readonly restless: number;
}

interface Drawn extends DrawnStrike {
  readonly target: readonly TargetView[];
}

/** Weight of the share of a knock's energy that is not explained. */
const KNOCK_WEIGHT = 0.2;

export interface OutlineResult {
  readonly loss: number;
  /** Mean loss of each bank that came up. */
  readonly banks: Readonly<Record<string, number>>;
  /** Seconds of sound that were compared. */
  readonly sound: number;
  /** In the order of the tensors that learn. */
  readonly gradients: readonly tf.Tensor[];
}

/** Draws strikes of all banks and differentiates; owns the outlines of the recordings that came up so far. */
export class OutlineStep {
  readonly #spec: Spec;
  readonly #banks: readonly TrainingBank[];
  readonly #options: OutlineOptions;
  readonly #outline: Outline;
  readonly #drawing: StrikeDraw;
  readonly #knocks: KnockLoss;
  readonly #targets = new Map<TrainingNote, readonly TargetView[]>();

  constructor(spec: Spec, banks: readonly TrainingBank[], options: OutlineOptions) {
    this.#spec = spec;
    this.#banks = banks;
    this.#options = options;
    this.#outline = new Outline(spec, options.restless);
    this.#drawing = new StrikeDraw(banks, options.elsewhere);
    this.#knocks = new KnockLoss(spec);
  }

  /** @param learning names of the tensors in `all` that learn */
  async compute(all: Parameters, learning: readonly string[], random: Random): Promise<OutlineResult> {
    const drawn = Array.from({ length: this.#options.strikes }, () => this.#draw(random));
    const strikes = this.#drawing.strikes(drawn, random);
    const rows = drawn.map(({ bank }) => bank.row);
    const blur = Float32Array.from({ length: drawn.length * this.#spec.style.size }, () => this.#options.blur * random.normal());
    const own = ownKeys(drawn, strikes);
    const controlsOf = (p: Parameters): { controls: ControlTensors; z: tf.Tensor2D; keys: tf.Tensor2D } => {
      const z = bankEmbeddings(p, rows);
      const keys = keyOffsets(p, own);
      const near = z.add(keys).add(tf.tensor2d(blur, [drawn.length, this.#spec.style.size])) as tf.Tensor2D;
      return { controls: controlTensors(this.#spec, rawControls(this.#spec, p, strikes, near), strikes), z, keys };
    };
    const tensors = tf.tidy(() => {
      const { controls } = controlsOf(all);
      return [...CONTROLS.map((name) => controls[name]), ...(controls.knock ? [mixedKnocks(this.#spec, all, controls.knock)] : [])];
    });
    const values = await Promise.all(tensors.map((t) => t.data() as Promise<Float32Array>));
    tf.dispose(tensors);
    const played = values[CONTROLS.length];
    const recorded = played && (await this.#knocks.record(all, drawn, played));
    const targets = recorded ? this.#withKnocks(drawn, played, recorded) : drawn.map(({ target }) => target);

    const slopes = CONTROLS.map((_, i) => new Float32Array(values[i]!.length));
    // What is odd in a recorded key is measured and not to be learned, least of all by the keys around it.
    const measured = drawn.map(({ bank, note }, s) => measuredStrike(strikeControls(values, s, drawn.length), bank.modes?.[note.note - FIRST_NOTE] ?? []));
    const losses = await this.#outline.losses(
      targets.map((target, s) => ({
        f0: strikes.f0[s]!,
        inharmonicity: strikes.inharmonicity[s]!,
        target,
        controls: measured[s]!.controls,
        lead: measured[s]!.lead,
        gradient: strikeControls(slopes, s, drawn.length),
      })),
      1 / drawn.length,
    );
    measured.forEach((strike, s) => strike.back(strikeControls(slopes, s, drawn.length)));

    const passageBank = random.pick(drawn).bank;
    const passage = buildPassage(this.#spec, passageBank, random, UNCHANGED);
    const gradients = tf.tidy(() =>
      tf.grads((...learned: tf.Tensor[]) => {
        const p = new Map([...all, ...learning.map((name, i) => [name, learned[i]!] as const)]);
        const { controls, z, keys } = controlsOf(p);
        // The inner product with constant slopes has exactly the outline's gradient.
        const outline = CONTROLS.map((name, i) => controls[name].mul(tf.tensor2d(slopes[i]!, controls[name].shape)).sum());
        const knocks = recorded && controls.knock ? this.#knocks.loss(mixedKnocks(this.#spec, p, controls.knock), recorded).mul(KNOCK_WEIGHT) : tf.scalar(0);
        return tf
          .addN(outline)
          .add(knocks)
          .add(penalties(this.#spec, p, z, drawn.map(({ bank }) => bank.prior), random))
          .add(oddness(keys))
          .add(crookedness(this.#spec, p, this.#banks.map(({ row }) => row), random))
          .add(agreement(encode(p, passage), bankEmbeddings(p, [passageBank.row]))) as tf.Scalar;
      })(learning.map((name) => all.get(name)!)),
    );
    if (recorded) tf.dispose([recorded.samples, recorded.scale, recorded.shares]);
    return {
      loss: losses.reduce((sum, l) => sum + l, 0) / losses.length,
      banks: meanByBank(drawn, losses),
      sound: drawn.reduce((sum, { note }) => sum + Math.min(note.samples / this.#spec.sampleRate, this.#outline.seconds), 0),
      gradients,
    };
  }

  #draw(random: Random): Drawn {
    const { bank, note } = this.#drawing.draw(random);
    let target = this.#targets.get(note);
    if (!target) {
      const audio = note.audio();
      target = this.#outline.views.map((view) => targetView(view, audio, note.onset - STRIKE_LEAD));
      this.#targets.set(note, target);
    }
    return { bank, note, target };
  }

  /**
   * The targets of the strikes, with the power that knocks bring. Between partials strings are heard with them, and may be in their way.
   *
   * @param played low-rate samples of all knocks
   */
  #withKnocks(drawn: readonly Drawn[], played: Float32Array, { strings }: RecordedKnocks): readonly (readonly TargetView[])[] {
    const { samples } = this.#spec.knock;
    return drawn.map(({ target }, s) => {
      const beside = strings[s];
      if (beside === undefined) return target;
      const own = played.subarray(s * samples, (s + 1) * samples).map((x, n) => x + beside[n]!);
      const powers = knockPowers(this.#spec, this.#outline.views, own, target);
      return target.map((view, v) => ({ ...view, background: powers[v]! }));
    });
  }
}
