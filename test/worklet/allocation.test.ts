import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GENERATED } from '../../model/spec.ts';
import { kernelBuilds } from './fixtures.ts';

/**
 * V8 boxes a number that crosses a call which it did not inline: some tens of bytes a block.
 * One small object for each of the sounding voices would be far above this.
 */
const BOXED_NUMBERS = 512;

const folder = mkdtempSync(join(tmpdir(), 'anypiano-allocation-'));
const probe = join(folder, 'probe.mjs');

beforeAll(async () => {
  const entryPoints = [new URL('allocation-probe.ts', import.meta.url).pathname];
  await build({ entryPoints, outfile: probe, bundle: true, platform: 'node', format: 'esm' });
});

afterAll(() => rmSync(folder, { recursive: true }));

const SPECTRAL = kernelBuilds().flatMap(({ name }) => [{ name, rate: 48000 }, { name, rate: 44100 }].map((each) => ({ ...each, decoder: 'spectral' })));
const GENERATING = GENERATED.map((decoder) => ({ name: kernelBuilds()[0]!.name, rate: 48000, decoder }));

it.each([...SPECTRAL, ...GENERATING])(
  'the engine allocates no object while it plays at $rate Hz, and its memory does not grow, $name SIMD, $decoder',
  ({ name, rate, decoder }) => {
    const kernel = new URL(`../../dist/anypiano-${name}.wasm`, import.meta.url).pathname;
    // What is worth compiling is compiled at once, however busy the machine is.
    const flags = ['--experimental-wasm-relaxed-simd', '--expose-gc', '--no-concurrent-recompilation'];
    const printed = execFileSync(process.execPath, [...flags, probe, kernel, String(rate), String(BOXED_NUMBERS), ...(decoder === 'spectral' ? [] : [decoder])], { encoding: 'utf8' });
    const { heapBytesPerBlock, memoryGrowthBytes, voices } = JSON.parse(printed) as Record<string, number>;
    expect(voices).toBeGreaterThan(10);
    expect(memoryGrowthBytes).toBe(0);
    expect(heapBytesPerBlock).toBeLessThan(BOXED_NUMBERS);
  },
);
