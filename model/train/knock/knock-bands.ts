/** Bands in which knocks are compared: an ear hears a low thud beside a loud click, so each counts by its own energy. */
import * as tf from '@tensorflow/tfjs-core';
import type { Spec } from '../../spec.ts';
import { knockWeights } from './knock-target.ts';

/** Lower edges in Hz, not quite an octave apart. The last band goes on to half of the low rate: a knock shall have nothing above `HIGHEST_KNOCK`. */
const EDGES = [0, 70, 140, 250, 450, 800] as const;
/** Share of all energy that is added to that of each band: what is 25 dB lower than the rest hardly counts. */
const FLOOR = 3e-3;

/** Owns the matrices of a transform into bands. */
export class KnockBands {
  /** A discrete Fourier transform of weighted low-rate samples, `[samples, 2 * bins]`. */
  readonly #transform: tf.Tensor2D;
  /** To which band each of its numbers belongs, `[2 * bins, bands]`. */
  readonly #bands: tf.Tensor2D;

  constructor(spec: Spec) {
    const { samples, divisor } = spec.knock;
    const width = spec.sampleRate / divisor / samples;
    const bins = Math.floor(samples / 2) + 1;
    const weights = knockWeights(spec);
    const transform = Float32Array.from({ length: 2 * bins * samples }, (_, i) => {
      const n = Math.floor(i / (2 * bins));
      const angle = (2 * Math.PI * (((i >> 1) % bins) * n)) / samples;
      return (weights[n]! * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle))) / Math.sqrt(samples / 2);
    });
    const bands = Float32Array.from({ length: 2 * bins * EDGES.length }, (_, i) => {
      const hertz = Math.floor(i / EDGES.length / 2) * width;
      const band = i % EDGES.length;
      return hertz >= EDGES[band]! && hertz < (EDGES[band + 1] ?? Infinity) ? 1 : 0;
    });
    this.#transform = tf.keep(tf.tensor2d(transform, [samples, 2 * bins]));
    this.#bands = tf.keep(tf.tensor2d(bands, [2 * bins, EDGES.length]));
  }

  /** Energy in each band, `[S, bands]`. @param samples low-rate samples, `[S, samples]` */
  energies(samples: tf.Tensor2D): tf.Tensor2D {
    return samples.matMul(this.#transform).square().matMul(this.#bands) as tf.Tensor2D;
  }

  /** What the energies of an error are multiplied by to add up to its share of a target's, `[S, bands]`; 0 for silent targets. @param target low-rate samples, `[S, samples]` */
  shares(target: tf.Tensor2D): tf.Tensor2D {
    const energies = this.energies(target);
    const floored = energies.add(energies.sum(1, true).mul(FLOOR));
    const scale = tf.divNoNan(tf.scalar(1), floored);
    return tf.divNoNan(scale, energies.mul(scale).sum(1, true)) as tf.Tensor2D;
  }
}
