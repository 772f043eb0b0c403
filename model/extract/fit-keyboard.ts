/**
 * The tuning of a piano from a recording of music: reference pitch, stretch, inharmonicity, and what single keys
 * are off, where they are heard often enough.
 *
 * One robust fit for the whole keyboard. A partial of key m lies, in cents above k times equal temperament,
 * at c(m) + d(m) + 600 log2(1 + B(m) k^2): c is a cubic of the key, d what the key is off, and B a typical piano's
 * times exp of a straight line. All have priors, so that what is not heard stays typical.
 */
import { medianOf } from '../corpus/median.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../spec.ts';
import { equalTemperament, partialFrequency, typicalInharmonicity, type Tuning } from '../tuning.ts';
import type { ClearPeak, Ring } from './clear-peaks.ts';
import { solvePositive } from './solve-positive.ts';

/** Means and standard deviations of the parameters before anything is heard: cents, and the logarithm of B. */
const STRETCH = [[0, 25], [4, 4], [3, 4], [10, 5]] as const;
const STIFFNESS = [[0, 0.3], [0, 0.2]] as const;
const KEY_SPREAD = 6;
const SHARED = STRETCH.length + STIFFNESS.length;
/** Highest partial that is looked for, and how far from its place in cents, in each round. */
const ROUNDS = [[3, 45], [5, 25], [8, 18], [12, 14], [12, 12]] as const;
/** Accuracy of a peak: as a share of the resolution, and of the stiff-string law in cents. */
const PEAK_SHARE = 0.06;
const LAW_CENTS = 2;
/** Standard deviations from which on a peak is taken for another string's. */
const OUTLIER = 3;
/** Cents within which partials of one key agree. */
const AGREE = 6;
/** Where the reference pitch is looked for, in cents. */
const COARSE = 150;
const COARSE_STEP = 3;

/** Place of a key, about -1..1 over the keyboard. */
const place = (note: number): number => (note - 69) / 40;
const centsBetween = (a: number, b: number): number => 1200 * Math.log2(a / b);

interface Observation {
  readonly note: number;
  readonly k: number;
  /** Cents above k times equal temperament, and their standard deviation. */
  readonly cents: number;
  readonly deviation: number;
}

class Keyboard {
  /** Stretch, stiffness, then every key. */
  readonly x: Float64Array = new Float64Array(SHARED + NOTE_COUNT);

  constructor(reference: number) {
    STRETCH.forEach(([mean], i) => (this.x[i] = mean));
    this.x[0] = reference;
  }

  stiffness(note: number): number {
    return typicalInharmonicity(note) * Math.exp(this.x[4]! + this.x[5]! * place(note));
  }

  cents(note: number): number {
    const u = place(note);
    return this.x[0]! + this.x[1]! * u + this.x[2]! * u ** 2 + this.x[3]! * u ** 3 + this.x[SHARED + note - FIRST_NOTE]!;
  }

  partial(note: number, k: number): number {
    return partialFrequency(equalTemperament(note) * 2 ** (this.cents(note) / 1200), this.stiffness(note), k);
  }
}

/** @returns undefined where too little is heard. @param rings of `findRings` */
export function fitKeyboard(rings: readonly Ring[]): Tuning | undefined {
  const reference = coarseReference(rings);
  const keyboard = new Keyboard(reference);
  for (const [round, [most, reach]] of ROUNDS.entries()) {
    const found = rings.flatMap((ring) => observe(ring, keyboard, most, reach));
    if (found.length < SHARED) return undefined;
    refit(keyboard, found, reference);
    if (round === 0) placeKeys(keyboard, found);
  }
  const notes = Array.from({ length: NOTE_COUNT }, (_, i) => FIRST_NOTE + i);
  return { cents: notes.map((note) => keyboard.cents(note)), inharmonicity: notes.map((note) => keyboard.stiffness(note)) };
}

/** The offset of the whole keyboard at which most low partials are where they should be. */
function coarseReference(rings: readonly Ring[]): number {
  let [best, most] = [0, -Infinity];
  for (let cents = -COARSE; cents <= COARSE; cents += COARSE_STEP) {
    const keyboard = new Keyboard(cents);
    let score = -((cents / COARSE) ** 2);
    for (const ring of rings) {
      for (let k = 1; k <= 4; k++) {
        const expected = keyboard.partial(ring.note, k);
        const peak = nearest(ring.peaks, expected);
        if (peak) score += Math.exp(-0.5 * (centsBetween(peak.frequency, expected) / 8) ** 2);
      }
    }
    if (score > most) [best, most] = [cents, score];
  }
  return best;
}

