/** The WaveNet that the kernel benchmark runs, and what it costs. */
import { Layout } from '../../worklet/engine/layout.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { WaveNetKernel, type WaveNetShape } from '../../worklet/engine/wavenet.ts';
import { Random } from '../../model/random.ts';

/** Rows that one block computes. */
export const BLOCK_ROWS = 128;

/** Two stacks of dilations 1..512 and one sample a row: the network that peers are measured with. */
export function benchmarkShape(channels: number): WaveNetShape {
  const stack = Array.from({ length: 10 }, (_, i) => 2 ** i);
  return { fold: 1, channels, dilations: [...stack, ...stack], conditioning: 16 };
}

/** Multiplications and additions of one row, matrices only; gates and copies count as nothing. */
export function operationsPerRow({ fold, channels: c, dilations }: WaveNetShape): number {
  const gates = dilations.length * (2 * c) * (2 * c);
  const residuals = (dilations.length - 1) * c * c;
  return 2 * (gates + residuals + 2 * fold * c);
}

function randomTensors({ fold, channels: c, dilations, conditioning }: WaveNetShape): Map<string, Float32Array> {
  const random = new Random(1);
  const tensors = new Map<string, Float32Array>();
  const add = (name: string, inputs: number, outputs: number): void => {
    const scale = 1 / Math.sqrt(inputs);
    tensors.set(`wavenet.${name}`, Float32Array.from({ length: inputs * outputs }, () => scale * random.normal()));
  };
  add('input.weight', fold, c);
  add('input.bias', 1, c);
  dilations.forEach((_, i) => {
    add(`${i}.conv.weight`, 2 * c, 2 * c);
    add(`${i}.conv.bias`, 1, 2 * c);
    add(`${i}.conditioning.weight`, conditioning, 2 * c);
    add(`${i}.residual.weight`, c, c);
    add(`${i}.residual.bias`, 1, c);
  });
  add('head.weight', c, fold);
  add('head.bias', 1, fold);
  return tensors;
}

/** One network with random weights and input, ready to run. */
export class Workload {
  readonly shape: WaveNetShape;
  readonly #net: WaveNetKernel;

  constructor(module: WebAssembly.Module, shape: WaveNetShape) {
    const layout = new Layout();
    this.shape = shape;
    this.#net = new WaveNetKernel(layout, shape, BLOCK_ROWS);
    this.#net.load(new Kernel(module, layout), randomTensors(shape));
    const random = new Random(2);
    this.#net.input.forEach((_, n) => (this.#net.input[n] = random.normal()));
    this.#net.conditioning.fill(0.1);
  }

  /** One block at once. */
  block(): void {
    this.#net.condition();
    this.#net.run(BLOCK_ROWS);
  }

  /** One block row by row, as an autoregressive network has to. */
  samples(): void {
    this.#net.condition();
    for (let row = 0; row < BLOCK_ROWS; row++) this.#net.run(1);
  }

  /** @throws Error where the network went silent or to infinity: its speed would mean nothing */
  check(): void {
    if (!this.#net.output.some((y) => y !== 0) || !this.#net.output.every((y) => Number.isFinite(y))) {
      throw new Error('the network is silent or not finite');
    }
  }
}
