/**
 * Float64 reference of the WaveNet as a generator: each sample is drawn from a mixture of logistic distributions
 * and enters the next row. Done naively, as the equations stand: every sample computes its whole receptive field anew.
 */
import { DRAWN_LIMIT, NARROWEST } from '../generator/mixture.ts';
import { receptiveFieldRows, type Spec } from '../spec.ts';
import { dense, type TensorLookup } from './note-network.ts';
import { gatedLayers } from './wavenet.ts';

/** Marsaglia's xorshift32, as the kernel has it: numbers between 0 and 1, neither of them. @param state not 0 */
export function uniforms(state: number): () => number {
  let x = state | 0;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return ((x >>> 9) + 0.5) / 8388608;
  };
}

/** Logits, means and logarithms of the spreads for each of some rows, before which all is silent. */
export function mixtures(spec: Spec, tensors: TensorLookup, rows: readonly ArrayLike<number>[], conditionOf: (row: number) => ArrayLike<number>): Float64Array[] {
  const tensor = (name: string): ArrayLike<number> => tensors.get(`wavenet.${name}`)!;
  const h = rows.map((row) => dense(row, tensor('input.weight'), tensor('input.bias')));
  return gatedLayers(spec, tensors, h, conditionOf).map((skip) => dense(skip, tensor('head.weight'), tensor('head.bias')));
}

/** One draw from a mixture. @param uniform two numbers are taken: for the component, and for the place in it */
export function drawMixture(outputs: ArrayLike<number>, temperature: number, uniform: () => number): number {
  const components = outputs.length / 3;
  const weights = Array.from({ length: components }, (_, k) => Math.exp(outputs[k]!));
  let rest = uniform() * weights.reduce((a, b) => a + b, 0);
  const quantile = uniform();
  let chosen = 0;
  while (chosen < components - 1 && (rest -= weights[chosen]!) >= 0) chosen++;
  const spread = Math.exp(Math.max(NARROWEST, outputs[2 * components + chosen]!));
  const sample = outputs[components + chosen]! + temperature * spread * Math.log(quantile / (1 - quantile));
  return Math.max(-DRAWN_LIMIT, Math.min(DRAWN_LIMIT, sample));
}

/**
 * ln of the density of a mixture at x.
 *
 * @param outputs logits, means, logarithms of the spreads
 */
export function mixtureLogDensity(outputs: ArrayLike<number>, x: number): number {
  const components = outputs.length / 3;
  let density = 0;
  let total = 0;
  for (let k = 0; k < components; k++) {
    const spread = Math.exp(Math.max(NARROWEST, outputs[2 * components + k]!));
    const e = Math.exp(-Math.abs((x - outputs[components + k]!) / spread));
    const weight = Math.exp(outputs[k]!);
    density += (weight * e) / (spread * (1 + e) ** 2);
    total += weight;
  }
  return Math.log(density / total);
}

export interface GenerateOptions {
  /** For each sample, what enters its row beside the sample before. */
  readonly beside: readonly ArrayLike<number>[];
  /** Conditioning vector of a sample. */
  readonly conditionOf: (sample: number) => ArrayLike<number>;
  readonly temperature: number;
  /** State of the random numbers. */
  readonly state: number;
}

/** Draws a sample for each entry of `beside`, from silence on. */
export function generate(spec: Spec, tensors: TensorLookup, { beside, conditionOf, temperature, state }: GenerateOptions): number[] {
  const uniform = uniforms(state);
  const field = receptiveFieldRows(spec);
  const drawn: number[] = [];
  const rows: number[][] = [];
  for (let n = 0; n < beside.length; n++) {
    rows.push([drawn[n - 1] ?? 0, ...Array.from(beside[n]!)]);
    const first = Math.max(0, n + 1 - field);
    const outputs = mixtures(spec, tensors, rows.slice(first), (row) => conditionOf(first + row));
    drawn.push(drawMixture(outputs.at(-1)!, temperature, uniform));
  }
  return drawn;
}
