/**
 * Watches over a generator, whose samples have unit power as it was trained. One that went silent, ran
 * away or lost its numbers is started anew: its last sample dies away, and the new sound fades in.
 */

/** Time constant of the measured power, in seconds. */
const MEASURED_SECONDS = 0.03;
/** The power may be this factor off, either way ... */
const TOLERANCE = 30;
/** ... for this long. */
const PATIENCE_SECONDS = 0.1;
/** Time constant with which the last sample dies away, and length of the fade in. */
const TAIL_SECONDS = 0.002;
const FADE_SECONDS = 0.01;

/** A tail ends here. */
const SMALLEST = 1e-9;

/** Only the constructor allocates. */
export class GeneratorGuard {
  /** How often the generator was started anew. */
  restarts = 0;
  readonly #smoothing: number;
  readonly #patience: number;
  readonly #tailStep: number;
  readonly #fadeStep: number;
  #power = NaN;
  #odd = 0;
  #last = NaN;
  #tail = NaN;
  #fade = NaN;

  /** @param rate of the generator in Hz */
  constructor(rate: number) {
    this.#smoothing = 1 - Math.exp(-1 / (MEASURED_SECONDS * rate));
    this.#patience = Math.round(PATIENCE_SECONDS * rate);
    this.#tailStep = Math.exp(-1 / (TAIL_SECONDS * rate));
    this.#fadeStep = 1 / (FADE_SECONDS * rate);
    this.reset();
  }

  /** As before the first sample. */
  reset(): void {
    this.#power = 1;
    this.#odd = 0;
    this.#last = 0;
    this.#tail = 0;
    this.#fade = 1;
  }

  /**
   * Looks at `count` samples of which the first `drawn` are numbers, and makes them smooth where a restart wants it.
   *
   * @param judged whether the generator is expected to sound
   * @returns whether the generator has to be reset before it goes on
   */
  watch(samples: Float32Array, drawn: number, count: number, judged: boolean): boolean {
    let failed = false;
    for (let n = 0; n < count; n++) {
      if (n === drawn) failed = this.#start();
      const sample = n < drawn ? samples[n]! : 0;
      this.#last = this.#fade * sample + this.#tail;
      samples[n] = this.#last;
      this.#tail = Math.abs(this.#tail) < SMALLEST ? 0 : this.#tail * this.#tailStep;
      this.#fade = Math.min(1, this.#fade + (n < drawn ? this.#fadeStep : 0));
      this.#power += this.#smoothing * (sample * sample - this.#power);
    }
    const isOdd = judged && !(this.#power < TOLERANCE && this.#power > 1 / TOLERANCE);
    this.#odd = isOdd ? this.#odd + count : 0;
    if (this.#odd > this.#patience) failed = this.#start();
    return failed;
  }

  /** The last sample becomes the tail of what was. */
  #start(): true {
    this.restarts++;
    this.#tail = this.#last * this.#tailStep;
    this.#fade = 0;
    this.#power = 1;
    this.#odd = 0;
    return true;
  }
}
