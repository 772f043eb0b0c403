/** How far a style is from what a recording's strikes sound like, and which way is nearer. */
import * as tf from '@tensorflow/tfjs-core';
import { FIRST_NOTE, type Spec } from '../spec.ts';
import { amplitude, controlTensors, rawControls, type ControlTensors, type Parameters, type Strikes } from '../train/graph/note-network.ts';
import { voice, type VoicingTensors } from '../train/graph/voicing.ts';
import type { Outline } from '../train/outline/outline.ts';
import type { TargetView } from '../train/outline/target.ts';
import { CONTROLS, type StrikeControls } from '../train/outline/view-loss.ts';
import { fundamental, type Tuning } from '../tuning.ts';
import { VOICING_CURVES, VOICING_FREQUENCIES, VOICING_KEYS, VOICING_LIMITS, VOICING_POINTS, type Voicing } from '../voicing.ts';
import { Backgrounds, companyOf } from './background.ts';
import type { HeardStrike } from './heard-strikes.ts';
import type { Floor } from './noise-floor.ts';
import type { Score, Strike } from './score.ts';

/** Draws the embedding to where it began: some of it no recording can tell. */
const PRIOR = 0.002;
/** Draws the voicing to nothing, and neighbouring values together. */
const PLAINNESS = 0.0005;
const SMOOTHNESS = 0.02;
/** dB of one unit of level. */
const LEVEL_SCALE = 10;
/** dB, or logarithm, of one unit of each curve. */
const VOICING_SCALE: Readonly<Record<keyof Voicing, number>> = { tones: 8, tonesTouch: 16, tonesForce: 16, strike: 8, body: 8, noiseTouch: 16, noiseForce: 16, decay: 1, fade: 1 };
const ROWS = VOICING_KEYS.length;
const POINTS = VOICING_FREQUENCIES.length;
/**
 * So many times the recording's noise is added to both sides of every comparison: what lies well below the noise cannot
 * be told from it, and would be made up from its fluctuations.
 */
const BLUR = 12;
/** Strikes whose controls are worked out at once. */
const CHUNK = 64;