function nearest(peaks: readonly ClearPeak[], frequency: number): ClearPeak | undefined {
  let best: ClearPeak | undefined;
  for (const peak of peaks) {
    if (best === undefined || Math.abs(peak.frequency - frequency) < Math.abs(best.frequency - frequency)) best = peak;
  }
  return best;
}

/** Partials of the struck key that no other string comes near. */
function observe(ring: Ring, keyboard: Keyboard, most: number, reach: number): Observation[] {
  const { note, resolution } = ring;
  const others = ring.others.filter((other) => other !== note);
  const found: Observation[] = [];
  for (let k = 1; k <= most; k++) {
    const expected = keyboard.partial(note, k);
    const apart = resolution + expected * (2 ** (reach / 1200) - 1);
    if (others.some((other) => comesNear(keyboard, other, expected, apart))) continue;
    const peak = nearest(ring.peaks, expected);
    if (!peak || Math.abs(centsBetween(peak.frequency, expected)) > reach) continue;
    const deviation = Math.hypot(LAW_CENTS, centsBetween(expected + PEAK_SHARE * resolution, expected));
    found.push({ note, k, cents: centsBetween(peak.frequency, k * equalTemperament(note)), deviation });
  }
  return found;
}

function comesNear(keyboard: Keyboard, note: number, frequency: number, apart: number): boolean {
  const f0 = equalTemperament(note) * 2 ** (keyboard.cents(note) / 1200);
  const k = Math.round(frequency / f0);
  // Inharmonicity moves high partials to the next number at most.
  return [k - 1, k, k + 1].some((j) => j >= 1 && Math.abs(keyboard.partial(note, j) - frequency) < apart);
}

/** Keys that are clearly off start where most of their partials agree: the fit would take these for another string's. */
function placeKeys(keyboard: Keyboard, found: readonly Observation[]): void {
  for (let key = 0; key < NOTE_COUNT; key++) {
    const note = key + FIRST_NOTE;
    const own = found.filter((observation) => observation.note === note);
    const errors = own.map(({ k, cents }) => cents - keyboard.cents(note) - 600 * Math.log2(1 + keyboard.stiffness(note) * k * k));
    const off = medianOf(errors);
    const agreeing = errors.filter((error) => Math.abs(error - off) < AGREE).length;
    if (own.length >= 4 && agreeing > 0.6 * own.length) keyboard.x[SHARED + key]! += off;
  }
}

/** Gauss-Newton with Tukey's weights, a few steps. */
function refit(keyboard: Keyboard, found: readonly Observation[], reference: number): void {
  const { x } = keyboard;
  const size = x.length;
  const priors = [...STRETCH, ...STIFFNESS].map(([mean, spread], i) => ({ mean: i === 0 ? reference : mean, spread }));
  for (let step = 0; step < 4; step++) {
    const matrix = Array.from({ length: size }, () => new Float64Array(size));
    const right = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      const { mean, spread } = priors[i] ?? { mean: 0, spread: KEY_SPREAD };
      matrix[i]![i]! += 1 / spread ** 2;
      right[i]! += (mean - x[i]!) / spread ** 2;
    }
    for (const { note, k, cents, deviation } of found) {
      const u = place(note);
      const stiff = keyboard.stiffness(note) * k * k;
      const slope = ((600 / Math.LN2) * stiff) / (1 + stiff);
      const error = cents - keyboard.cents(note) - 600 * Math.log2(1 + stiff);
      const far = error / (OUTLIER * 2 * deviation);
      if (Math.abs(far) >= 1) continue;
      const weight = (1 - far * far) ** 2 / deviation ** 2;
      const row: readonly (readonly [number, number])[] = [[0, 1], [1, u], [2, u ** 2], [3, u ** 3], [4, slope], [5, slope * u], [SHARED + note - FIRST_NOTE, 1]];
      for (const [i, a] of row) {
        right[i]! += weight * a * error;
        for (const [j, b] of row) matrix[i]![j]! += weight * a * b;
      }
    }
    solvePositive(matrix, right).forEach((change, i) => (x[i]! += change));
  }
}
