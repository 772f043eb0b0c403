/** Spectra of a strike, frame by frame, in which its partials stand apart. */
import { hannWindow } from '../../hann-window.ts';
import { transformOf } from '../../transform.ts';

/** A window holds so many periods of the fundamental. */
const PERIODS = 4;

/** How frames lie, in seconds after the strike, and how much they count. */
export interface FrameLayout {
  /** The shortest window, from one frame to the next, and from when on and until when they begin. */
  readonly shortest: number;
  readonly hop: number;
  readonly from: number;
  readonly until: number;
  /** How much a frame counts in which nothing is left of a partial, and how much more one in which it is as loud as ever. */
  readonly quiet: number;
  readonly loud: number;
}

/** Frames that tell beats and falls. */
export const LONG_FRAMES: FrameLayout = { shortest: 0.085, hop: 0.04, from: 0, until: 1.6, quiet: 1, loud: 3 };
/** Frames that tell how a note begins. */
export const EARLY_FRAMES: FrameLayout = { shortest: 0.02, hop: 0.01, from: 0, until: 0.045, quiet: 1, loud: 3 };
/** Frames that tell how long a partial is heard. */
export const LATE_FRAMES: FrameLayout = { shortest: 0.085, hop: 0.16, from: 1.6, until: 3.8, quiet: 0, loud: 0.7 };

/** Hann windows leave a sine these widths of 1 / window on either side, and spread its power over so many. */
const LOBE = 2;
const SPREAD = 1.5;

/** Frames for one key: a sine of amplitude 1 has power 1 in the cell around it. */
export class Frames {
  readonly rate: number;
  /** Samples, and seconds, of the window. */
  readonly length: number;
  readonly seconds: number;
  /** Power of white noise of variance 1 in each bin of a cell, before the cell sums it up. */
  readonly noise: number;
  readonly #layout: FrameLayout;
  readonly #window: Float64Array;
  readonly #size: number;
  readonly #halfCell: number;
  readonly #gain: number;

  /** @param f0 fundamental in Hz, @param rate samples a second */
  constructor(f0: number, rate: number, layout: FrameLayout = LONG_FRAMES) {
    this.rate = rate;
    this.#layout = layout;
    this.length = Math.round(Math.max(layout.shortest, PERIODS / f0) * rate);
    this.seconds = this.length / rate;
    this.#window = hannWindow(this.length);
    this.#size = 2 ** Math.ceil(Math.log2(2 * this.length));
    this.#halfCell = Math.round((Math.min(f0 / 2, LOBE / this.seconds) * this.#size) / rate);
    const sum = this.#window.reduce((total, w) => total + w, 0);
    // A sine of amplitude 1 has the power (sum / 2)^2 in its bin.
    this.#gain = 4 / (sum * sum) / ((SPREAD * this.#size) / this.length);
    this.noise = this.#window.reduce((total, w) => total + w * w, 0) * this.#gain;
  }

  /** Seconds after the strike of the middle of frame n. */
  time(n: number): number {
    return this.#layout.from + n * this.#layout.hop + this.seconds / 2;
  }

  /** How much a frame counts. @param share of the power that the partial reaches */
  weight(share: number): number {
    return this.#layout.quiet + this.#layout.loud * Math.sqrt(share);
  }

  bin(frequency: number): number {
    return Math.round((frequency * this.#size) / this.rate);
  }

  frequency(bin: number): number {
    return (bin * this.rate) / this.#size;
  }

  /** Complex spectra of the frames that lie wholly inside `sound`. @param strike sample at which it begins */
  spectra(sound: ArrayLike<number>, strike: number): number[][] {
    const fft = transformOf(this.#size);
    const spectra: number[][] = [];
    const { hop, from, until } = this.#layout;
    for (let n = 0; from + n * hop < until; n++) {
      const start = strike + Math.round((from + n * hop) * this.rate);
      if (start + this.length > sound.length) break;
      const spectrum = fft.createComplexArray() as number[];
      fft.realTransform(spectrum, Array.from({ length: this.#size }, (_, i) => (i < this.length ? this.#window[i]! * (sound[start + i] ?? 0) : 0)));
      spectra.push(spectrum);
    }
    return spectra;
  }

  /** Bins of the cell around `centre`. */
  cell(centre: number): number[] {
    return Array.from({ length: 2 * this.#halfCell + 1 }, (_, i) => Math.max(0, centre - this.#halfCell + i));
  }

  /** Power in the cell around bin `centre`. */
  power(spectrum: readonly number[], centre: number): number {
    return this.#gain * this.cell(centre).reduce((sum, k) => sum + spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2, 0);
  }

  /** What a bin near a sine has of it: its amplitude, and its phase at the middle of frame n less 2 pi `frequency` times that moment. */
  phasor(spectrum: readonly number[], bin: number, n: number, frequency: number): { re: number; im: number } {
    const turn = Math.PI * 2 * (this.frequency(bin) * (this.seconds / 2) - frequency * this.time(n));
    const [re, im] = [spectrum[2 * bin]!, spectrum[2 * bin + 1]!];
    return { re: re * Math.cos(turn) - im * Math.sin(turn), im: re * Math.sin(turn) + im * Math.cos(turn) };
  }

  /** What a mode that falls at `rate` has in a frame, of what it has in the frame's middle. */
  lift(rate: number): number {
    const side = (2 * Math.PI) / this.seconds;
    const part = (im: number): number => sinhOver(-rate, im, this.seconds);
    return part(0) + 0.5 * (part(side) + part(-side));
  }
}

/** Real part of 2 sinh(s T / 2) / (s T) for s = re + i im. */
function sinhOver(re: number, im: number, seconds: number): number {
  const [a, b] = [(re * seconds) / 2, (im * seconds) / 2];
  const size = a * a + b * b;
  return size === 0 ? 1 : (Math.sinh(a) * Math.cos(b) * a + Math.cosh(a) * Math.sin(b) * b) / size;
}
