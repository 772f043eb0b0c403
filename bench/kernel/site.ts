/** The benchmark's page in a headless Chromium. */
import asc from 'assemblyscript/asc';
import type { Page } from 'playwright-core';
import { startBrowser } from '../../test/browser/find-browser.ts';
import { bundle, openSite } from '../../test/browser/site.ts';
import type { Build, KernelPage } from './page.ts';

/** What the page makes global. */
export type InPage = typeof globalThis & { readonly kernelPage: KernelPage };
export type SiteFiles = Readonly<Record<string, string | Uint8Array>>;

/** Compiles a loop of `bench/ceilings` with the options that the kernel is compiled with. */
async function compileLoop(name: string, build: Build): Promise<Uint8Array> {
  const features = build === 'relaxed' ? ['--enable', 'relaxed-simd'] : [];
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [`bench/ceilings/${name}.ts`, '--outFile', 'loop.wasm', '-O1', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd', ...features],
    { writeFile: (_, contents) => void (binary = contents as Uint8Array) },
  );
  if (error || !binary) throw new Error(`${name} does not compile: ${stderr.toString()}`);
  return binary;
}

/** Opens fresh pages for `use`, and closes browser and site after it. @param peers files of `peers/site-files.ts` */
export async function inBrowser<T>(peers: SiteFiles, use: (openPage: () => Promise<Page>) => Promise<T>): Promise<T> {
  const site = await openSite({
    folder: 'dist',
    // An isolated page has a clock of 5 us instead of 100.
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
    files: {
      ...peers,
      '/index.html': '<!doctype html><script type="module" src="/page.js"></script>',
      '/page.js': await bundle('bench/kernel/page.ts'),
      '/worklet.js': await bundle('bench/kernel/worklet/processor.ts'),
      '/fma-relaxed.wasm': await compileLoop('fma-loop', 'relaxed'),
      '/fma-plain.wasm': await compileLoop('fma-loop', 'plain'),
      '/rotation-relaxed.wasm': await compileLoop('rotation-loop', 'relaxed'),
      '/rotation-plain.wasm': await compileLoop('rotation-loop', 'plain'),
    },
  });
  const browser = await startBrowser();
  try {
    return await use(async () => {
      const page = await browser.newPage();
      await page.goto(site.address);
      await page.waitForFunction(() => 'kernelPage' in globalThis);
      return page;
    });
  } finally {
    await browser.close();
    await site.close();
  }
}
