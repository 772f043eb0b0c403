/** Distance of expected outlines from recorded ones in one view, and its derivatives by the controls. */
import * as tf from '@tensorflow/tfjs-core';
import type { Spec } from '../../spec.ts';
import { Lattice } from './envelope.ts';
import { Restlessness } from './restlessness.ts';
import { softened } from './softened.ts';
import { noiseSpread, toneSpread, type ToneSpread } from './spread.ts';
import type { TargetView } from './target.ts';
import type { View } from './views.ts';

/** The controls that an outline depends on. */
export const CONTROLS = [
  'promptAmplitude', 'aftersoundAmplitude', 'promptRate', 'aftersoundRate',
  'beat', 'strikeAmplitude', 'strikeRate', 'bodyAmplitude', 'bodyRate', 'riseRate', 'attackRate',
] as const;

/** Controls of one strike, and where their derivatives go: the same names. */
export type StrikeControls = Readonly<Record<(typeof CONTROLS)[number], Float32Array>>;

/** The controls of strike `s` of a batch of `strikes`, out of arrays in the order of `CONTROLS`: parts of them, not copies. */
export function strikeControls(arrays: readonly Float32Array[], s: number, strikes: number): StrikeControls {
  const part = (x: Float32Array): Float32Array => x.subarray((s * x.length) / strikes, ((s + 1) * x.length) / strikes);
  return Object.fromEntries(CONTROLS.map((name, i) => [name, part(arrays[i]!)])) as unknown as StrikeControls;
}

/** One strike of a batch: what sounds, what was recorded, and where derivatives are added. */
export interface OutlineStrike {
  readonly f0: number;
  readonly inharmonicity: number;
  readonly target: readonly TargetView[];
  readonly controls: StrikeControls;
  /** Radians by which each partial's aftersound mode starts ahead; in phase without it. */
  readonly lead?: ArrayLike<number>;
  readonly gradient: StrikeControls;
}

/** Band powers lower than the loudest by this factor count as silence. */
const FLOOR = 1e-7;
/**
 * Differences under this (natural logarithm of power, 8 dB) count by their square, larger ones by their
 * size: where recordings disagree, what lies in their middle is nearest, and outliers do not rule.
 */
const SOFTENED = 1.84;

/** Weight of a frame's whole power against the mean over its bands: a note's rise and fall are heard as one. */
const WHOLE_WEIGHT = 0.8;

/** Softened distance of two powers, above 0, on a logarithmic scale, and its derivative by the first. */
export function difference(played: number, recorded: number): { size: number; slope: number } {
  const { size, slope } = softened(Math.log(played / recorded), SOFTENED);
  return { size, slope: slope / played };
}

/** The loss in one view; owns its tables. */
export class ViewLoss {
  readonly #spec: Spec;
  readonly #view: View;
  readonly #bands: number;
  readonly #lattice: Lattice;
  readonly #noise: tf.Tensor2D;
  readonly #noiseBack: tf.Tensor2D;
  readonly #rise: Float64Array;
  readonly #dRise: Float64Array;
  readonly #five = new Float64Array(5);
  readonly #restlessness: Restlessness;
  readonly #restless: number;

