/** Between the engine and the loudspeaker: a DC blocker and a limiter, without delay. */

/** Corner of the high-pass in Hz: below what a piano sounds, above what only moves the cone. */
const DC_BLOCKER_HERTZ = 3;
/** Largest magnitude that leaves the limiter: -0.1 dB of full scale. */
export const CEILING = Math.fround(10 ** (-0.1 / 20));
/** Seconds in which the limiter lets go by a factor of e. */
const RELEASE_SECONDS = 0.08;
/** Below this the blocker's memory is silence, long before it is a denormal number. */
const SILENCE = 1e-12;

/**
 * Gain falls at once where a sample would exceed the ceiling, and rises slowly after it.
 * What stays below the ceiling passes unchanged. Allocates only in the constructor.
 */
export class OutputStage {
  readonly #pole: number;
  readonly #release: number;
  // Fields that start as doubles hold doubles in place: no box for every store.
  #input = NaN;
  #blocked = NaN;
  #gain = NaN;

  /** @param sampleRate of the output in Hz */
  constructor(sampleRate: number) {
    this.#pole = Math.exp((-2 * Math.PI * DC_BLOCKER_HERTZ) / sampleRate);
    this.#release = Math.exp(1 / (RELEASE_SECONDS * sampleRate));
    this.reset();
  }

  /** Runs the first `frames` samples of `block` through the stage, in place. */
  process(block: Float32Array, frames: number = block.length): void {
    for (let i = 0; i < frames; i++) block[i] = this.#next(block[i]!);
  }

  #next(sample: number): number {
    let y = sample - this.#input + this.#pole * this.#blocked;
    if (Math.abs(y) < SILENCE) y = 0;
    this.#input = sample;
    this.#blocked = y;
    const magnitude = Math.abs(y);
    if (this.#gain === 1 && magnitude <= CEILING) return y;
    this.#gain = Math.min(1, this.#gain * this.#release);
    if (magnitude * this.#gain > CEILING) this.#gain = CEILING / magnitude;
    return y * this.#gain;
  }

  /** As new. */
  reset(): void {
    this.#input = 0;
    this.#blocked = 0;
    this.#gain = 1;
  }
}
