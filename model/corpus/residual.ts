/**
 * What the strings leave of a recorded strike: knock, noise and room.
 *
 * Each partial is followed as a complex amplitude that moves slowly: the recording, turned back by the
 * partial's frequency and averaged over a few periods of the fundamental. Amplitude, decay, beats and phase are all in it.
 */
import { FIRST_NOTE } from '../spec.ts';
import { fundamental, partialFrequency, type Tuning } from '../tuning.ts';

/** Periods of the fundamental in a window: neighbouring partials lie on zeros of its spectrum. */
const PERIODS = 3;
/** Shortest window in seconds. */
const SHORTEST = 0.02;
/** Partials are followed twice: what the first pass has left of one in the others is found in the second. */
const PASSES = 2;
/** Amplitudes in a window; linear in between. */
const FRAMES = 8;
/** Largest factor by which a partial falls in half a window. */
const MOST_FALL = 2;
/** Highest partial as a share of the sample rate. */
const HIGHEST = 0.47;

/**
 * The recording without its partials.
 *
 * @param audio one strike; @param onset sample from which partials sound
 */
export function stringResidual(audio: Float32Array, onset: number, note: number, tuning: Tuning, sampleRate: number): Float32Array {
  const f0 = fundamental(tuning, note);
  const inharmonicity = tuning.inharmonicity[note - FIRST_NOTE]!;
  const hop = Math.ceil((Math.max(PERIODS / f0, SHORTEST) * sampleRate) / FRAMES);
  const rest = Float32Array.from(audio);
  const found: Partial[] = [];
  for (let k = 1; partialFrequency(f0, inharmonicity, k) < HIGHEST * sampleRate; k++) {
    found.push(new Partial((2 * Math.PI * partialFrequency(f0, inharmonicity, k)) / sampleRate, hop, audio.length - onset));
  }
  for (let pass = 0; pass < PASSES; pass++) for (const partial of found) partial.follow(rest, onset, pass === 0);
  return rest;
}

/** One partial of a strike. */
class Partial {
  readonly #omega: number;
  readonly #hop: number;
  readonly #window: Float64Array;
  /** Complex amplitude at each frame. */
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  /** The recording, turned back. */
  readonly #turnedRe: Float64Array;
  readonly #turnedIm: Float64Array;

  constructor(omega: number, hop: number, length: number) {
    this.#omega = omega;
    this.#hop = hop;
    const size = FRAMES * hop;
    this.#window = Float64Array.from({ length: size + 1 }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
    const frames = Math.ceil(length / hop) + 1;
    this.#re = new Float64Array(frames);
    this.#im = new Float64Array(frames);
    this.#turnedRe = new Float64Array(length);
    this.#turnedIm = new Float64Array(length);
  }

  /** Takes what is found of the partial out of `rest`. @param decays whether it was louder before the first whole window, as it falls after it */
  follow(rest: Float32Array, onset: number, decays: boolean): void {
    const [re, im] = [this.#turnedRe, this.#turnedIm];
    const [cos, sin] = [Math.cos(this.#omega), Math.sin(this.#omega)];
    for (let n = 0, c = 1, s = 0; n < re.length; n++) {
      const x = rest[onset + n]!;
      re[n] = x * c;
      im[n] = -x * s;
      [c, s] = [c * cos - s * sin, s * cos + c * sin];
    }
    this.#measure();
    if (decays) this.#extrapolate();
    const frames = this.#re.length;
    for (let n = 0, c = 1, s = 0; n < re.length; n++) {
      const frame = Math.min(frames - 2, Math.floor(n / this.#hop));
      const share = n / this.#hop - frame;
      const a = this.#re[frame]! + share * (this.#re[frame + 1]! - this.#re[frame]!);
      const b = this.#im[frame]! + share * (this.#im[frame + 1]! - this.#im[frame]!);
      rest[onset + n]! -= a * c - b * s;
      [c, s] = [c * cos - s * sin, s * cos + c * sin];
    }
  }

  /** Twice the mean of the turned recording under each window, and of as much of it as there is at either end. */
  #measure(): void {
    const [re, im, window] = [this.#turnedRe, this.#turnedIm, this.#window] as const;
    const half = (FRAMES / 2) * this.#hop;
    for (let frame = 0; frame < this.#re.length; frame++) {
      // Near the strike the first whole window stands for all: half a window would hear the neighbours.
      const centre = Math.min(Math.max(half, frame * this.#hop), Math.max(half, re.length - half));
      let sumRe = 0;
      let sumIm = 0;
      let weight = 0;
      const end = Math.min(re.length, centre + half + 1);
      for (let n = centre - half; n < end; n++) {
        const w = window[n - centre + half]!;
        sumRe += w * re[n]!;
        sumIm += w * im[n]!;
        weight += w;
      }
      this.#re[frame] = (2 * sumRe) / weight;
      this.#im[frame] = (2 * sumIm) / weight;
    }
  }

  /** From the first whole window back to the strike, along an exponential. */
  #extrapolate(): void {
    const [re, im] = [this.#re, this.#im];
    const first = FRAMES / 2;
    if (re.length <= 2 * first) return;
    const fall = Math.hypot(re[first]!, im[first]!) / Math.hypot(re[2 * first]!, im[2 * first]!);
    const step = Math.min(MOST_FALL, Math.max(1, fall)) ** (1 / first);
    for (let frame = 0; frame < first; frame++) {
      const gain = step ** (first - frame);
      re[frame]! *= gain;
      im[frame]! *= gain;
    }
  }
}