  /** @param restless weight of how restless bands are against how loud; frames at least half a window apart where it is not 0 */
  constructor(spec: Spec, view: View, restless: number) {
    this.#spec = spec;
    this.#view = view;
    this.#restless = restless;
    this.#restlessness = new Restlessness(view, spec.sampleRate);
    this.#bands = view.edges.length - 1;
    this.#lattice = new Lattice(view, spec.sampleRate);
    this.#rise = new Float64Array(this.#lattice.time.length);
    this.#dRise = new Float64Array(this.#lattice.time.length);
    const noise = tf.tensor2d(Float32Array.from(noiseSpread(spec, view)), [spec.noise.bands, this.#bands]);
    this.#noise = tf.keep(noise);
    this.#noiseBack = tf.keep(tf.transpose(noise));
  }

  dispose(): void {
    this.#noise.dispose();
    this.#noiseBack.dispose();
  }

  /**
   * Loss of each strike; adds `scale` times the derivatives to the strikes' gradients.
   *
   * @param frequencies of each strike's partials in Hz; @param targets of each strike in this view
   */
  async losses(
    strikes: readonly OutlineStrike[],
    frequencies: readonly (readonly number[])[],
    targets: readonly TargetView[],
    scale: number,
  ): Promise<number[]> {
    const frames = targets.reduce((sum, target) => sum + target.frames, 0);
    const count = this.#spec.noise.bands;
    const bands = this.#bands;
    const noises = new Float32Array(frames * count);
    const tones = strikes.map((_, s) => new Float32Array(targets[s]!.frames * frequencies[s]!.length));
    let first = 0;
    strikes.forEach(({ controls: c, lead }, s) => {
      const f = targets[s]!.frames;
      this.#setRise(c);
      frequencies[s]!.forEach((_, k) =>
        this.#lattice.tone(c.promptAmplitude[k]!, c.promptRate[k]!, c.aftersoundAmplitude[k]!, c.aftersoundRate[k]!, 2 * Math.PI * c.beat[k]!, lead?.[k] ?? 0, this.#rise, f, tones[s]!, k, frequencies[s]!.length),
      );
      for (let b = 0; b < count; b++) {
        this.#lattice.noise(c.strikeAmplitude[b]!, c.strikeRate[b]!, c.bodyAmplitude[b]!, c.bodyRate[b]!, c.riseRate[b]!, f, noises, first * count + b, count);
      }
      first += f;
    });
    const power = await product(noises, [frames, count], this.#noise);
    const spreads = frequencies.map((list) => toneSpread(this.#view, this.#spec.sampleRate, list));
    first = 0;
    const result = strikes.map((_, s) => {
      const target = targets[s]!;
      const part = power.subarray(first * bands, (first + target.frames) * bands);
      first += target.frames;
      return target.frames === 0 ? 0 : this.#compare(part, target, spreads[s]!, tones[s]!, scale);
    });
    const dNoises = await product(power, [frames, bands], this.#noiseBack);
    first = 0;
    strikes.forEach((strike, s) => {
      this.#backward(strike, tones[s]!, dNoises, first, targets[s]!.frames, frequencies[s]!.length);
      first += targets[s]!.frames;
    });
    return result;
  }

  #setRise(c: StrikeControls): void {
    const attack = c.attackRate[0]!;
    this.#lattice.time.forEach((s, i) => (this.#rise[i] = 1 - Math.exp(-attack * s)));
  }

  /** Expected power of noise in the bands, `[frames * bands]`, from that of its own bands, `[frames * noise bands]`. */
  noisePower(noises: Float32Array, frames: number): Promise<Float32Array> {
    return product(noises, [frames, this.#spec.noise.bands], this.#noise);
  }

  /** Loss of one strike; `power` comes with its noise and leaves as dLoss/dPower, `tones` as dLoss/dTones. */
  #compare(power: Float32Array, target: TargetView, spread: ToneSpread, tones: Float32Array, scale: number): number {
    const bands = this.#bands;
    const { gain, background, heard = bands } = target;
    const partials = spread.from.length - 1;
    const { from, band, power: share } = spread;
    const damped = (i: number): number => gain?.[Math.floor(i / bands)] ?? 1;
    const noise = this.#restless === 0 ? undefined : power.map((own, i) => damped(i) * own);
    for (let f = 0; f < target.frames; f++) {
      const row = f * bands;
      for (let k = 0; k < partials; k++) {
        const e = tones[f * partials + k]!;
        for (let i = from[k]!; i < from[k + 1]!; i++) power[row + band[i]!]! += e * share[i]!;
      }
      if (gain) for (let i = row; i < row + bands; i++) power[i]! *= gain[f]!;
    }
    if (background) for (let i = 0; i < power.length; i++) power[i]! += background[i]!;
    let peak = 0;
    for (let i = 0; i < power.length; i++) if (target.power[i]! > peak) peak = target.power[i]!;
    const floor = FLOOR * peak + 1e-15;
    const count = target.frames * heard;
    const slopes = new Float32Array(noise?.length ?? 0);
    let loss = 0;
    if (noise) {
      const sound = { played: power, noise, recorded: target.power, frames: target.frames, heard, floor };
      loss += this.#restless * count * this.#restlessness.loss(sound, this.#restless * scale, slopes);
    }
    for (let f = 0; f < target.frames; f++) {
      const row = f * bands;
      let played = heard * floor;
      let recorded = heard * floor;
      for (let i = row; i < row + heard; i++) {
        played += power[i]!;
        recorded += target.power[i]!;
      }
      const whole = difference(played, recorded);
      loss += WHOLE_WEIGHT * heard * whole.size;
      const own = (scale * (gain?.[f] ?? 1)) / count;
      for (let i = row; i < row + heard; i++) {
        const band = difference(power[i]! + floor, target.power[i]! + floor);
        loss += band.size;
        power[i] = own * (band.slope + WHOLE_WEIGHT * heard * whole.slope);
      }
      power.fill(0, row + heard, row + bands);
    }
    for (let i = 0; i < slopes.length; i++) power[i]! += damped(i) * slopes[i]!;
    for (let f = 0; f < target.frames; f++) {
      const row = f * bands;
      for (let k = 0; k < partials; k++) {
        let sum = 0;
        for (let i = from[k]!; i < from[k + 1]!; i++) sum += power[row + band[i]!]! * share[i]!;
        tones[f * partials + k] = sum;
      }
    }
    return loss / count;
  }

  #backward({ controls: c, lead, gradient: g }: OutlineStrike, dTones: Float32Array, dNoises: Float32Array, first: number, frames: number, partials: number): void {
    const count = this.#spec.noise.bands;
    const five = this.#five;
    this.#setRise(c);
    this.#dRise.fill(0);
    for (let k = 0; k < partials; k++) {
      this.#lattice.toneBack(
        c.promptAmplitude[k]!, c.promptRate[k]!, c.aftersoundAmplitude[k]!, c.aftersoundRate[k]!, 2 * Math.PI * c.beat[k]!, lead?.[k] ?? 0, this.#rise, this.#dRise, frames, dTones, k, partials, five,
      );
      g.promptAmplitude[k]! += five[0]!;
      g.promptRate[k]! += five[1]!;
      g.aftersoundAmplitude[k]! += five[2]!;
      g.aftersoundRate[k]! += five[3]!;
      g.beat[k]! += 2 * Math.PI * five[4]!;
    }
    for (let b = 0; b < count; b++) {
      this.#lattice.noiseBack(c.strikeAmplitude[b]!, c.strikeRate[b]!, c.bodyAmplitude[b]!, c.bodyRate[b]!, c.riseRate[b]!, frames, dNoises, first * count + b, count, five);
      g.strikeAmplitude[b]! += five[0]!;
      g.strikeRate[b]! += five[1]!;
      g.bodyAmplitude[b]! += five[2]!;
      g.bodyRate[b]! += five[3]!;
      g.riseRate[b]! += five[4]!;
    }
    const attack = c.attackRate[0]!;
    this.#lattice.time.forEach((s, i) => (g.attackRate[0]! += this.#dRise[i]! * s * Math.exp(-attack * s)));
  }
}

/** A matrix of these values times a constant one, on whatever backend runs. */
async function product(values: Float32Array, shape: [number, number], constant: tf.Tensor2D): Promise<Float32Array> {
  const result = tf.tidy(() => tf.matMul(tf.tensor2d(values, shape), constant));
  const data = (await result.data()).slice() as Float32Array;
  result.dispose();
  return data;
}
