/**
 * How restless a sound is: by how much the level of each band moves from one frame to the next, in the mean.
 *
 * A distance between levels is smallest where the played sound is the mean of what recordings may do, and a mean of
 * beats is no beat. This tells how much a band moves, and not when, so that strings may beat as much as real ones do
 * where nobody can know the moment.
 */
import { melOf } from '../../mel-scale.ts';
import { softened } from './softened.ts';
import type { View } from './views.ts';

/** Width in mel of the groups of bands that are looked at: narrower ones hold valleys between partials, most of them. */
const GROUP_MEL = 68;
/** Frames before this one hold the blow. */
const FIRST = 2;
/** Differences of mean steps under this (natural logarithm of power, 0.4 dB) count by their square, larger ones by their size. */
const SOFTENED = 0.1;
/** Noise of narrow bands goes on from one frame into the next, and moves so much less than noise of which each frame knows nothing of the other. */
const CARRIED_ON = 0.5;
/** Correlations of a Hann window's transform with itself, one and two bins apart. */
const NEXT_BIN = 2 / 3;
const SECOND_BIN = 1 / 6;

/** Variance of the logarithm of noise's power that is the sum of so many independent bins: the trigamma function, for at least one. */
function logVariance(bins: number): number {
  return 1 / bins + 1 / (2 * bins ** 2) + 1 / (6 * bins ** 3) - 1 / (30 * bins ** 5);
}

/** So many independent bins have as much variance as `count` neighbouring ones under a Hann window. */
function independentBins(count: number): number {
  return count ** 2 / (count + 2 * Math.max(0, count - 1) * NEXT_BIN ** 2 + 2 * Math.max(0, count - 2) * SECOND_BIN ** 2);
}

/** What is compared: powers `[frames * bands]`. */
export interface Restless {
  /** Of all that is played. */
  readonly played: Float32Array;
  /** Of the noise in it. */
  readonly noise: Float32Array;
  readonly recorded: Float32Array;
  readonly frames: number;
  /** The lowest so many bands count. */
  readonly heard: number;
  /** Added to every power; above 0. */
  readonly floor: number;
}

/** In one view, of which frames are at least half a window apart. */
export class Restlessness {
  readonly #bands: number;
  /** First band of each group, and one entry more for the end of the last. */
  readonly #groups: readonly number[];
  /** Square of the mean step that noise alone makes in each group, for each of its two frames. */
  readonly #chance: readonly number[];

  constructor({ edges, window }: View, sampleRate: number) {
    this.#bands = edges.length - 1;
    const groupOf = (band: number): number => Math.floor(melOf((edges[band]! * sampleRate) / window) / GROUP_MEL);
    const firsts = Array.from({ length: this.#bands }, (_, band) => band).filter((band) => band === 0 || groupOf(band) !== groupOf(band - 1));
    this.#groups = [...firsts, this.#bands];
    // The mean size of a normal step is sqrt(2 / pi) times its deviation.
    this.#chance = firsts.map((band, g) => CARRIED_ON * (2 / Math.PI) * logVariance(independentBins(edges[this.#groups[g + 1]!]! - edges[band]!)));
  }

  /**
   * Mean distance of the groups, each weighted by the share of tones in it; adds `scale` times its derivatives by the powers
   * played to `slopes`. The noise is taken as it is: it has to be as loud as recorded, and not louder so that more moves.
   */
  loss(sound: Restless, scale: number, slopes: Float32Array): number {
    if (sound.frames - 1 <= FIRST) return 0;
    const bands = this.#bands;
    const groups = this.#gather(sound);
    if (groups.length === 0) return 0;
    let loss = 0;
    for (const { from, to, powers, tonal, steps, recorded } of groups) {
      const off = softened(meanOf(steps.map(({ size }) => size)) - meanStep(recorded), SOFTENED);
      loss += tonal * off.size;
      const slope = (scale * tonal * off.slope) / (groups.length * steps.length);
      for (const [f, { move, size }] of steps.entries()) {
        for (const [at, sign] of [[f, -1], [f + 1, 1]] as const) {
          const byPower = (slope * sign * move) / (size * powers[at]!);
          const row = (FIRST + at) * bands;
          for (let band = from; band < to; band++) slopes[row + band]! += byPower;
        }
      }
    }
    return loss / groups.length;
  }

  /** Powers of the groups that count, from the first frame after the blow on, and their expected steps. */
  #gather({ played, noise, recorded, frames, heard, floor }: Restless): Group[] {
    const bands = this.#bands;
    return this.#chance.flatMap((chance, g) => {
      const [from, to] = [this.#groups[g]!, this.#groups[g + 1]!];
      if (to > heard) return [];
      const sums = (power: Float32Array): number[] =>
        Array.from({ length: Math.max(0, frames - FIRST) }, (_, f) => {
          let sum = 0;
          for (let i = (FIRST + f) * bands + from; i < (FIRST + f) * bands + to; i++) sum += power[i]!;
          return sum;
        });
      const least = (to - from) * floor;
      const powers = sums(played).map((power) => power + least);
      const shares = sums(noise).map((power, f) => power / powers[f]!);
      // A tone in noise is moved by the noise that beats with it: of the share r of noise in the power comes the variance r (2 - r).
      const steps = powers.slice(1).map((power, f) => {
        const move = Math.log(power / powers[f]!);
        const [r, s] = [shares[f]!, shares[f + 1]!];
        return { move, size: Math.sqrt(move * move + chance * (r * (2 - r) + s * (2 - s)) + 1e-9) };
      });
      const tonal = (1 - meanOf(shares)) ** 2;
      return [{ from, to, powers, tonal, steps, recorded: sums(recorded).map((power) => power + least) }];
    });
  }
}

/** Some neighbouring bands: their powers frame by frame, and the steps between frames. */
interface Group {
  readonly from: number;
  readonly to: number;
  readonly powers: readonly number[];
  /** 1 where there are tones alone, 0 in noise, where the powers between partials are not known well enough. */
  readonly tonal: number;
  readonly steps: readonly { readonly move: number; readonly size: number }[];
  readonly recorded: readonly number[];
}

const meanStep = (powers: readonly number[]): number => meanOf(powers.slice(1).map((power, f) => Math.abs(Math.log(power / powers[f]!))));
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
