/** Turns of a network on the clock; in the browser and in Node. */
import type { Network } from './network.ts';
import { SIGNAL_BLOCKS, type Block } from './workload.ts';

/** One turn of a network lasts about this long, in seconds: short, so that most turns pass between two interruptions. */
const TURN_SECONDS = 0.004;
/** The first runs are slow: an optimising compiler works beside them. */
const WARM_UP_BLOCKS = 60;

/** Runs `count` blocks of the signal in a circle, and one before them to find its caches again. @returns seconds a block */
async function timeBlocks(network: Network, signal: readonly Block[], count: number): Promise<number> {
  await network.block(signal[0]!);
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const output = network.block(signal[i % SIGNAL_BLOCKS]!);
    if (output instanceof Promise) await output;
  }
  return (performance.now() - start) / 1000 / count;
}

/** A processor that idled takes this long, in seconds, to reach its speed again. */
const WAKE_SECONDS = 0.02;

/** Wakes the processor up, before the first of several turns. @param run work of at most some milliseconds */
export async function wakeUp(run: () => unknown): Promise<void> {
  const start = performance.now();
  while (performance.now() - start < 1000 * WAKE_SECONDS) await run();
}

/** Warms a network up. @returns a function that takes one turn and says how many seconds a block took */
export async function prepareTurns(network: Network, signal: readonly Block[]): Promise<() => Promise<number>> {
  const times: number[] = [];
  for (let i = 0; i < WARM_UP_BLOCKS; i++) times.push(await timeBlocks(network, signal, 1));
  const count = Math.max(1, Math.round(TURN_SECONDS / undisturbed(times)));
  return () => timeBlocks(network, signal, count);
}

/** The fastest tenth of times taken in turns: on a busy machine the rest measure the neighbours. */
export function undisturbed(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 10)]!;
}
