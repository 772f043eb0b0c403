/** The knock of a recorded strike: what it has between its partials. */
import { STRIKE_LEAD } from '../../corpus/strike-lead.ts';
import { HIGHEST_KNOCK, knockFade } from '../../knock.ts';
import type { Spec } from '../../spec.ts';
import { transformOf } from '../../transform.ts';
import type { TrainingNote } from '../data/corpus-view.ts';

/** Samples of a recording that are transformed: its first 0.7 s. */
export const SIZE = 32768;
/** Its last samples, over which it fades. */
const LAST = 8192;
/** What is lower than this, in Hz, is the room's rumble; half of the width of the filter's edges. */
const LOWEST = 35;
const EDGE = 15;
/** Hz from a partial up to which nothing counts, and from which on all does. */
const PARTIAL_EDGES = [15, 35] as const;
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

/** A recorded knock that can be moved. */
export interface KnockTarget {
  /** What was recorded between the partials, at the model's rate, from `MOST_LAG` samples before the strike on. */
  readonly sound: Float32Array;
  /** What strings play there, low-rate samples from the strike on: they start at once, too, and are not a part of it. */
  readonly strings: Float32Array;
}

/** Weight of each low-rate sample, of amplitudes. */
export function knockWeights({ knock, sampleRate }: Spec): Float32Array {
  return Float32Array.from({ length: knock.samples }, (_, n) => Math.exp((n * knock.divisor) / sampleRate / FALL_SECONDS));
}

/** A key's partials in Hz, and what its strings play, at the model's rate from the strike on. */
export interface PlayedStrings {
  readonly partials: readonly number[];
  readonly sound: Float64Array;
}

/** The knock of a recorded strike: what lies between its partials, and the strings do not play there. */
export function knockTarget(spec: Spec, note: TrainingNote, strings: PlayedStrings): KnockTarget {
  const { samples, divisor } = spec.knock;
  const strike = note.onset - STRIKE_LEAD;
  const gains = gapGains(spec.sampleRate, strings.partials);
  const recorded = filtered(note.audio(), gains);
  const played = filtered(delayed(strings.sound, strike), gains);
  const length = samples * divisor;
  const part = (x: readonly number[], n: number): number => knockFade(n / length) * (x[2 * (strike + n)] ?? 0);
  return {
    sound: Float32Array.from({ length: length + 2 * MOST_LAG }, (_, n) => part(recorded, n - MOST_LAG)),
    strings: Float32Array.from({ length: samples }, (_, n) => part(played, n * divisor)),
  };
}

/** What each bin of the transform is multiplied by: 0 around partials, below and above the knock. */
function gapGains(sampleRate: number, partials: readonly number[]): Float64Array {
  const within = (away: number, from: number, to: number): number => Math.max(0, Math.min(1, (away - from) / (to - from)));
  return Float64Array.from({ length: SIZE }, (_, k) => {
    const hertz = (Math.min(k, SIZE - k) * sampleRate) / SIZE;
    const band = within(hertz, LOWEST - EDGE, LOWEST + EDGE) * within(HIGHEST_KNOCK - hertz, -EDGE, EDGE);
    return band === 0 ? 0 : partials.reduce((gain, partial) => Math.min(gain, within(Math.abs(hertz - partial), ...PARTIAL_EDGES)), band);
  });
}

/** The first `SIZE` samples, faded out, as complex numbers whose spectrum was multiplied by `gains`. */
function filtered(x: ArrayLike<number>, gains: Float64Array): number[] {
  const fft = transformOf(SIZE);
  const spectrum = fft.createComplexArray() as number[];
  const fade = (n: number): number => Math.cos((Math.PI / 2) * Math.max(0, 1 - (SIZE - n) / LAST)) ** 2;
  fft.realTransform(spectrum, Array.from({ length: SIZE }, (_, n) => (x[n] ?? 0) * fade(n)));
  fft.completeSpectrum(spectrum);
  gains.forEach((gain, k) => {
    spectrum[2 * k]! *= gain;
    spectrum[2 * k + 1]! *= gain;
  });
  const out = fft.createComplexArray() as number[];
  fft.inverseTransform(out, spectrum);
  return out;
}

function delayed(x: Float64Array, samples: number): Float64Array {
  const out = new Float64Array(samples + x.length);
  out.set(x, samples);
  return out;
}

/** The low-rate samples of a target whose recording is moved by `lag` samples of the model's rate. */
export function moved({ sound, strings }: KnockTarget, { samples, divisor }: Spec['knock'], lag: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => sound[MOST_LAG + lag + n * divisor]! - strings[n]!);
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
    const { sound, strings } = target;
    let product = 0;
    let energy = 0;
    let before = 0;
    // As `emphasised(moved(target, knock, lag), weights)`, without an array for each lag.
    for (let n = 0, at = MOST_LAG + lag; n < own.length; n++, at += knock.divisor) {
      const here = sound[at]! - strings[n]!;
      const other = weights[n]! * (here - EMPHASIS * before);
      before = here;
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
