/**
 * DDSP's multi-scale spectral loss (Engel et al. 2020, equation 4).
 *
 * For each window size: 0.5 mean|A - B| / mean(B) + mean|log(A + e) - log(B + e)|,
 * A and B the magnitudes of output and target, e a ten-thousandth of B's peak;
 * averaged over the sizes. Frames overlap by 75 % under a Hann window.
 */
import * as tf from '@tensorflow/tfjs-core';
import FFT from 'fft.js';
import { hannWindow } from '../hann-window.ts';
import { sharesMemory } from './tensorflow.ts';

export const LOSS_SIZES: readonly number[] = [2048, 1024, 512, 256, 128, 64];
const LINEAR_WEIGHT = 0.5;
const FLOOR = 1e-4;

/** Mean loss over examples of `output` against constant `target`, both `[examples, length]`. */
export function spectralLoss(output: tf.Tensor2D, target: tf.Tensor2D, sizes = LOSS_SIZES): tf.Scalar {
  return sharesMemory() ? fftLoss(output, target, sizes) : productLoss(output, target, sizes);
}

/** The loss by matrix products with a Fourier basis: every backend can do these and their gradients. */
export function productLoss(output: tf.Tensor2D, target: tf.Tensor2D, sizes = LOSS_SIZES): tf.Scalar {
  const total = sizes.map((size) => {
    const basis = fourierBasis(size);
    const a = magnitudes(output, size, basis);
    const b = magnitudes(target, size, basis);
    const floor = b.max([1, 2], true).mul(FLOOR).add(1e-9);
    const linear = a.sub(b).abs().mean([1, 2]).div(b.mean([1, 2]).add(1e-9)).mul(LINEAR_WEIGHT);
    return linear.add(a.add(floor).log().sub(b.add(floor).log()).abs().mean([1, 2])).mean();
  });
  return tf.addN(total).div(sizes.length);
}

const bases = new Map<number, { cosine: tf.Tensor2D; sine: tf.Tensor2D }>();

/** Windowed cosines and sines of every bin, `[size, bins]` each; kept for ever. */
export function fourierBasis(size: number): { cosine: tf.Tensor2D; sine: tf.Tensor2D } {
  let basis = bases.get(size);
  if (!basis) {
    const bins = size / 2 + 1;
    const window = hannWindow(size);
    const table = (f: (x: number) => number): tf.Tensor2D =>
      tf.keep(tf.tensor2d(
        Float32Array.from({ length: size * bins }, (_, i) => {
          const n = Math.floor(i / bins);
          return window[n]! * f((2 * Math.PI * ((n * (i % bins)) % size)) / size);
        }),
        [size, bins],
      ));
    basis = { cosine: table(Math.cos), sine: table(Math.sin) };
    bases.set(size, basis);
  }
  return basis;
}

function magnitudes(signal: tf.Tensor2D, size: number, basis: { cosine: tf.Tensor2D; sine: tf.Tensor2D }): tf.Tensor3D {
  const examples = signal.shape[0];
  const flat = hopFrames(signal, size);
  const power = tf.matMul(flat, basis.cosine).square().add(tf.matMul(flat, basis.sine).square());
  return tf.sqrt(power.add(1e-14)).reshape([examples, flat.shape[0] / examples, size / 2 + 1]);
}

/** Frames of `size` samples every quarter of it, `[examples * frames, size]`, of a signal `[examples, length]`. */
export function hopFrames(signal: tf.Tensor2D, size: number): tf.Tensor2D {
  const [examples, length] = signal.shape;
  const hop = size / 4;
  const frames = length / hop - 3;
  const quarters = signal.reshape([examples, length / hop, hop]) as tf.Tensor3D;
  const shifted = [0, 1, 2, 3].map((q) => tf.slice3d(quarters, [0, q, 0], [examples, frames, hop]));
  return tf.concat(shifted, 2).reshape([examples * frames, size]);
}

/** The loss and its gradient by FFT in plain loops: far fewer operations where tensors share our memory. */
function fftLoss(output: tf.Tensor2D, target: tf.Tensor2D, sizes: readonly number[]): tf.Scalar {
  const [examples, length] = output.shape;
  const reference = target.dataSync();
  const run = tf.customGrad((...inputs) => {
    const signal = (inputs[0] as tf.Tensor).dataSync();
    const gradient = new Float32Array(examples * length);
    let loss = 0;
    for (let e = 0; e < examples; e++) {
      const range = [e * length, (e + 1) * length] as const;
      const scale = 1 / (examples * sizes.length);
      for (const size of sizes) {
        loss += fftScale(size).add(
          signal.subarray(...range) as Float32Array, reference.subarray(...range) as Float32Array, scale, gradient.subarray(...range),
        );
      }
    }
    return {
      value: tf.scalar(loss),
      gradFunc: (dy: tf.Tensor) => tf.tensor2d(gradient, [examples, length]).mul(dy) as tf.Tensor2D,
    };
  });
  return run(output) as tf.Scalar;
}

