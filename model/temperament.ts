/** A piano put in tune: equal temperament, with the stretch that the piano itself has. */
import { FIRST_NOTE, NOTE_COUNT } from './spec.ts';
import type { Tuned } from './tuning.ts';

/** Range of concert pitch in Hz: from old French to high Berlin. */
export const LOWEST_CONCERT_PITCH = 415;
export const HIGHEST_CONCERT_PITCH = 466;
export const CONCERT_PITCH = 440;

const A4 = 69 - FIRST_NOTE;
/** The stretch is a cubic, as Railsback's curve nearly is. */
const TERMS = 4;
/** Cents by which a key may lie beside the curve until it counts only half. */
const OUT_OF_TUNE = 4;
const ROUNDS = 20;

/** Cents by which A4 = `hertz` lies above A4 = 440 Hz. */
export function concertCents(hertz: number): number {
  return 1200 * Math.log2(hertz / CONCERT_PITCH);
}

/**
 * A tuning between the piano's own and one in tune. In tune, the first partials lie on a smooth curve through those
 * of the piano, a cubic over the keys that single keys out of tune do not draw to themselves, and A4 at 440 Hz.
 *
 * @param inTune 0 as the piano is tuned .. 1 in tune
 */
export function evenTuning(tuning: Tuned, inTune: number): Tuned {
  if (inTune === 0) return tuning;
  const cents = Array.from(tuning.cents);
  const stiffness = Array.from(tuning.inharmonicity, (b) => 600 * Math.log2(1 + b));
  const curve = stretch(cents.map((value, key) => value + stiffness[key]!));
  return { ...tuning, cents: cents.map((value, key) => value + inTune * (curve[key]! - curve[A4]! - stiffness[key]! - value)) };
}

/** The cubic through values for all keys, by least squares with Cauchy's weights, from the median line on. */
function stretch(values: readonly number[]): number[] {
  const place = (key: number): number => (2 * key) / (NOTE_COUNT - 1) - 1;
  const median = values.toSorted((a, b) => a - b)[NOTE_COUNT >> 1]!;
  let curve = values.map(() => median);
  for (let round = 0; round < ROUNDS; round++) {
    // Wide at first, so that a piano with much stretch is seen as a whole.
    const width = OUT_OF_TUNE * Math.max(1, 2 ** (4 - round));
    const weights = values.map((value, key) => 1 / (1 + ((value - curve[key]!) / width) ** 2));
    const terms = solve(weights, values, place);
    curve = values.map((_, key) => terms.reduceRight((sum, term) => sum * place(key) + term, 0));
  }
  return curve;
}

/** Coefficients of the polynomial through weighted values, from the normal equations by elimination. */
function solve(weights: readonly number[], values: readonly number[], place: (key: number) => number): number[] {
  const rows = Array.from({ length: TERMS }, (_, i) =>
    Array.from({ length: TERMS + 1 }, (_, j) =>
      weights.reduce((sum, weight, key) => sum + weight * place(key) ** i * (j === TERMS ? values[key]! : place(key) ** j), 0),
    ),
  );
  for (let i = 0; i < TERMS; i++) {
    for (let below = 0; below < TERMS; below++) {
      if (below === i) continue;
      const factor = rows[below]![i]! / rows[i]![i]!;
      for (let j = i; j <= TERMS; j++) rows[below]![j]! -= factor * rows[i]![j]!;
    }
  }
  return rows.map((row, i) => row[TERMS]! / row[i]!);
}
