/** How far a style is from what a recording's strikes sound like, and which way is nearer. */
import * as tf from '@tensorflow/tfjs-core';
import type { Recording } from '../audio/recording.ts';
import { FIRST_NOTE, type Spec } from '../spec.ts';
import { mixedKnocks } from '../train/graph/knock.ts';
import { amplitude, controlTensors, rawControls, type ControlTensors, type Parameters, type Strikes } from '../train/graph/note-network.ts';
import { voice } from '../train/graph/voicing.ts';
import { knockPowers } from '../train/knock/knock-power.ts';
import type { Outline } from '../train/outline/outline.ts';
import type { TargetView } from '../train/outline/target.ts';
import { CONTROLS, strikeControls, type StrikeControls } from '../train/outline/view-loss.ts';
import type { Style } from '../style.ts';
import { fundamental, type Tuning } from '../tuning.ts';
import type { Voicing } from '../voicing.ts';
import { alignmentView, findDelay, type ExpectedStrike } from './alignment.ts';
import { Backgrounds, companyOf, type Sounding } from './background.ts';
import type { HeardStrike } from './heard-strikes.ts';
import type { Floor } from './noise-floor.ts';
import type { Score, Strike } from './score.ts';
import { VOICING_SIZE, voicingOf, voicingPenalty, voicingTensors } from './voicing-vector.ts';

/**
 * Draw the embedding to where it began, as some of it no recording can tell: where it is known what was played, and where
 * that was only heard. Velocities that are not quite right would move the embedding to another piano.
 */
const PRIOR_PLAYED = 0.005;
const PRIOR_HEARD = 0.1;
/** dB of one unit of level. */
const LEVEL_SCALE = 10;
/** A strike of which this share of the power is its own is heard alone. */
const ALONE = 0.8;
/** Where this share of the strikes is heard alone, they tell the details of their keys; in music those would be guessed wrong. */
const MOSTLY = 0.5;
/**
 * So many times the recording's noise is added to both sides of every comparison: what lies well below the noise cannot
 * be told from it, and would be made up from its fluctuations.
 */
const BLUR = 8;
/** Strikes that tell whether the recording is late. */
const MOST_ALIGNED = 64;
/** Strikes whose controls are worked out at once. */
const CHUNK = 64;

export interface HeardRecording {
  readonly score: Score;
  readonly strikes: readonly HeardStrike[];
  /** For each view of the outline. */
  readonly floors: readonly Floor[];
  /** Whether the score was heard in the recording, too, and its velocities are guesses. */
  readonly heard: boolean;
}

/** Where a style begins. */
export type FirstStyle = Pick<Style, 'embedding' | 'tuning'>;

/** What is learned, as one flat vector: embedding, curves of the voicing, level of the recording. */
export class StyleFit {
  readonly #spec: Spec;
  readonly #p: Parameters;
  readonly #outline: Outline;
  readonly #recording: HeardRecording;
  readonly #embedding: readonly number[];
  readonly #tuning: Tuning;
  readonly #company: readonly Strike[];
  readonly #backgrounds: Backgrounds;
  /** What was recorded of each heard strike, for each view, with noise added; and what sounds beside it, with as much. */
  readonly #targets: readonly (readonly TargetView[])[];
  #beside: readonly (readonly Float32Array[])[] = [];
  #detailed = false;
  readonly flat: Float32Array;

