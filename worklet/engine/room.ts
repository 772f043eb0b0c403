/**
 * A small room: a feedback delay network (Jot and Chaigne, 1991, "Digital delay networks for designing artificial
 * reverberators") of eight lines with a Householder matrix, which loses nothing, and a low-pass in each line, which
 * makes high sound decay faster.
 */

const LINES = 8;
/** Delays in seconds; in samples they are made prime, so that echoes do not fall together. */
const DELAYS = [0.0113, 0.0137, 0.0163, 0.0191, 0.0223, 0.0257, 0.0293, 0.0331];
/** Sign of each line on the left and on the right: every pair of lines differs, so that the sides do too. */
const LEFT = [1, -1, 1, 1, -1, 1, -1, -1];
const RIGHT = [1, 1, -1, 1, -1, -1, 1, -1];
/** Seconds in which sound falls by 60 dB, in the bass and at the highest frequencies. */
const LOW_SECONDS = 0.7;
const HIGH_SECONDS = 0.08;
/** Level of all lines together, so that the room is as loud as what goes in where its level is 1. */
const OUTPUT = 0.4;
/** Below this a sample is silence, long before it is a denormal number. */
const SILENCE = 1e-12;

class Line {
  readonly #memory: Float64Array;
  readonly #gain: number;
  readonly #pole: number;
  #at = 0;
  #low = NaN;

  constructor(length: number, sampleRate: number) {
    this.#memory = new Float64Array(length);
    const low = 10 ** ((-3 * length) / (LOW_SECONDS * sampleRate));
    const high = 10 ** ((-3 * length) / (HIGH_SECONDS * sampleRate));
    // y = (1 - p) g x + p y has the gain g at 0 Hz and g (1 - p) / (1 + p) at the highest frequency.
    this.#pole = (low - high) / (low + high);
    this.#gain = low * (1 - this.#pole);
    this.clear();
  }

  /** What comes out now, filtered; to be called once a sample, before `write`. */
  read(): number {
    this.#low = this.#gain * this.#memory[this.#at]! + this.#pole * this.#low;
    return this.#low;
  }

  write(sample: number): void {
    this.#memory[this.#at] = sample;
    if (++this.#at === this.#memory.length) this.#at = 0;
  }

  clear(): void {
    this.#memory.fill(0);
    this.#low = 0;
  }
}

/** Allocates only in the constructor. */
export class Room {
  readonly #lines: readonly Line[];
  readonly #out = new Float64Array(LINES);
  /** Samples of silence after which nothing is left in the lines, and samples since the last sound. */
  readonly #memory: number;
  #silent = Infinity;
  /** What the last sample of `next` is answered with. */
  left = NaN;
  right = NaN;

  /** @param sampleRate in Hz */
  constructor(sampleRate: number) {
    this.#lines = DELAYS.map((seconds) => new Line(primeAbove(seconds * sampleRate), sampleRate));
    this.#memory = Math.ceil(4 * LOW_SECONDS * sampleRate);
    this.clear();
  }

  /** Whether nothing sounds in it, and nothing in `input` will; to be asked once for each block. */
  isSilent(input: Float32Array): boolean {
    for (let n = 0; n < input.length; n++) {
      if (Math.abs(input[n]!) > SILENCE) {
        this.#silent = 0;
        return false;
      }
    }
    this.#silent += input.length;
    if (this.#silent > this.#memory && this.#silent < Infinity) this.clear();
    return this.#silent === Infinity;
  }

  /** Moves on by a sample; the answer is in `left` and `right`. */
  next(input: number): void {
    const out = this.#out;
    const lines = this.#lines;
    let sum = 0;
    let left = 0;
    let right = 0;
    for (let i = 0; i < LINES; i++) {
      const value = lines[i]!.read();
      out[i] = value;
      sum += value;
      left += LEFT[i]! * value;
      right += RIGHT[i]! * value;
    }
    const back = input - (2 / LINES) * sum;
    for (let i = 0; i < LINES; i++) lines[i]!.write(out[i]! + back);
    this.left = OUTPUT * left;
    this.right = OUTPUT * right;
  }

  /** Nothing sounds in it any more. */
  clear(): void {
    for (let i = 0; i < LINES; i++) this.#lines[i]!.clear();
    this.#silent = Infinity;
    this.left = 0;
    this.right = 0;
  }
}

function primeAbove(value: number): number {
  const isPrime = (n: number): boolean => {
    for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
    return true;
  };
  let n = Math.ceil(value);
  while (!isPrime(n)) n++;
  return n;
}
