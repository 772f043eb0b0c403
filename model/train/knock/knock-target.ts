/** The knock of a recorded strike: what it has below the fundamental. */
import { STRIKE_LEAD } from '../../corpus/strike-lead.ts';
import { highestKnock } from '../../knock.ts';
import type { Spec } from '../../spec.ts';
import { transformOf } from '../../transform.ts';
import type { TrainingNote } from '../data/corpus-view.ts';

/** Transform of the recording; its first 0.7 s. */
const SIZE = 32768;
/** What is lower than this, in Hz, is the room's rumble, and the filter's edges are as wide. */
const LOWEST = 30;
const EDGE = 25;
/** Samples at the model's rate by which a recording may be moved to be like what is played: its onset is not known better. */
export const MOST_LAG = 96;
/** Samples between the lags that are tried first, a quarter of the shortest period. */
const COARSE = 8;
/** Correlation that the farthest move has to win: where nothing is won, nothing moves. */
const LAG_COST = 0.1;
/** Share of each sample's predecessor that is taken off, so that low frequencies do not outweigh all others. */
export const EMPHASIS = 0.9;
/** Seconds in which what is late grows as important as what is early. */
const FALL_SECONDS = 0.25;
/** The last part of a knock, over which it fades. */
const FADE_SHARE = 0.2;

/** A recorded knock that can be moved. */
export interface KnockTarget {
  /** At the model's rate, from `MOST_LAG` samples before the strike on. */
  readonly sound: Float32Array;
}

/** Weight of each low-rate sample, of amplitudes. */
export function knockWeights({ knock, sampleRate }: Spec): Float32Array {
  return Float32Array.from({ length: knock.samples }, (_, n) => Math.exp((n * knock.divisor) / sampleRate / FALL_SECONDS));
}

/** The knock of a recorded strike, undefined where its key has none. @param f0 fundamental in Hz */
export function knockTarget(spec: Spec, note: TrainingNote, f0: number): KnockTarget | undefined {
  const top = highestKnock(f0);
  if (top === 0) return undefined;
  const audio = note.audio();
  const fft = transformOf(SIZE);
  const spectrum = fft.createComplexArray() as number[];
  fft.realTransform(spectrum, Array.from({ length: SIZE }, (_, n) => audio[n] ?? 0));
  fft.completeSpectrum(spectrum);
  const within = (hertz: number, edge: number): number => Math.max(0, Math.min(1, 0.5 + (hertz - edge) / (2 * EDGE)));
  for (let k = 0; k < SIZE; k++) {
    const hertz = (Math.min(k, SIZE - k) * spec.sampleRate) / SIZE;
    const gain = within(hertz, LOWEST) * (1 - within(hertz, top));
    spectrum[2 * k]! *= gain;
    spectrum[2 * k + 1]! *= gain;
  }
  const filtered = fft.createComplexArray() as number[];
  fft.inverseTransform(filtered, spectrum);
  const { samples, divisor } = spec.knock;
  const start = note.onset - STRIKE_LEAD - MOST_LAG;
  const length = samples * divisor;
  const faded = (n: number): number => Math.min(1, (1 - n / length) / FADE_SHARE);
  const fade = (n: number): number => Math.sin((Math.PI / 2) * Math.max(0, faded(n))) ** 2;
  return { sound: Float32Array.from({ length: length + 2 * MOST_LAG }, (_, n) => (filtered[2 * (start + n)] ?? 0) * fade(n - MOST_LAG)) };
}

/** The low-rate samples of a target that is moved by `lag` samples of the model's rate. */
export function moved({ sound }: KnockTarget, { samples, divisor }: Spec['knock'], lag: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => sound[MOST_LAG + lag + n * divisor]!);
}

/** Takes `EMPHASIS` of its predecessor off each sample and weights it. */
export function emphasised(x: ArrayLike<number>, weights: Float32Array): Float32Array {
  return weights.map((weight, n) => weight * (x[n]! - EMPHASIS * (x[n - 1] ?? 0)));
}

/** By how many samples to move a target so that it is most like what is played, `[samples]`. */
export function bestLag(target: KnockTarget, knock: Spec['knock'], played: Float32Array, weights: Float32Array): number {
  const own = emphasised(played, weights);
  const size = norm(own);
  if (size === 0) return 0;
  const likeness = (lag: number): number => {
    const { sound } = target;
    let product = 0;
    let energy = 0;
    // As `emphasised(moved(target, knock, lag), weights)`, without an array for each lag.
    for (let n = 0, at = MOST_LAG + lag; n < own.length; n++, at += knock.divisor) {
      const other = weights[n]! * (sound[at]! - (n === 0 ? 0 : EMPHASIS * sound[at - knock.divisor]!));
      product += own[n]! * other;
      energy += other * other;
    }
    return product / (size * Math.sqrt(energy) + 1e-12) - LAG_COST * (lag / MOST_LAG) ** 2;
  };
  const near = bestOf(-MOST_LAG, MOST_LAG, COARSE, likeness);
  return bestOf(Math.max(-MOST_LAG, near - COARSE), Math.min(MOST_LAG, near + COARSE), 1, likeness);
}

function bestOf(from: number, to: number, step: number, value: (lag: number) => number): number {
  let best = { lag: 0, value: -Infinity };
  for (let lag = from; lag <= to; lag += step) {
    const here = value(lag);
    if (here > best.value) best = { lag, value: here };
  }
  return best.lag;
}

/** Root of the sum of squares. */
export function norm(x: Float32Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return Math.sqrt(sum);
}
