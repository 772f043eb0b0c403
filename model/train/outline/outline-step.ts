/** Loss and gradient of a batch of strikes by their outlines. */
import * as tf from '@tensorflow/tfjs-core';
import { STRIKE_LEAD } from '../../corpus/strike-lead.ts';
import type { Random } from '../../random.ts';
import { FIRST_NOTE, NOTE_COUNT, type Spec } from '../../spec.ts';
import { fundamental } from '../../tuning.ts';
import { UNCHANGED } from '../data/augment.ts';
import { pickBank, type TrainingBank, type TrainingNote } from '../data/corpus-view.ts';
import { buildPassage } from '../data/example.ts';
import { encode } from '../graph/encoder.ts';
import { controlTensors, rawControls, type ControlTensors, type Parameters, type Strikes } from '../graph/note-network.ts';
import { bankEmbeddings, keyOffsets } from '../parameters.ts';
import { agreement, oddness, penalties } from '../penalties.ts';
import { crookedness } from '../straightness.ts';
import { Outline } from './outline.ts';
import { targetView, type TargetView } from './target.ts';
import { CONTROLS, type StrikeControls } from './view-loss.ts';

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

interface Drawn {
  readonly bank: TrainingBank;
  readonly note: TrainingNote;
  readonly target: readonly TargetView[];
}

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
  readonly #neighbourhoods: ReadonlyMap<TrainingBank, ReadonlyMap<number, readonly WeightedKey[]>>;
  readonly #targets = new Map<TrainingNote, readonly TargetView[]>();

  constructor(spec: Spec, banks: readonly TrainingBank[], options: OutlineOptions) {
    this.#spec = spec;
    this.#banks = banks;
    this.#options = options;
    this.#outline = new Outline(spec, options.restless);
    this.#neighbourhoods = new Map(banks.map((bank) => [bank, neighbourhoods(bank)]));
  }

  /** @param learning names of the tensors in `all` that learn */
  async compute(all: Parameters, learning: readonly string[], random: Random): Promise<OutlineResult> {
    const drawn = Array.from({ length: this.#options.strikes }, () => this.#draw(random));
    const strikes = this.#strikes(drawn, random);
    const rows = drawn.map(({ bank }) => bank.row);
    const blur = Float32Array.from({ length: drawn.length * this.#spec.style.size }, () => this.#options.blur * random.normal());
    const own = drawn.map(({ bank, note }, s) => (strikes.note[s] === note.note ? { row: bank.row, note: note.note } : undefined));
    const controlsOf = (p: Parameters): { controls: ControlTensors; z: tf.Tensor2D; keys: tf.Tensor2D } => {
      const z = bankEmbeddings(p, rows);
      const keys = keyOffsets(p, own);
      const near = z.add(keys).add(tf.tensor2d(blur, [drawn.length, this.#spec.style.size])) as tf.Tensor2D;
      return { controls: controlTensors(this.#spec, rawControls(this.#spec, p, strikes, near), strikes), z, keys };
    };
    const tensors = tf.tidy(() => CONTROLS.map((name) => controlsOf(all).controls[name]));
    const values = await Promise.all(tensors.map((t) => t.data() as Promise<Float32Array>));
    const widths = tensors.map((t) => t.shape[1]);
    tf.dispose(tensors);

    const slopes = values.map((v) => new Float32Array(v.length));
    const strikeView = (arrays: readonly Float32Array[], s: number): StrikeControls =>
      Object.fromEntries(
        CONTROLS.map((name, i) => [name, arrays[i]!.subarray(s * widths[i]!, (s + 1) * widths[i]!)]),
      ) as unknown as StrikeControls;
    const losses = await this.#outline.losses(
      drawn.map(({ target }, s) => ({
        f0: strikes.f0[s]!,
        inharmonicity: strikes.inharmonicity[s]!,
        target,
        controls: strikeView(values, s),
        gradient: strikeView(slopes, s),
      })),
      1 / drawn.length,
    );

    const passageBank = random.pick(drawn).bank;
    const passage = buildPassage(this.#spec, passageBank, random, UNCHANGED);
    const gradients = tf.tidy(() =>
      tf.grads((...learned: tf.Tensor[]) => {
        const p = new Map([...all, ...learning.map((name, i) => [name, learned[i]!] as const)]);
        const { controls, z, keys } = controlsOf(p);
        // The inner product with constant slopes has exactly the outline's gradient.
        const outline = CONTROLS.map((name, i) =>
          controls[name].mul(tf.tensor2d(slopes[i]!, [drawn.length, widths[i]!])).sum(),
        );
        return tf
          .addN(outline)
          .add(penalties(this.#spec, p, z, drawn.map(({ bank }) => bank.prior), random))
          .add(oddness(keys))
          .add(crookedness(this.#spec, p, this.#banks.map(({ row }) => row), random))
          .add(agreement(encode(p, passage), bankEmbeddings(p, [passageBank.row]))) as tf.Scalar;
      })(learning.map((name) => all.get(name)!)),
    );
    return {
      loss: losses.reduce((sum, l) => sum + l, 0) / losses.length,
      banks: meanByBank(drawn, losses),
      sound: drawn.reduce((sum, { note }) => sum + Math.min(note.samples / this.#spec.sampleRate, this.#outline.seconds), 0),
      gradients,
    };
  }

  #beside(bank: TrainingBank, note: number, random: Random): number {
    const near = this.#neighbourhoods.get(bank)!.get(note)!;
    return near.length === 0 ? note : near[random.weighted(near.map(({ weight }) => weight))]!.key;
  }

  #draw(random: Random): Drawn {
    const bank = pickBank(this.#banks, random);
    const note = random.pick(bank.notes);
    let target = this.#targets.get(note);
    if (!target) {
      const audio = note.audio();
      target = this.#outline.views.map((view) => targetView(view, audio, note.onset - STRIKE_LEAD));
      this.#targets.set(note, target);
    }
    return { bank, note, target };
  }

  #strikes(drawn: readonly Drawn[], random: Random): Strikes {
    return {
      note: drawn.map(({ bank, note }) => (random.chance(this.#options.elsewhere) ? this.#beside(bank, note.note, random) : note.note)),
      velocity: drawn.map(({ note }) => note.velocity),
      f0: drawn.map(({ bank, note }) => fundamental(bank.tuning, note.note)),
      inharmonicity: drawn.map(({ bank, note }) => bank.tuning.inharmonicity[note.note - FIRST_NOTE]!),
    };
  }
}

/** A key that a recording of another one may stand for. */
interface WeightedKey {
  readonly key: number;
  readonly weight: number;
}

/** A recording stands for keys up to this many times as far as the next recorded one ... */
const REACH = 3;
/** ... and, where recordings are that far apart, for no more than an octave. */
const FARTHEST = 12;

/**
 * The keys without a recording that each recorded key stands for, the rarer the farther: so a key between
 * two recordings is learned from about five of them, and what is odd in a single one averages out.
 */
function neighbourhoods(bank: TrainingBank): Map<number, WeightedKey[]> {
  const keys = [...new Set(bank.notes.map(({ note }) => note))].sort((a, b) => a - b);
  const recorded = new Set(keys);
  return new Map(
    keys.map((own, i) => {
      const reachOf = (next: number | undefined): number => {
        const gap = next === undefined ? NOTE_COUNT : Math.abs(next - own);
        return Math.max(gap, Math.min(REACH * gap, FARTHEST));
      };
      const below = reachOf(keys[i - 1]);
      const above = reachOf(keys[i + 1]);
      const near = Array.from({ length: NOTE_COUNT }, (_, n) => FIRST_NOTE + n)
        .map((key) => ({ key, weight: 1 - Math.abs(key - own) / (key < own ? below : above) }))
        .filter(({ key, weight }) => weight > 0 && !recorded.has(key));
      return [own, near];
    }),
  );
}

function meanByBank(drawn: readonly Drawn[], losses: readonly number[]): Record<string, number> {
  const byBank = new Map<string, number[]>();
  drawn.forEach(({ bank }, s) => byBank.set(bank.id, [...(byBank.get(bank.id) ?? []), losses[s]!]));
  return Object.fromEntries([...byBank].map(([id, list]) => [id, list.reduce((sum, loss) => sum + loss, 0) / list.length]));
}
