/** `npm run bench -- kernel`: the WaveNet kernel in a browser, against a loop of multiply-adds in the same run. */
import { parseArgs } from 'node:util';
import asc from 'assemblyscript/asc';
import { startBrowser } from '../test/browser/find-browser.ts';
import { bundle, openSite } from '../test/browser/site.ts';
import type { KernelReport } from './kernel/page.ts';

const CHANNELS = [16, 24, 32];
/** The size that the shares of the last line are of. */
const STATED_CHANNELS = 24;

/** Compiles the loop with the options that the kernel is compiled with. */
async function compileLoop(features: readonly string[]): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ['bench/fma/fma-loop.ts', '--outFile', 'loop.wasm', '-O1', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd', ...features],
    { writeFile: (_, contents) => void (binary = contents as Uint8Array) },
  );
  if (error || !binary) throw new Error(`the loop does not compile: ${stderr.toString()}`);
  return binary;
}

/** Measures networks of each number of channels in a headless Chromium. */
export async function measureInBrowser(channels: readonly number[]): Promise<KernelReport> {
  const site = await openSite({
    folder: 'dist',
    // An isolated page has a clock of 5 us instead of 100.
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
    files: {
      '/index.html': '<!doctype html><script type="module" src="/page.js"></script>',
      '/page.js': await bundle('bench/kernel/page.ts'),
      '/fma-relaxed.wasm': await compileLoop(['--enable', 'relaxed-simd']),
      '/fma-plain.wasm': await compileLoop([]),
    },
  });
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(site.address);
    await page.waitForFunction(() => 'measureKernel' in globalThis);
    return await page.evaluate(
      (counts) => (globalThis as unknown as { measureKernel(c: readonly number[]): Promise<KernelReport> }).measureKernel(counts),
      channels,
    );
  } finally {
    await browser.close();
    await site.close();
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`.padStart(8);

/** Runs the benchmark. */
export async function kernel(args: string[]): Promise<void> {
  const { values: options } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const { build, gigaflops, networks } = await measureInBrowser(CHANNELS);
  console.log(`WaveNet kernel (${build} SIMD), 20 layers, blocks of 128 rows; the loop of multiply-adds makes ${gigaflops.toFixed(0)} GFLOP/s`);
  console.log('channels    block  ns/row    sample  ns/row');
  for (const { channels, shareOfFma, nanosecondsPerRow } of networks) {
    const mode = (name: 'block' | 'sample'): string => `${percent(shareOfFma[name])}${nanosecondsPerRow[name].toFixed(0).padStart(8)}`;
    console.log(`${String(channels).padEnd(8)} ${mode('block')}  ${mode('sample')}`);
  }
  if (options.json) {
    const { shareOfFma } = networks.find(({ channels }) => channels === STATED_CHANNELS)!;
    console.log(JSON.stringify({ shareOfFma, channels: STATED_CHANNELS, build, gigaflops, networks }));
  }
}
