/** The program of a pack: the command line and its worker with all they import, bundled from the built package. */
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InputError } from '../../input-error.ts';

const require = createRequire(import.meta.url);
const WASM_BACKEND = 'tfjs-backend-wasm-simd.wasm';

/** Carried as they are, or not needed on the other machine. */
const EXTERNAL = ['webgpu', 'bullmq', 'ioredis', 'esbuild', 'wasm-media-encoders', 'playwright-core', '@sparticuz/chromium'];

/** `webgpu` without its addon, which `train.sh` puts in place. Returns the addon's path. */
async function copyWebGpu(modules: string): Promise<string> {
  const from = dirname(require.resolve('webgpu'));
  const to = join(modules, 'webgpu');
  await mkdir(join(to, 'dist', 'linux-x64'), { recursive: true });
  for (const file of ['package.json', 'index.js', 'LICENSE.md']) await copyFile(join(from, file), join(to, file));
  return join(from, 'dist', 'linux-x64', 'dawn.node');
}

/**
 * Writes the program into `folder`, which becomes a package root as `dist` is.
 *
 * @param dist the built package
 * @returns path of Dawn's addon on this machine
 * @throws InputError where the package is not built or esbuild is missing
 */
export async function bundleProgram(dist: string, folder: string): Promise<string> {
  const esbuild = await import('esbuild').catch(() => {
    throw new InputError('pack', 'needs esbuild; install the development dependencies');
  });
  await rm(folder, { recursive: true, force: true });
  const built = await esbuild
    .build({
      entryPoints: [
        { in: join(dist, 'cli/anypiano.js'), out: 'cli/anypiano' },
        { in: join(dist, 'train/gradient-worker.js'), out: 'train/gradient-worker' },
      ],
      outdir: folder,
      bundle: true,
      splitting: true,
      // One folder down, as in dist: the program finds its files from there.
      chunkNames: 'chunks/[name]-[hash]',
      minify: true,
      format: 'esm',
      platform: 'node',
      target: ['node20'],
      external: EXTERNAL,
      // What is bundled may still call require for Node's own modules.
      banner: { js: "import { createRequire as createRequireOfPack } from 'node:module'; var require = createRequireOfPack(import.meta.url);" },
      logLevel: 'silent',
    })
    .catch(() => undefined);
  if (!built) throw new InputError(dist, 'cannot be bundled; run npm run build');
  await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
  // For machines whose GPU does not start.
  await copyFile(join(dist, WASM_BACKEND), join(folder, WASM_BACKEND));
  return copyWebGpu(join(folder, 'node_modules'));
}
