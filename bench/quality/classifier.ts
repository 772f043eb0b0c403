/**
 * A small neural network that tells two kinds apart: one hidden layer of tanh, logistic loss, Adam with decoupled
 * weight decay (Loshchilov and Hutter 2019). In float64, so that a seed gives the same result everywhere.
 */
import { Random } from '../../model/random.ts';

export interface Example {
  readonly features: Float64Array;
  readonly label: 0 | 1;
}

const HIDDEN = 24;
const EPOCHS = 40;
const BATCH = 16;
const RATE = 0.003;
const DECAY = 0.1;
const [BETA1, BETA2, EPSILON] = [0.9, 0.99, 1e-8];
/** Standardised features stay within this, so that none that hardly varied in training overwhelms the rest. */
const LIMIT = 4;

/** Brings features to mean 0 and deviation 1 over the examples that it was made from. */
function standardiser(examples: readonly Example[]): (features: Float64Array) => Float64Array {
  const size = examples[0]!.features.length;
  const mean = new Float64Array(size);
  const deviation = new Float64Array(size);
  for (const { features } of examples) features.forEach((x, i) => (mean[i]! += x / examples.length));
  for (const { features } of examples) features.forEach((x, i) => (deviation[i]! += (x - mean[i]!) ** 2 / examples.length));
  return (features) => features.map((x, i) => Math.max(-LIMIT, Math.min(LIMIT, (x - mean[i]!) / Math.sqrt(deviation[i]! + 1e-6))));
}

class Network {
  readonly #inputs: number;
  /** [HIDDEN, inputs + 1], then [HIDDEN + 1]: the last of each row is a bias. */
  readonly #weights: Float64Array;
  readonly #gradient: Float64Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #hidden = new Float64Array(HIDDEN);
  #step = 0;

  constructor(inputs: number, random: Random) {
    this.#inputs = inputs;
    const size = HIDDEN * (inputs + 1) + HIDDEN + 1;
    this.#weights = Float64Array.from({ length: size }, (_, i) => random.normal() / Math.sqrt(i < HIDDEN * (inputs + 1) ? inputs : HIDDEN));
    [this.#gradient, this.#first, this.#second] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  }

  /** Log odds of label 1. */
  forward(features: Float64Array): number {
    const w = this.#weights;
    const n = this.#inputs;
    const head = HIDDEN * (n + 1);
    let logit = w[head + HIDDEN]!;
    for (let h = 0; h < HIDDEN; h++) {
      const row = h * (n + 1);
      let sum = w[row + n]!;
      for (let i = 0; i < n; i++) sum += w[row + i]! * features[i]!;
      this.#hidden[h] = Math.tanh(sum);
      logit += w[head + h]! * this.#hidden[h]!;
    }
    return logit;
  }

  learn(batch: readonly Example[]): void {
    const w = this.#weights;
    const g = this.#gradient.fill(0);
    const n = this.#inputs;
    const head = HIDDEN * (n + 1);
    for (const { features, label } of batch) {
      const error = (1 / (1 + Math.exp(-this.forward(features))) - label) / batch.length;
      g[head + HIDDEN]! += error;
      for (let h = 0; h < HIDDEN; h++) {
        const row = h * (n + 1);
        const out = this.#hidden[h]!;
        g[head + h]! += error * out;
        const back = error * w[head + h]! * (1 - out * out);
        g[row + n]! += back;
        for (let i = 0; i < n; i++) g[row + i]! += back * features[i]!;
      }
    }
    this.#step++;
    const [scale1, scale2] = [1 - BETA1 ** this.#step, 1 - BETA2 ** this.#step];
    for (let i = 0; i < w.length; i++) {
      this.#first[i] = BETA1 * this.#first[i]! + (1 - BETA1) * g[i]!;
      this.#second[i] = BETA2 * this.#second[i]! + (1 - BETA2) * g[i]! ** 2;
      w[i]! -= RATE * (this.#first[i]! / scale1 / (Math.sqrt(this.#second[i]! / scale2) + EPSILON) + DECAY * w[i]!);
    }
  }
}

/** Learns to tell the examples apart. @returns the log odds of label 1 for features of the same kind @throws RangeError without examples */
export function trainClassifier(examples: readonly Example[], seed: number): (features: Float64Array) => number {
  if (examples.length === 0) throw new RangeError('a classifier needs examples');
  const random = new Random(seed);
  const standardise = standardiser(examples);
  const ready = examples.map(({ features, label }) => ({ features: standardise(features), label }));
  const network = new Network(ready[0]!.features.length, random);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(ready, random);
    for (let at = 0; at < ready.length; at += BATCH) network.learn(ready.slice(at, at + BATCH));
  }
  return (features) => network.forward(standardise(features));
}

/** Fisher and Yates, in place. */
export function shuffle(list: unknown[], random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
}
