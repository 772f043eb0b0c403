/** One way to compute the benchmark's WaveNet, ours or another's; in the browser, on its audio thread and in Node. */
import { BLOCK_ROWS, type Block } from './workload.ts';

/** A network that carries each layer's past rows from block to block. */
export interface Network {
  /** Forgets all rows: the next block is the first. */
  reset(): void;
  /** Computes the block that follows. The `BLOCK_ROWS` samples are valid until the next call. */
  block(block: Block): Float32Array | Promise<Float32Array>;
}

/** What a network makes of the whole signal, from its first block on. */
export async function outputOf(network: Network, signal: readonly Block[]): Promise<Float32Array> {
  const output = new Float32Array(signal.length * BLOCK_ROWS);
  network.reset();
  for (const [i, block] of signal.entries()) output.set(await network.block(block), i * BLOCK_ROWS);
  return output;
}
