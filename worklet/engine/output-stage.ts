/** Between the engine and the loudspeaker: a DC blocker and a limiter, without delay. */

/** Corner of the high-pass in Hz: below what a piano sounds, above what only moves the cone. */
const DC_BLOCKER_HERTZ = 3;
/** Largest magnitude that leaves the limiter: -0.1 dB of full scale. */
export const CEILING = Math.fround(10 ** (-0.1 / 20));
/** Seconds in which the limiter lets go by a factor of e. */
const RELEASE_SECONDS = 0.08;
/** Below this the blocker's memory is silence, long before it is a denormal number. */
const SILENCE = 1e-12;

class DcBlocker {
  readonly #pole: number;
  // Fields that start as doubles hold doubles in place: no box for every store.
  #input = NaN;
  #blocked = NaN;

  constructor(pole: number) {
    this.#pole = pole;
    this.reset();
  }

  next(sample: number): number {
    let y = sample - this.#input + this.#pole * this.#blocked;
    if (Math.abs(y) < SILENCE) y = 0;
    this.#input = sample;
    this.#blocked = y;
    return y;
  }

  reset(): void {
    this.#input = 0;
    this.#blocked = 0;
  }
}

/**
 * Gain falls at once where a sample would exceed the ceiling, on both sides together, and rises slowly
 * after it. What stays below the ceiling passes unchanged. Allocates only in the constructor.
 */
export class OutputStage {
  readonly #left: DcBlocker;
  readonly #right: DcBlocker;
  readonly #release: number;
  #gain = NaN;

  /** @param sampleRate of the output in Hz */
  constructor(sampleRate: number) {
    const pole = Math.exp((-2 * Math.PI * DC_BLOCKER_HERTZ) / sampleRate);
    this.#left = new DcBlocker(pole);
    this.#right = new DcBlocker(pole);
    this.#release = Math.exp(1 / (RELEASE_SECONDS * sampleRate));
    this.reset();
  }

  /** Runs one channel, or two of the same length, through the stage, in place. */
  process(left: Float32Array, right?: Float32Array): void {
    if (right === undefined) {
      for (let i = 0; i < left.length; i++) {
        const y = this.#left.next(left[i]!);
        left[i] = this.#limit(Math.abs(y)) * y;
      }
      return;
    }
    for (let i = 0; i < left.length; i++) {
      const l = this.#left.next(left[i]!);
      const r = this.#right.next(right[i]!);
      const gain = this.#limit(Math.max(Math.abs(l), Math.abs(r)));
      left[i] = gain * l;
      right[i] = gain * r;
    }
  }

  #limit(magnitude: number): number {
    if (this.#gain === 1 && magnitude <= CEILING) return 1;
    this.#gain = Math.min(1, this.#gain * this.#release);
    if (magnitude * this.#gain > CEILING) this.#gain = CEILING / magnitude;
    return this.#gain;
  }

  /** As new. */
  reset(): void {
    this.#left.reset();
    this.#right.reset();
    this.#gain = 1;
  }
}
