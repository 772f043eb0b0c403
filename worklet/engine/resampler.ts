/** From the model's rate to the output's: a windowed sinc (Smith, "Digital Audio Resampling"), in phases. */
import { besselI0, sinc } from '../../model/kaiser.ts';

/** Half of the filter's length in samples of the slower rate. */
const HALF_TAPS = 24;
/** Positions between two samples; between two of them the filter is interpolated linearly: -106 dB of error. */
const PHASES = 512;
/** Kaiser window with 80 dB of stop band. */
const BETA = 7.86;
/** Cutoff as a share of the slower rate's Nyquist frequency. */
const CUTOFF = 0.94;

/**
 * Reads ticks of the model's samples and writes frames at the output's rate.
 *
 * The filter is symmetric and delayed by half its length, so nothing sounds early.
 * Allocates only in the constructor.
 */
export class Resampler {
  readonly #ratio: number;
  readonly #half: number;
  readonly #tick: number;
  /** `[PHASES + 1][2 half]` */
  readonly filter: Float32Array;
  /** The latest samples; the last of them is sample `#written` - 1. */
  readonly #history: Float32Array;
  #written = 0;
  #frame = 0;

  /**
   * @param from model's rate in Hz, @param to output's rate in Hz, @param tick samples that come at a time
   * @param filter of a resampler of the same rates; it takes milliseconds to design
   */
  constructor(from: number, to: number, tick: number, filter?: Float32Array) {
    this.#ratio = from / to;
    this.#tick = tick;
    const scale = Math.min(1, to / from);
    this.#half = Math.ceil(HALF_TAPS / scale);
    this.filter = filter ?? designFilter(this.#half, scale * CUTOFF);
    this.#history = new Float32Array(2 * this.#half + 2 * tick);
  }

  /** Delay in samples of the model's rate. */
  get delay(): number {
    return this.#half;
  }

  /** Starts again at frame 0 with silence before it. */
  reset(): void {
    this.#history.fill(0);
    this.#written = 0;
    this.#frame = 0;
  }

  /** Whether the next frame needs another tick. */
  get hungry(): boolean {
    // The filter reaches `half` samples beyond the delayed position: up to the undelayed one.
    return Math.floor(this.#frame * this.#ratio) >= this.#written;
  }

  /** Takes one tick of samples; to be called while `hungry`. */
  push(samples: Float32Array): void {
    this.#history.copyWithin(0, this.#tick);
    this.#history.set(samples, this.#history.length - this.#tick);
    this.#written += this.#tick;
  }

  /** Leaves the next frame out. */
  skip(): void {
    this.#frame++;
  }

  /** The next frame; to be called while not `hungry`. */
  next(): number {
    const taps = 2 * this.#half;
    const position = this.#frame * this.#ratio;
    const whole = Math.floor(position);
    const phase = (position - whole) * PHASES;
    const row = Math.floor(phase);
    const share = phase - row;
    const filter = row * taps;
    const first = whole - taps + 1 - (this.#written - this.#history.length);
    let low = 0;
    let high = 0;
    for (let i = 0; i < taps; i++) {
      const sample = this.#history[first + i]!;
      low += sample * this.filter[filter + i]!;
      high += sample * this.filter[filter + taps + i]!;
    }
    this.#frame++;
    return low + (high - low) * share;
  }
}

/** Rows of taps for delays of 0..1 sample in steps of 1 / PHASES, each with unit gain at 0 Hz. */
function designFilter(half: number, cutoff: number): Float32Array {
  const taps = 2 * half;
  const filter = new Float32Array((PHASES + 1) * taps);
  for (let row = 0; row <= PHASES; row++) {
    const values = Array.from({ length: taps }, (_, i) => {
      const t = i + 1 - half - row / PHASES;
      const inside = Math.max(0, 1 - (t / half) ** 2);
      return sinc(cutoff * t) * besselI0(BETA * Math.sqrt(inside));
    });
    const gain = values.reduce((sum, value) => sum + value, 0);
    values.forEach((value, i) => (filter[row * taps + i] = value / gain));
  }
  return filter;
}
