/**
 * Mean square of decaying envelopes under the windows of a view, and its derivatives.
 */
import { POINTS, latticeStep, type View } from './views.ts';

/** Scratch for one view: lattice values of one envelope. */
export class Lattice {
  readonly view: View;
  /** Seconds from the strike of each lattice point. */
  readonly time: Float64Array;
  readonly #values: Float64Array;
  readonly #slopes: Float64Array;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;

  constructor(view: View, sampleRate: number) {
    this.view = view;
    const count = Math.max(...view.starts) + POINTS;
    this.time = Float64Array.from({ length: count }, (_, i) => ((i + 0.5) * latticeStep(view)) / sampleRate);
    this.#values = new Float64Array(count);
    this.#slopes = new Float64Array(count);
    this.#cosines = new Float64Array(count);
    this.#sines = new Float64Array(count);
  }

  /** Lattice points that the first `frames` frames touch. */
  #reach(frames: number): number {
    return frames === 0 ? 0 : this.view.starts[frames - 1]! + POINTS;
  }

  /** Writes the mean of the lattice values under each frame's window to `out[at + f * stride]`. */
  #frames(frames: number, out: Float32Array, at: number, stride: number): void {
    const { starts, weights } = this.view;
    const values = this.#values;
    for (let f = 0; f < frames; f++) {
      const start = starts[f]!;
      let sum = 0;
      for (let g = Math.max(0, -start); g < POINTS; g++) sum += weights[g]! * values[start + g]!;
      out[at + f * stride] = sum;
    }
  }

  /** Gradient of each lattice value from the gradients of the frames. */
  #spreadBack(frames: number, gradient: Float32Array, at: number, stride: number, reach: number): Float64Array {
    const { starts, weights } = this.view;
    const slopes = this.#slopes.fill(0, 0, reach);
    for (let f = 0; f < frames; f++) {
      const start = starts[f]!;
      const d = gradient[at + f * stride]!;
      if (d === 0) continue;
      for (let g = Math.max(0, -start); g < POINTS; g++) slopes[start + g]! += weights[g]! * d;
    }
    return slopes;
  }

  /** One partial: |a e^-pt + b e^((-q + i w)t + i lead)|^2 rise(t)^2, w the beat in rad/s. */
  tone(a: number, p: number, b: number, q: number, w: number, lead: number, rise: Float64Array, frames: number, out: Float32Array, at: number, stride: number): void {
    const reach = this.#reach(frames);
    const step = this.time[1]! - this.time[0]!;
    let x = a * Math.exp(-p * this.time[0]!);
    let y = b * Math.exp(-q * this.time[0]!);
    const fallX = Math.exp(-p * step);
    const fallY = Math.exp(-q * step);
    this.#turn(w, lead, reach);
    for (let i = 0; i < reach; i++) {
      this.#values[i] = (x * x + y * y + 2 * x * y * this.#cosines[i]!) * rise[i]! * rise[i]!;
      x *= fallX;
      y *= fallY;
    }
    this.#frames(frames, out, at, stride);
  }

  /** Cosine and sine of a beat at the lattice points. */
  #turn(w: number, lead: number, reach: number): void {
    const step = this.time[1]! - this.time[0]!;
    const turnRe = Math.cos(w * step);
    const turnIm = Math.sin(w * step);
    let re = Math.cos(w * this.time[0]! + lead);
    let im = Math.sin(w * this.time[0]! + lead);
    for (let i = 0; i < reach; i++) {
      this.#cosines[i] = re;
      this.#sines[i] = im;
      const next = re * turnRe - im * turnIm;
      im = re * turnIm + im * turnRe;
      re = next;
    }
  }

  /** Writes the derivatives of `tone` by a, p, b, q, w to `into`, and adds those by each rise(t) to `dRise`. */
  toneBack(
    a: number, p: number, b: number, q: number, w: number, lead: number, rise: Float64Array, dRise: Float64Array,
    frames: number, gradient: Float32Array, at: number, stride: number, into: Float64Array,
  ): void {
    const reach = this.#reach(frames);
    const slopes = this.#spreadBack(frames, gradient, at, stride, reach);
    const step = this.time[1]! - this.time[0]!;
    let x = Math.exp(-p * this.time[0]!);
    let y = Math.exp(-q * this.time[0]!);
    const fallX = Math.exp(-p * step);
    const fallY = Math.exp(-q * step);
    let da = 0, dp = 0, db = 0, dq = 0, dw = 0;
    this.#turn(w, lead, reach);
    for (let i = 0; i < reach; i++) {
      const c = this.#cosines[i]!;
      const r = rise[i]!;
      const common = 2 * r * slopes[i]!;
      const ax = a * x;
      const by = b * y;
      dRise[i]! += common * (ax * ax + by * by + 2 * ax * by * c);
      const dx = common * r * (ax + by * c) * x;
      const dy = common * r * (by + ax * c) * y;
      da += dx;
      db += dy;
      dp -= dx * this.time[i]!;
      dq -= dy * this.time[i]!;
      dw -= common * r * ax * by * this.#sines[i]! * this.time[i]!;
      x *= fallX;
      y *= fallY;
    }
    into[0] = da;
    into[1] = dp * a;
    into[2] = db;
    into[3] = dq * b;
    into[4] = dw;
  }

  /** One noise band: (a^2 e^-2pt + b^2 e^-2qt) (1 - e^-rt)^2. */
  noise(a: number, p: number, b: number, q: number, r: number, frames: number, out: Float32Array, at: number, stride: number): void {
    const reach = this.#reach(frames);
    const step = this.time[1]! - this.time[0]!;
    let x = a * a * Math.exp(-2 * p * this.time[0]!);
    let y = b * b * Math.exp(-2 * q * this.time[0]!);
    let lack = Math.exp(-r * this.time[0]!);
    const fallX = Math.exp(-2 * p * step);
    const fallY = Math.exp(-2 * q * step);
    const fallLack = Math.exp(-r * step);
    for (let i = 0; i < reach; i++) {
      this.#values[i] = (x + y) * (1 - lack) * (1 - lack);
      x *= fallX;
      y *= fallY;
      lack *= fallLack;
    }
    this.#frames(frames, out, at, stride);
  }

  /** Writes the derivatives of `noise` by a, p, b, q, r to `into`. */
  noiseBack(
    a: number, p: number, b: number, q: number, r: number,
    frames: number, gradient: Float32Array, at: number, stride: number, into: Float64Array,
  ): void {
    const reach = this.#reach(frames);
    const slopes = this.#spreadBack(frames, gradient, at, stride, reach);
    const step = this.time[1]! - this.time[0]!;
    let x = Math.exp(-2 * p * this.time[0]!);
    let y = Math.exp(-2 * q * this.time[0]!);
    let lack = Math.exp(-r * this.time[0]!);
    const fallX = Math.exp(-2 * p * step);
    const fallY = Math.exp(-2 * q * step);
    const fallLack = Math.exp(-r * step);
    let da = 0, dp = 0, db = 0, dq = 0, dr = 0;
    for (let i = 0; i < reach; i++) {
      const risen = 1 - lack;
      const d = slopes[i]! * risen * risen;
      const dx = d * x;
      const dy = d * y;
      da += dx;
      db += dy;
      dp += dx * this.time[i]!;
      dq += dy * this.time[i]!;
      dr += slopes[i]! * (a * a * x + b * b * y) * risen * lack * this.time[i]!;
      x *= fallX;
      y *= fallY;
      lack *= fallLack;
    }
    into[0] = 2 * a * da;
    into[1] = -2 * a * a * dp;
    into[2] = 2 * b * db;
    into[3] = -2 * b * b * dq;
    into[4] = 2 * dr;
  }
}
