/**
 * What a left-out strike is without a model: the nearest recording that training saw, moved to the
 * key's pitch, as samplers do; and the spectra of the two neighbouring keys, averaged.
 */
import { resample } from '../../model/audio/resample.ts';
import type { Bank, Sample } from '../../model/corpus/corpus.ts';
import { readMono } from '../../model/corpus/source-audio.ts';
import { leftOut } from '../../model/corpus/split.ts';
import { fundamental, type Tuning } from '../../model/tuning.ts';
import { cutClip } from './clip.ts';
import { levelMatched, melDistance, melPowers } from './distances.ts';

const RATE = 48000;
/** A second remains of this after what comes before the strike and a shift of seven keys up. */
const RECORDING_SECONDS = 2.2;

type Strike = Pick<Sample, 'note' | 'velocity'>;

/** The recording whose key lies nearest, of these the one at the nearest velocity; the lower one of two. @throws RangeError where there are none */
export function nearestRecording<T extends Strike>(trained: readonly T[], { note, velocity }: Strike): T {
  if (trained.length === 0) throw new RangeError('no trained recordings');
  const away = (sample: T): readonly number[] => [Math.abs(sample.note - note), Math.abs(sample.velocity - velocity), sample.note, sample.velocity];
  const before = (a: readonly number[], b: readonly number[]): boolean => {
    const at = a.findIndex((value, i) => value !== b[i]);
    return at >= 0 && a[at]! < b[at]!;
  };
  return trained.reduce((best, sample) => (before(away(sample), away(best)) ? sample : best));
}

/** Mean in dB of the bands of two clips, at the whole power that `target` has. All three from `melPowers`. */
export function meanOfBands(target: Float64Array, a: Float64Array, b: Float64Array): Float64Array {
  const sum = (bands: Float64Array): number => bands.reduce((total, power) => total + power, 0);
  const mean = a.map((power, i) => Math.sqrt(power * b[i]!));
  const gain = sum(target) / sum(mean);
  return mean.map((power) => power * gain);
}

/** Plays left-out strikes of one bank from exactly those recordings that training saw. */
export class Rivals {
  readonly #tuning: Tuning;
  readonly #trained: readonly Sample[];

  /** @param tuning of the bank's piano: what is moved to another key sounds in tune there */
  constructor(bank: Bank, tuning: Tuning) {
    const isLeftOut = leftOut(bank);
    this.#trained = bank.samples.filter((sample) => !isLeftOut(sample));
    this.#tuning = tuning;
  }

  /** The clip of a sampler: nearest key, nearest velocity. */
  sampler(strike: Strike): Promise<Float64Array> {
    return this.#play(nearestRecording(this.#trained, strike), strike.note);
  }

  /**
   * Mel distance in dB from `target` to the mean of the keys below and above: what interpolation over keys can reach.
   * Undefined where the key itself was trained, or lies at an end of the keyboard.
   */
  async neighbours(strike: Strike, target: Float64Array): Promise<number | undefined> {
    const below = this.#trained.filter(({ note }) => note < strike.note);
    const above = this.#trained.filter(({ note }) => note > strike.note);
    if (below.length === 0 || above.length === 0 || this.#trained.some(({ note }) => note === strike.note)) return undefined;
    const bands = async (side: readonly Sample[]): Promise<Float64Array> =>
      melPowers(levelMatched(await this.#play(nearestRecording(side, strike), strike.note), target));
    const goal = melPowers(target);
    return melDistance(goal, meanOfBands(goal, await bands(below), await bands(above)));
  }

  async #play(sample: Sample, note: number): Promise<Float64Array> {
    const recording = await readMono(sample.path, RATE, RECORDING_SECONDS);
    const faster = fundamental(this.#tuning, note) / fundamental(this.#tuning, sample.note);
    return cutClip(resample(recording, RATE * faster, RATE), RATE);
  }
}
