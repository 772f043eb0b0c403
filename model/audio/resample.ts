/**
 * Changes the sample rate of a whole recording, off line: band-limited
 * interpolation with a windowed sinc (Smith & Gossett 1984), any ratio.
 *
 * The window is Kaiser's; its figures give 118 dB of stop band from the lower
 * Nyquist frequency on and a flat pass band up to 0.94 of it.
 */

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
  const { rows, taps, table } = filterFor(Math.max(1, from / to));
  const before = taps / 2 - 1;
  const padded = new Float32Array(samples.length + 2 * taps);
  padded.set(samples, taps);
  const out = new Float32Array(Math.round((samples.length * to) / from));
  for (let n = 0; n < out.length; n++) {
    const position = (n * from) / to;
    const base = Math.floor(position);
    const row = (position - base) * rows;
    const lower = Math.floor(row);
    const start = taps + base - before;
    const at = lower * taps;
    let below = 0;
    let above = 0;
    for (let i = 0; i < taps; i++) {
      const sample = padded[start + i]!;
      below += sample * table[at + i]!;
      above += sample * table[at + taps + i]!;
    }
    out[n] = below + (above - below) * (row - lower);
  }
  return out;
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
      table[row * taps + i] = scale * sinc(scale * distance) * kaiser(distance / halfWidth);
    }
  }
  return { rows, taps, table };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser's window over -1..1, 0 outside. */
function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / besselI0(KAISER_BETA);
}

/** Modified Bessel function of the first kind and order zero, by its power series. */
function besselI0(x: number): number {
  let sum = 1;
  for (let k = 1, term = 1; term > 1e-17 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
