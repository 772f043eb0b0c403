import { describe, expect, it } from 'vitest';
import { KernelNetwork, type Mode } from '../../bench/kernel/kernel-network.ts';
import { outputOf, type Network } from '../../bench/kernel/network.ts';
import { checkAgainst, expectedOutput } from '../../bench/kernel/reference-check.ts';
import { RingingStrings, expectedStrings } from '../../bench/kernel/strings.ts';
import { WrongResult } from '../../bench/kernel/wrong-result.ts';
import { BLOCK_ROWS, SIGNAL_BLOCKS, benchmarkShape, benchmarkSignal, type Block } from '../../bench/kernel/workload.ts';
import { kernelBuilds } from '../worklet/fixtures.ts';

const CHANNELS = 16;
const shape = benchmarkShape(CHANNELS);
const signal = benchmarkSignal(shape);
const expected = expectedOutput(CHANNELS);

describe.each(kernelBuilds())('what the kernel benchmark times, $name SIMD', ({ module }) => {
  it.each<Mode>(['block', 'sample'])('agrees with the float64 reference in %s mode', async (mode) => {
    const output = await outputOf(new KernelNetwork(module, shape, mode), signal);
    expect(checkAgainst(expected, output, mode)).toBeLessThan(1e-4);
  });

  it('starts anew where it is told to', async () => {
    const network = new KernelNetwork(module, shape, 'block');
    const first = await outputOf(network, signal);
    expect(await outputOf(network, signal)).toEqual(first);
  });

  it('is refused, by name and sample, where it forgets the past from one block to the next', async () => {
    const network = new KernelNetwork(module, shape, 'block');
    const forgetful: Network = {
      reset: () => network.reset(),
      block: (block: Block) => {
        network.reset();
        return network.block(block);
      },
    };
    const output = await outputOf(forgetful, signal);
    expect(() => checkAgainst(expected, output, 'forgetful')).toThrow(WrongResult);
    expect(() => checkAgainst(expected, output, 'forgetful')).toThrow(new RegExp(`^forgetful: differs from the float64 reference by .* at sample ${BLOCK_ROWS};`));
  });

  it('rings 64 notes as the closed form says', () => {
    expect(checkAgainst(expectedStrings(), new RingingStrings(module).output(), 'strings')).toBeLessThan(1e-4);
  });
});

describe('the check against the reference', () => {
  it('reads the past of every layer', () => {
    expect(SIGNAL_BLOCKS * BLOCK_ROWS).toBeGreaterThan(2 * Math.max(...shape.dilations));
  });

  it('refuses silence, a hundredth too much, too few samples and what is not a number', () => {
    const wrong = [expected.map(() => 0), expected.map((y) => 1.01 * y), expected.slice(1), expected.map(() => NaN)];
    for (const output of wrong) expect(() => checkAgainst(expected, output, 'wrong')).toThrow(WrongResult);
  });
});