  constructor(spec: Spec, p: Parameters, outline: Outline, recording: HeardRecording, { embedding, tuning }: FirstStyle) {
    this.#spec = spec;
    this.#p = p;
    this.#outline = outline;
    this.#recording = recording;
    this.#embedding = embedding;
    this.#tuning = tuning;
    this.#targets = recording.strikes.map(({ targets }) =>
      targets.map((target, v) => {
        const { power: floor } = recording.floors[v]!;
        return { ...target, power: target.power.map((power, i) => power + BLUR * floor[i % floor.length]!) };
      }),
    );
    this.#company = companyOf(recording.strikes, recording.score, spec.sampleRate);
    this.#backgrounds = new Backgrounds(outline, recording.score, spec.sampleRate);
    this.flat = new Float32Array(embedding.length + VOICING_SIZE + 1);
    this.flat.set(embedding);
  }

  /** How many strikes there are. */
  get strikes(): number {
    return this.#targets.length;
  }

  get embedding(): number[] {
    return [...this.flat.subarray(0, this.#embedding.length)];
  }

  get voicing(): Voicing {
    return voicingOf(this.flat.subarray(this.#embedding.length, this.#embedding.length + VOICING_SIZE));
  }

  /** Works out what sounds beside each strike, and its knock, now that the style is as it is. Knocks of others are below their strings. */
  async listen(): Promise<void> {
    const floors = this.#recording.floors.map(({ power }) => power.map((noise) => (1 + BLUR) * noise));
    const sounding = await this.#sounding();
    const knocks = await this.#knocks();
    const beside: Float32Array[][] = [];
    for (const [i, heard] of this.#recording.strikes.entries()) {
      const others = sounding.filter(({ strike }) => strike !== heard.strike);
      const powers: Float32Array[] = [];
      for (const [v, floor] of floors.entries()) {
        const power = await this.#backgrounds.power(heard.strike, others, v, floor, heard.targets[v]!.frames);
        const own = knocks[i]?.[v];
        powers.push(own ? power.map((value, j) => value + own[j]!) : power);
      }
      beside.push(powers);
    }
    this.#beside = beside;
  }

  /** Samples by which the recording comes later than the score; see `findDelay`. */
  async delay(recording: Recording): Promise<number> {
    const shortest = this.#outline.views.length - 1;
    const view = alignmentView(this.#outline.views[shortest]!);
    const { power: floor, bands } = this.#recording.floors[shortest]!;
    const sounding = await this.#sounding();
    const expected: ExpectedStrike[] = [];
    for (const { strike } of this.#recording.strikes.slice(0, MOST_ALIGNED)) {
      expected.push({ start: strike.start, power: await this.#backgrounds.power(strike, sounding, shortest, floor, view.starts.length, view) });
    }
    return findDelay(recording, view, expected, bands);
  }

  /** Power of the knock of each heard strike, for each view; nothing for a model without knocks. */
  async #knocks(): Promise<Float32Array[][]> {
    const { knock } = this.#spec;
    if (knock.waves === 0) return [];
    const powers: Float32Array[][] = [];
    const heard = this.#recording.strikes;
    for (let first = 0; first < heard.length; first += CHUNK) {
      const chunk = heard.slice(first, first + CHUNK);
      const played = tf.tidy(() => mixedKnocks(this.#spec, this.#p, this.#graph(this.#strikesOf(chunk.map(({ strike }) => strike)), tf.tensor1d(this.flat)).knock!));
      const samples = (await played.data()) as Float32Array;
      played.dispose();
      chunk.forEach(({ targets }, s) => {
        const own = samples.subarray(s * knock.samples, (s + 1) * knock.samples);
        powers.push(knockPowers(this.#spec, this.#outline.views, own, targets));
      });
    }
    return powers;
  }

  async #sounding(): Promise<Sounding[]> {
    const controls = await this.#controls(this.#company);
    return this.#company.map((strike, i) => ({ strike, ...this.#pitch(strike), controls: controls[i]! }));
  }

  /** Finds the level, what sounds beside each strike, and whether there are details to learn. */
  async prepare(): Promise<void> {
    await this.#setLevel();
    await this.listen();
    const alone = this.#targets.filter(([first], i) => {
      const noise = (1 + BLUR) * sum(this.#recording.floors[0]!.power) * first!.frames;
      return sum(this.#beside[i]![0]!) - noise < (1 - ALONE) * (sum(first!.power) - noise);
    });
    this.#detailed = alone.length > MOSTLY * this.#targets.length;
  }

  /** Sets the level so that half of the strikes begin louder than the model has them, and all that sounds beside them. */
  async #setLevel(): Promise<void> {
    await this.listen();
    const { strikes, floors } = this.#recording;
    const controls = await this.#controls(strikes.map(({ strike }) => strike));
    const { window, edges } = this.#outline.views[0]!;
    const bands = edges.length - 1;
    const whole = (power: Float32Array): number => sum(power.subarray(0, bands));
    const noise = (1 + BLUR) * whole(floors[0]!.power);
    const levels = strikes.map((_, i) => {
      const { promptAmplitude, aftersoundAmplitude } = controls[i]!;
      const tones = promptAmplitude.reduce((sum, a, k) => sum + (a + aftersoundAmplitude[k]!) ** 2, 0);
      // A tone of amplitude 1 has this power under a Hann window of N samples: (N / 4)^2 in its bin, a quarter of that in each neighbour.
      const own = tones * 1.5 * (window / 4) ** 2;
      const beside = whole(this.#beside[i]![0]!) - noise;
      return 10 * Math.log10((Math.max(0, whole(this.#targets[i]![0]!.power) - noise) + 1e-12) / (own + beside + 1e-12));
    });
    levels.sort((a, b) => a - b);
    this.flat[this.flat.length - 1] = levels[levels.length >> 1]! / LEVEL_SCALE;
  }

  /** Mean distance of some of the strikes; writes its gradient to `gradient`, which is the flat vector's. */
  async distance(indices: readonly number[], gradient?: Float32Array): Promise<number> {
    const strikes = this.#strikesOf(indices.map((i) => this.#recording.strikes[i]!.strike));
    const values = await this.#values(strikes);
    const slopes = values.map((v) => new Float32Array(v.length));
    const losses = await this.#outline.losses(
      indices.map((index, s) => ({
        f0: strikes.f0[s]!,
        inharmonicity: strikes.inharmonicity[s]!,
        target: this.#targets[index]!.map((target, v) => ({ ...target, background: this.#beside[index]![v]! })),
        controls: strikeControls(values, s, indices.length),
        gradient: strikeControls(slopes, s, indices.length),
      })),
      1 / indices.length,
    );
    if (gradient) {
      const slope = tf.tidy(() =>
        tf.grad((x) => {
          const controls = this.#graph(strikes, x as tf.Tensor1D);
          // The inner product with constant slopes has exactly the outline's gradient.
          const outline = CONTROLS.map((name, i) => controls[name].mul(tf.tensor2d(slopes[i]!, controls[name].shape)).sum());
          return tf.addN(outline).add(this.#penalty(x as tf.Tensor1D));
        })(tf.tensor1d(this.flat)),
      );
      gradient.set(await slope.data());
      slope.dispose();
    }
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  }

  #penalty(x: tf.Tensor1D): tf.Tensor {
    const size = this.#embedding.length;
    const moved = tf.slice1d(x, 0, size).sub(tf.tensor1d([...this.#embedding]));
    return moved.square().mean().mul(this.#recording.heard ? PRIOR_HEARD : PRIOR_PLAYED).add(voicingPenalty(tf.slice1d(x, size, VOICING_SIZE)));
  }

  #graph(strikes: Strikes, x: tf.Tensor1D): ControlTensors {
    const size = this.#embedding.length;
    const z = tf.slice1d(x, 0, size).reshape([1, size]).tile([strikes.note.length, 1]) as tf.Tensor2D;
    const voicing = voicingTensors(tf.slice1d(x, size, VOICING_SIZE), this.#detailed);
    const controls = voice(this.#spec, controlTensors(this.#spec, rawControls(this.#spec, this.#p, strikes, z), strikes), strikes, voicing);
    const gain = amplitude(tf.slice1d(x, x.shape[0] - 1, 1).mul(LEVEL_SCALE));
    const louder = (plain: tf.Tensor2D): tf.Tensor2D => plain.mul(gain);
    return {
      ...controls,
      promptAmplitude: louder(controls.promptAmplitude),
      aftersoundAmplitude: louder(controls.aftersoundAmplitude),
      strikeAmplitude: louder(controls.strikeAmplitude),
      bodyAmplitude: louder(controls.bodyAmplitude),
      knock: controls.knock && louder(controls.knock),
    };
  }

  async #controls(strikes: readonly Strike[]): Promise<StrikeControls[]> {
    const all: StrikeControls[] = [];
    for (let first = 0; first < strikes.length; first += CHUNK) {
      const chunk = strikes.slice(first, first + CHUNK);
      const values = await this.#values(this.#strikesOf(chunk));
      chunk.forEach((_, s) => all.push(strikeControls(values, s, chunk.length)));
    }
    return all;
  }

  /** Controls as arrays, in the order of `CONTROLS`. */
  async #values(strikes: Strikes): Promise<Float32Array[]> {
    const tensors = tf.tidy(() => {
      const controls = this.#graph(strikes, tf.tensor1d(this.flat));
      return CONTROLS.map((name) => controls[name]);
    });
    const values = await Promise.all(tensors.map((tensor) => tensor.data() as Promise<Float32Array>));
    tf.dispose(tensors);
    return values;
  }

  #strikesOf(strikes: readonly Strike[]): Strikes {
    const pitches = strikes.map((strike) => this.#pitch(strike));
    return {
      note: strikes.map(({ note }) => note),
      velocity: strikes.map(({ velocity }) => velocity),
      f0: pitches.map(({ f0 }) => f0),
      inharmonicity: pitches.map(({ inharmonicity }) => inharmonicity),
    };
  }

  #pitch({ note }: Strike): { f0: number; inharmonicity: number } {
    return { f0: fundamental(this.#tuning, note), inharmonicity: this.#tuning.inharmonicity[note - FIRST_NOTE]! };
  }
}

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
