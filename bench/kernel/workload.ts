/** The WaveNet that the kernel benchmark runs: its sizes, weights, signal, and what it costs. */
import { Random } from '../../model/random.ts';
import type { WaveNetShape } from '../../model/wavenet-shape.ts';
import { roundToPairs } from '../../worklet/engine/wavenet-packing.ts';

/** Rows that one block computes: a render quantum of web audio, as a row is one sample. */
export const BLOCK_ROWS = 128;
/** Blocks of the signal. More rows than the largest dilation, so that every layer reads what other blocks left behind. */
export const SIGNAL_BLOCKS = 10;

/**
 * Two stacks of dilations 1..512 and one sample a row: the network that peers are measured with. Its weights are
 * rounded to pairs of 16 bits, which our single rows make use of; blocks and peers take the same numbers as floats.
 */
export function benchmarkShape(channels: number): WaveNetShape {
  const stack = Array.from({ length: 10 }, (_, i) => 2 ** i);
  return { inputs: 1, outputs: 1, channels, dilations: [...stack, ...stack], conditioning: 16, weights: 'paired' };
}

/** Multiplications and additions of one row, matrices only; gates and copies count as nothing. */
export function operationsPerRow({ inputs, outputs, channels: c, dilations }: WaveNetShape): number {
  const gates = dilations.length * (2 * c) * (2 * c);
  const residuals = (dilations.length - 1) * c * c;
  return 2 * (gates + residuals + (inputs + outputs) * c);
}

/** Seeded random weights by the names and shapes of `model/tensors.ts`. */
export function benchmarkTensors(shape: WaveNetShape): Map<string, Float32Array> {
  const { inputs, outputs, channels: c, dilations, conditioning } = shape;
  const random = new Random(1);
  const tensors = new Map<string, Float32Array>();
  const add = (name: string, inputs: number, outputs: number): void => {
    const scale = 1 / Math.sqrt(inputs);
    tensors.set(`wavenet.${name}`, Float32Array.from({ length: inputs * outputs }, () => scale * random.normal()));
  };
  add('input.weight', inputs, c);
  add('input.bias', 1, c);
  dilations.forEach((_, i) => {
    add(`${i}.conv.weight`, 2 * c, 2 * c);
    add(`${i}.conv.bias`, 1, 2 * c);
    add(`${i}.conditioning.weight`, conditioning, 2 * c);
    add(`${i}.residual.weight`, c, c);
    add(`${i}.residual.bias`, 1, c);
  });
  add('head.weight', c, outputs);
  add('head.bias', 1, outputs);
  return roundToPairs(shape, tensors);
}

/** What goes into one block. */
export interface Block {
  /** `BLOCK_ROWS` samples. */
  readonly input: Float32Array;
  /** Conditioning vector of all rows. */
  readonly conditioning: Float32Array;
}

/** Seeded noise in `SIGNAL_BLOCKS` blocks, each with a conditioning vector of its own. */
export function benchmarkSignal({ conditioning }: WaveNetShape): readonly Block[] {
  const random = new Random(2);
  const noise = (length: number, scale: number): Float32Array => Float32Array.from({ length }, () => scale * random.normal());
  return Array.from({ length: SIGNAL_BLOCKS }, () => ({ input: noise(BLOCK_ROWS, 1), conditioning: noise(conditioning, 0.1) }));
}
