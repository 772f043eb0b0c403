/**
 * Builds everything that runs into dist/.
 *
 *   node build.mjs                       build
 *   node build.mjs --serve [--port N]    build, then serve dist/ on this machine
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { chmod, cp, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from './demo/serve.mjs';
import { magentaPlugin } from './model/transcribe/magenta-plugin.mjs';

const DIST = 'dist';
/** A build that fails leaves the old dist/ in place, and two at once do not meet. */
const WORK = `.cache/build-${process.pid}`;
const FRESH = `${WORK}/dist`;

/** What the CommonJS inside TensorFlow.js expects to find around it. */
const COMMON_JS = `
import { createRequire as createRequireOfBuild } from 'node:module';
const require = createRequireOfBuild(import.meta.url), { filename: __filename, dirname: __dirname } = import.meta;
`;

/** @param {typeof import('esbuild')} esbuild */
async function build(esbuild) {
  await mkdir(FRESH, { recursive: true });
  try {
    await Promise.all([forBrowser(esbuild), forNode(esbuild), kernel(), pieces(esbuild), files()]);
    await serviceWorker(esbuild);
    await rm(DIST, { recursive: true, force: true });
    await rename(FRESH, DIST);
  } finally {
    await rm(WORK, { recursive: true });
  }
}

/** The element, the processor and the renderer that their threads load by URL, and the page. */
async function forBrowser(esbuild) {
  const entryPoints = [
    { in: 'ui/anypiano.ts', out: 'anypiano' },
    { in: 'worklet/processor.ts', out: 'anypiano-processor' },
    { in: 'ui/renderer/worker.ts', out: 'anypiano-renderer' },
    { in: 'model/extract/worker.ts', out: 'anypiano-extractor' },
    { in: 'demo/page.css', out: 'demo/page' },
    { in: 'demo/page.ts', out: 'demo/page' },
  ];
  await esbuild.build({
    entryPoints,
    outdir: FRESH,
    bundle: true,
    format: 'esm',
    target: ['es2022'],
    minify: true,
    sourcemap: true,
    legalComments: 'linked',
  });
}

/** The command line, its training workers, and the benchmarks. */
async function forNode(esbuild) {
  const workers = (await readdir('model/train')).filter((file) => file.endsWith('-worker.ts'));
  const entryPoints = [
    { in: 'model/cli/anypiano.ts', out: 'cli/anypiano' },
    { in: 'bench/bench.ts', out: 'bench/bench' },
    { in: 'bench/quality/worker.ts', out: 'bench/quality-worker' },
    ...workers.map((file) => ({ in: `model/train/${file}`, out: `train/${file.replace(/\.ts$/, '')}` })),
  ];
  const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  await esbuild.build({
    entryPoints,
    outdir: FRESH,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: ['node20'],
    // The CommonJS build of TensorFlow.js, which Node would take, has no gradients; so it alone is bundled.
    mainFields: ['module', 'main'],
    external: Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !/^@(?:tensorflow|magenta)\//.test(name)),
    plugins: [magentaPlugin],
    banner: { js: COMMON_JS },
    sourcemap: true,
  });
  await chmod(`${FRESH}/cli/anypiano.js`, 0o755);
}

async function kernel() {
  const { buildKernel } = await import('./worklet/kernel/build.mjs');
  await buildKernel(FRESH);
}

async function pieces(esbuild) {
  const outfile = `${WORK}/pieces.js`;
  await esbuild.build({ entryPoints: ['demo/pieces/write.ts'], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  const { writePieces } = await import(`./${outfile}`);
  await writePieces(`${FRESH}/demo/pieces`);
}

async function files() {
  for (const name of ['index.html', 'manifest.webmanifest', 'icons']) await cp(`demo/${name}`, `${FRESH}/demo/${name}`, { recursive: true });
  await cp('model/pretrained', `${FRESH}/pretrained`, { recursive: true });
  // What the extractor listens with.
  const require = createRequire(import.meta.url);
  await cp(dirname(require.resolve('@spotify/basic-pitch/model/model.json')), `${FRESH}/basic-pitch`, { recursive: true });
  const wasm = 'tfjs-backend-wasm-simd.wasm';
  await cp(require.resolve(`@tensorflow/tfjs-backend-wasm/dist/${wasm}`), `${FRESH}/${wasm}`);
}

/** The service worker of the page, which knows the hash of every file that the page plays with. */
async function serviceWorker(esbuild) {
  // Listening to recordings is heavy, and waits for the network.
  const wanted = /^(?:anypiano(?!-extractor)[^/]*\.(?:js|wasm)|demo\/.*|pretrained\/(?:model\.safetensors|styles\/.*))$/;
  const names = (await readdir(FRESH, { recursive: true })).map((name) => name.split(sep).join('/')).sort();
  const kept = [];
  for (const name of names.filter((name) => wanted.test(name) && /\.\w+$/.test(name) && !name.endsWith('.map'))) {
    kept.push({ path: name, hash: createHash('sha256').update(await readFile(`${FRESH}/${name}`)).digest('hex') });
  }
  await esbuild.build({
    entryPoints: ['demo/service-worker/worker.ts'],
    outfile: `${FRESH}/service-worker.js`,
    bundle: true,
    minify: true,
    target: ['es2022'],
    define: { KEPT_FILES: JSON.stringify(kept) },
  });
}

const { values: options } = parseArgs({ options: { serve: { type: 'boolean' }, port: { type: 'string' } } });
const esbuild = await import('esbuild').catch(() => undefined);
if (esbuild !== undefined) {
  await build(esbuild);
} else if (process.env['npm_lifecycle_event'] === 'prepare') {
  console.log('anypiano: not built, because the development dependencies are not installed');
} else {
  console.error('anypiano: esbuild is missing; run npm ci with the development dependencies');
  process.exitCode = 1;
}
if (options.serve && esbuild !== undefined) {
  try {
    const { address } = await serve(DIST, options.port === undefined ? undefined : Number(options.port));
    console.log(`anypiano is at ${address}`);
  } catch (error) {
    console.error(`anypiano: ${error.message}`);
    process.exitCode = 1;
  }
}
