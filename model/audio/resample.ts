/**
 * Changes the sample rate of a whole recording, off line: band-limited
 * interpolation with a windowed sinc (Smith & Gossett 1984), any ratio.
 *
 * The window is Kaiser's; its figures give 118 dB of stop band from the lower
 * Nyquist frequency on and a flat pass band up to 0.94 of it.
 */
import { kaiser, sinc } from '../kaiser.ts';

/** Zero crossings of the sinc on either side. */
const ZERO_CROSSINGS = 128;
const KAISER_BETA = 12;
/** Where the sinc cuts off, as a share of the lower Nyquist frequency: half the transition below it. */
const CUTOFF = 0.97;
/** Rows of the filter table between two samples at the lower rate; linear interpolation between them errs by -118 dB. */
const ROWS = 1024;

/** Filters that are kept, about 1 MB each. */
const MOST_FILTERS = 4;

interface Filter {
  readonly rows: number;
  readonly taps: number;
  /** Row r holds the taps for an output r / rows of an input sample behind the tap before its middle; `[rows + 1, taps]`. */
  readonly table: Float32Array;
}

/**
 * Resamples one channel without delay; what lies outside the recording counts as silence.
 *
 * @param from rate of `samples` in Hz, @param to wanted rate in Hz
 * @returns `round(samples.length * to / from)` samples; `samples` itself where the rates are equal
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const resampler = new Resampler(from, to);
  const [most, rest] = [resampler.push(samples), resampler.end()];
  const out = new Float32Array(most.length + rest.length);
  out.set(most);
  out.set(rest, most.length);
  return out;
}

/** Resamples one channel that comes piece by piece: all that it gives, joined, is what `resample` makes of all it was given. */
export class Resampler {
  readonly #from: number;
  readonly #to: number;
  readonly #filter: Filter | undefined;
  /** Samples that are still needed, from sample `#first` on; silence lies before the recording. */
  #held: Float32Array;
  #first: number;
  #received = 0;
  #made = 0;

  /** @param from rate of what comes in Hz, @param to wanted rate in Hz */
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
    this.#filter = from === to ? undefined : filterFor(Math.max(1, from / to));
    const taps = this.#filter?.taps ?? 0;
    this.#held = new Float32Array(taps);
    this.#first = -taps;
  }

  /** What can be made so far. */
  push(samples: Float32Array): Float32Array {
    this.#received += samples.length;
    if (this.#filter === undefined) return samples;
    this.#hold(samples);
    // The last output whose taps are all there.
    const last = this.#first + this.#held.length - this.#filter.taps / 2;
    return this.#make(this.#filter, Math.max(this.#made, Math.ceil((last * this.#to) / this.#from) - 1));
  }

  /** The rest; nothing may be pushed after it. */
  end(): Float32Array {
    if (this.#filter === undefined) return new Float32Array(0);
    this.#hold(new Float32Array(this.#filter.taps));
    return this.#make(this.#filter, Math.round((this.#received * this.#to) / this.#from));
  }

  #hold(samples: Float32Array): void {
    const held = new Float32Array(this.#held.length + samples.length);
    held.set(this.#held);
    held.set(samples, this.#held.length);
    this.#held = held;
  }

  /** Outputs up to number `end`. */
  #make({ rows, taps, table }: Filter, end: number): Float32Array {
    const before = taps / 2 - 1;
    const held = this.#held;
    const out = new Float32Array(end - this.#made);
    for (let n = 0; n < out.length; n++) {
      const position = ((this.#made + n) * this.#from) / this.#to;
      const base = Math.floor(position);
      const row = (position - base) * rows;
      const lower = Math.floor(row);
      const start = base - before - this.#first;
      const at = lower * taps;
      let below = 0;
      let above = 0;
      for (let i = 0; i < taps; i++) {
        const sample = held[start + i]!;
        below += sample * table[at + i]!;
        above += sample * table[at + taps + i]!;
      }
      out[n] = below + (above - below) * (row - lower);
    }
    this.#made = end;
    const needed = Math.floor((end * this.#from) / this.#to) - before;
    this.#held = held.slice(Math.max(0, needed - this.#first));
    this.#first = Math.max(this.#first, needed);
    return out;
  }
}

const filters = new Map<number, Filter>();

/** Filters are slow to make, and most programs need two or three. */
function filterFor(stretch: number): Filter {
  const known = filters.get(stretch) ?? createFilter(stretch);
  // The oldest goes; one that is used again counts as new.
  filters.delete(stretch);
  filters.set(stretch, known);
  if (filters.size > MOST_FILTERS) filters.delete(filters.keys().next().value!);
  return known;
}

/** @param stretch input samples in one sample of the lower rate, at least 1 */
function createFilter(stretch: number): Filter {
  const halfWidth = ZERO_CROSSINGS * stretch;
  const taps = 2 * Math.ceil(halfWidth);
  const rows = Math.ceil(ROWS / stretch);
  const table = new Float32Array((rows + 1) * taps);
  const scale = CUTOFF / stretch;
  for (let row = 0; row <= rows; row++) {
    for (let i = 0; i < taps; i++) {
      const distance = i - (taps / 2 - 1) - row / rows;
      table[row * taps + i] = scale * sinc(scale * distance) * kaiser(distance / halfWidth, KAISER_BETA);
    }
  }
  return { rows, taps, table };
}
