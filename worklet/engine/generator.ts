/** The WaveNet as a generator in the kernel: it draws samples and feeds them back to itself. */
import type { WaveNetShape } from '../../model/wavenet-shape.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import { WaveNetKernel } from './wavenet.ts';

/** Integers of a generator in the kernel's memory, as in `worklet/kernel/generate.ts`, and places among them. */
const INTEGERS = 7;
const RANDOM = 2;
const LAST = 3;
const TEMPERATURE = 4;

/** Runs on any thread; only the constructor, `attach` and `load` allocate. */
export class Generator {
  /** For each row of `run`, what enters beside the sample before. */
  beside: Float32Array = new Float32Array(0);
  /** What `run` has drawn. */
  samples: Float32Array = new Float32Array(0);
  readonly #net: WaveNetKernel;
  readonly #rows: number;
  readonly #seed: number;
  readonly #address: number;
  readonly #besideAddress: number;
  readonly #samplesAddress: number;
  #kernel: Kernel | undefined;
  #integers: Int32Array = new Int32Array(0);
  #floats: Float32Array = new Float32Array(0);

  /** @param shape puts out a mixture of logistic distributions: logits, means and logarithms of the spreads; @param rows samples that one `run` draws at most; @param seed of the random numbers */
  constructor(layout: Layout, shape: WaveNetShape, rows: number, seed: number) {
    this.#rows = rows;
    this.#seed = seed;
    this.#net = new WaveNetKernel(layout, shape, 1);
    this.#address = layout.floats(INTEGERS);
    this.#besideAddress = layout.floats(rows * (shape.inputs - 1));
    this.#samplesAddress = layout.floats(rows);
  }

  /** Takes its part of the kernel's memory as it is. */
  attach(kernel: Kernel): void {
    this.#kernel = kernel;
    this.#net.attach(kernel);
    this.#integers = kernel.integers(this.#address, INTEGERS);
    this.#floats = kernel.floats(this.#address, INTEGERS);
    this.beside = kernel.floats(this.#besideAddress, this.#rows * (this.#net.shape.inputs - 1));
    this.samples = kernel.floats(this.#samplesAddress, this.#rows);
  }

  /** Writes the tensors `wavenet.*` into the kernel's memory. @throws Error where weights are not as the shape says */
  load(kernel: Kernel, tensors: ReadonlyMap<string, Float32Array>): void {
    this.attach(kernel);
    this.#net.load(kernel, tensors);
    const { net, input, output } = this.#net.address;
    this.#integers.set([net, this.#net.shape.outputs / 3, 0, 0, 0, input, output]);
    this.temperature = 1;
    this.seed(this.#seed);
    this.reset();
  }

  /** Conditioning vector that `condition` applies. */
  get conditioning(): Float32Array {
    return this.#net.conditioning;
  }

  get temperature(): number {
    return this.#floats[TEMPERATURE]!;
  }

  /** 1 draws as was learned; less is calmer, down to 0. */
  set temperature(temperature: number) {
    this.#floats[TEMPERATURE] = temperature;
  }

  /** Starts the random numbers anew. */
  seed(seed: number): void {
    this.#integers[RANDOM] = generatorState(seed);
  }

  /** Forgets the past; the random numbers go on. */
  reset(): void {
    this.#net.reset();
    this.#floats[LAST] = 0;
  }

  /** Applies `conditioning` to the rows that follow. */
  condition(): void {
    this.#net.condition();
  }

  /**
   * Draws `rows` samples into `samples`.
   *
   * @returns how many are there: fewer where one was no number, after which only `reset` helps
   */
  run(rows: number): number {
    return this.#kernel!.call.generate(this.#address, this.#besideAddress, this.#samplesAddress, rows);
  }
}

/** State with which a seed's random numbers begin. */
export function generatorState(seed: number): number {
  const state = Math.imul((seed | 0) + 1, 0x9e3779b9) | 0;
  return state === 0 ? 1 : state;
}