const scales = new Map<number, FftScale>();

function fftScale(size: number): FftScale {
  let scale = scales.get(size);
  if (!scale) scales.set(size, (scale = new FftScale(size)));
  return scale;
}

/** One window size: spectra, loss and gradient of one example. */
class FftScale {
  readonly #size: number;
  readonly #fft: FFT;
  readonly #window: Float64Array;
  readonly #frame: number[];
  readonly #spectrum: number[];
  readonly #back: number[];

  constructor(size: number) {
    this.#size = size;
    this.#fft = new FFT(size);
    this.#window = hannWindow(size);
    this.#frame = new Array<number>(size).fill(0);
    this.#spectrum = this.#fft.createComplexArray() as number[];
    this.#back = this.#fft.createComplexArray() as number[];
  }

  /** Adds the gradient times `scale` to `gradient` and returns the loss times `scale`. */
  add(signal: Float32Array, target: Float32Array, scale: number, gradient: Float32Array): number {
    const size = this.#size;
    const hop = size / 4;
    const bins = size / 2 + 1;
    const frames = signal.length / hop - 3;
    const count = frames * bins;
    const b = this.#spectra(target, frames).magnitude;
    const spectra = this.#spectra(signal, frames);
    const a = spectra.magnitude;
    let sum = 0;
    let peak = 0;
    for (let i = 0; i < count; i++) {
      sum += b[i]!;
      if (b[i]! > peak) peak = b[i]!;
    }
    const floor = FLOOR * peak + 1e-9;
    const linearScale = LINEAR_WEIGHT / (sum + 1e-9 * count);
    let loss = 0;
    for (let i = 0; i < count; i++) {
      const difference = a[i]! - b[i]!;
      const ratio = Math.log((a[i]! + floor) / (b[i]! + floor));
      loss += Math.abs(difference) * linearScale + Math.abs(ratio) / count;
      const slope = Math.sign(difference) * linearScale + Math.sign(ratio) / ((a[i]! + floor) * count);
      // From here on `a` holds dLoss/dA divided by A, ready to multiply the complex spectrum.
      a[i] = (scale * slope) / Math.max(a[i]!, 1e-9);
    }
    this.#backward(spectra, frames, gradient);
    return loss * scale;
  }

  #spectra(signal: Float32Array, frames: number): { complex: Float32Array; magnitude: Float32Array } {
    const size = this.#size;
    const hop = size / 4;
    const bins = size / 2 + 1;
    const complex = new Float32Array(frames * bins * 2);
    const magnitude = new Float32Array(frames * bins);
    const frame = this.#frame;
    const spectrum = this.#spectrum;
    for (let f = 0; f < frames; f++) {
      for (let n = 0; n < size; n++) frame[n] = signal[f * hop + n]! * this.#window[n]!;
      this.#fft.realTransform(spectrum, frame);
      for (let k = 0; k < bins; k++) {
        const re = spectrum[2 * k]!;
        const im = spectrum[2 * k + 1]!;
        complex[(f * bins + k) * 2] = re;
        complex[(f * bins + k) * 2 + 1] = im;
        magnitude[f * bins + k] = Math.sqrt(re * re + im * im + 1e-14);
      }
    }
    return { complex, magnitude };
  }

  /** Adds window times sum over k of Re(G_k exp(2 pi i k n / size)), G the gradient spectrum; two real frames a transform. */
  #backward(spectra: { complex: Float32Array; magnitude: Float32Array }, frames: number, gradient: Float32Array): void {
    const size = this.#size;
    const hop = size / 4;
    const bins = size / 2 + 1;
    const packed = this.#spectrum;
    for (let f = 0; f < frames; f += 2) {
      const second = f + 1 < frames;
      for (let k = 0; k < bins; k++) {
        // Half of each bin and half of its mirror image make the inverse transform real.
        const half = k === 0 || k === size / 2 ? 1 : 0.5;
        const i = f * bins + k;
        const j = i + bins;
        const ga = spectra.magnitude[i]! * half;
        const gb = second ? spectra.magnitude[j]! * half : 0;
        const aRe = spectra.complex[2 * i]! * ga;
        const aIm = spectra.complex[2 * i + 1]! * ga;
        const bRe = second ? spectra.complex[2 * j]! * gb : 0;
        const bIm = second ? spectra.complex[2 * j + 1]! * gb : 0;
        packed[2 * k] = aRe - bIm;
        packed[2 * k + 1] = aIm + bRe;
        if (k > 0 && k < size / 2) {
          const mirror = 2 * (size - k);
          packed[mirror] = aRe + bIm;
          packed[mirror + 1] = bRe - aIm;
        }
      }
      this.#fft.inverseTransform(this.#back, packed);
      for (let n = 0; n < size; n++) {
        const w = this.#window[n]! * size;
        gradient[f * hop + n]! += this.#back[2 * n]! * w;
        if (second) gradient[(f + 1) * hop + n]! += this.#back[2 * n + 1]! * w;
      }
    }
  }
}