export interface HeardRecording {
  readonly score: Score;
  readonly strikes: readonly HeardStrike[];
  /** For each view of the outline. */
  readonly floors: readonly Floor[];
}

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
  readonly flat: Float32Array;

  constructor(spec: Spec, p: Parameters, outline: Outline, recording: HeardRecording, { embedding, tuning }: { readonly embedding: readonly number[]; readonly tuning: Tuning }) {
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
    this.flat = new Float32Array(embedding.length + VOICING_CURVES.length * VOICING_POINTS + 1);
    this.flat.set(embedding);
  }

  get embedding(): number[] {
    return [...this.flat.subarray(0, this.#embedding.length)];
  }

  get voicing(): Voicing {
    const curve = (name: keyof Voicing, c: number): number[][] =>
      VOICING_KEYS.map((_, row) =>
        VOICING_FREQUENCIES.map((_, point) => {
          const value = VOICING_SCALE[name] * this.flat[this.#embedding.length + c * VOICING_POINTS + row * POINTS + point]!;
          return Number(Math.max(-VOICING_LIMITS[name], Math.min(VOICING_LIMITS[name], value)).toFixed(2));
        }),
      );
    return Object.fromEntries(VOICING_CURVES.map((name, c) => [name, curve(name, c)])) as unknown as Voicing;
  }

  /** Works out what sounds beside each strike, now that the style is as it is. */
  async listen(): Promise<void> {
    const { strikes, floors } = this.#recording;
    const controls = await this.#controls(this.#company);
    const sounding = this.#company.map((strike, i) => ({ strike, ...this.#pitch(strike), controls: controls[i]! }));
    const beside: Float32Array[][] = [];
    for (const heard of strikes) {
      const powers: Float32Array[] = [];
      for (const [v, { power: floor }] of floors.entries()) powers.push(await this.#backgrounds.power(heard, sounding, v, floor.map((noise) => (1 + BLUR) * noise)));
      beside.push(powers);
    }
    this.#beside = beside;
  }

  /** Sets the level so that half of the strikes begin louder than the model has them, and all that sounds beside them. */
  async setLevel(): Promise<void> {
    await this.listen();
    const { strikes, floors } = this.#recording;
    const controls = await this.#controls(strikes.map(({ strike }) => strike));
    const { window, edges } = this.#outline.views[0]!;
    const bands = edges.length - 1;
    const whole = (power: Float32Array): number => power.subarray(0, bands).reduce((sum, value) => sum + value, 0);
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
    const { values, widths } = await this.#values(strikes);
    const slopes = values.map((v) => new Float32Array(v.length));
    const losses = await this.#outline.losses(
      indices.map((index, s) => ({
        f0: strikes.f0[s]!,
        inharmonicity: strikes.inharmonicity[s]!,
        target: this.#targets[index]!.map((target, v) => ({ ...target, background: this.#beside[index]![v]! })),
        controls: row(values, widths, s),
        gradient: row(slopes, widths, s),
      })),
      1 / indices.length,
    );
    if (gradient) {
      const slope = tf.tidy(() =>
        tf.grad((x) => {
          const controls = this.#graph(strikes, x as tf.Tensor1D);
          // The inner product with constant slopes has exactly the outline's gradient.
          const outline = CONTROLS.map((name, i) => controls[name].mul(tf.tensor2d(slopes[i]!, [indices.length, widths[i]!])).sum());
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
    const curves = tf.slice1d(x, size, VOICING_CURVES.length * VOICING_POINTS).reshape([VOICING_CURVES.length, ROWS, POINTS]) as tf.Tensor3D;
    const part = (row: number, rows: number, point: number, points: number): tf.Tensor => tf.slice3d(curves, [0, row, point], [VOICING_CURVES.length, rows, points]);
    const overKeys = part(1, ROWS - 1, 0, POINTS).sub(part(0, ROWS - 1, 0, POINTS));
    const overFrequency = part(0, ROWS, 1, POINTS - 1).sub(part(0, ROWS, 0, POINTS - 1));
    const curved = overKeys.square().mean().add(overFrequency.square().mean());
    return moved.square().mean().mul(PRIOR).add(curves.square().mean().mul(PLAINNESS * VOICING_CURVES.length)).add(curved.mul(SMOOTHNESS * VOICING_CURVES.length));
  }

  #graph(strikes: Strikes, x: tf.Tensor1D): ControlTensors {
    const size = this.#embedding.length;
    const z = tf.slice1d(x, 0, size).reshape([1, size]).tile([strikes.note.length, 1]) as tf.Tensor2D;
    const curves = Object.fromEntries(
      VOICING_CURVES.map((name, c) => [name, tf.slice1d(x, size + c * VOICING_POINTS, VOICING_POINTS).reshape([ROWS, POINTS]).mul(VOICING_SCALE[name])]),
    ) as unknown as VoicingTensors;
    const controls = voice(this.#spec, controlTensors(this.#spec, rawControls(this.#spec, this.#p, strikes, z), strikes), strikes, curves);
    const gain = amplitude(tf.slice1d(x, x.shape[0] - 1, 1).mul(LEVEL_SCALE));
    const louder = (plain: tf.Tensor2D): tf.Tensor2D => plain.mul(gain);
    return {
      ...controls,
      promptAmplitude: louder(controls.promptAmplitude),
      aftersoundAmplitude: louder(controls.aftersoundAmplitude),
      strikeAmplitude: louder(controls.strikeAmplitude),
      bodyAmplitude: louder(controls.bodyAmplitude),
    };
  }

  async #controls(strikes: readonly Strike[]): Promise<StrikeControls[]> {
    const all: StrikeControls[] = [];
    for (let first = 0; first < strikes.length; first += CHUNK) {
      const chunk = strikes.slice(first, first + CHUNK);
      const { values, widths } = await this.#values(this.#strikesOf(chunk));
      chunk.forEach((_, s) => all.push(row(values, widths, s)));
    }
    return all;
  }

  /** Controls as arrays, in the order of `CONTROLS`, and how many numbers each strike has of them. */
  async #values(strikes: Strikes): Promise<{ values: Float32Array[]; widths: number[] }> {
    const tensors = tf.tidy(() => {
      const controls = this.#graph(strikes, tf.tensor1d(this.flat));
      return CONTROLS.map((name) => controls[name]);
    });
    const values = await Promise.all(tensors.map((tensor) => tensor.data() as Promise<Float32Array>));
    const widths = tensors.map(({ shape }) => shape[1]);
    tf.dispose(tensors);
    return { values, widths };
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

/** The controls of one strike of a batch. */
function row(arrays: readonly Float32Array[], widths: readonly number[], s: number): StrikeControls {
  return Object.fromEntries(CONTROLS.map((name, i) => [name, arrays[i]!.subarray(s * widths[i]!, (s + 1) * widths[i]!)])) as unknown as StrikeControls;
}
