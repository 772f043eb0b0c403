/**
 * Builds everything that runs into dist/.
 *
 *   node build.mjs                       build
 *   node build.mjs --package             build, with what only the npm package needs: declarations, and the manifest of elements
 *   node build.mjs --serve [--port N]    build, then serve dist/ on this machine
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { chmod, cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { parseArgs, promisify } from 'node:util';
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
    const forPackage = options.package ? [declarations(), manifest()] : [];
    await Promise.all([forBrowser(esbuild), webAudioModule(esbuild), forNode(esbuild), kernel(), pieces(esbuild), files(), ...forPackage]);
    await Promise.all([inlined(esbuild), serviceWorker(esbuild), licences()]);
    await rm(DIST, { recursive: true, force: true });
    await rename(FRESH, DIST);
  } finally {
    await rm(WORK, { recursive: true });
  }
}

/** What esbuild says of the scripts that the package has. */
const bundled = [];

/** Weights of either tier. */
const WEIGHTS = /^(?:model|small)\.safetensors$/;

// The banner says to tools what the minified libraries inside hide: that this is a module.
const BROWSER = { bundle: true, format: 'esm', banner: { js: 'export {};' }, target: ['es2022'], minify: true, legalComments: 'linked', metafile: true };

/** The element, the node alone, the processor and the renderer that their threads load by URL, and the page. */
async function forBrowser(esbuild) {
  const entryPoints = [
    { in: 'ui/anypiano.ts', out: 'anypiano' },
    { in: 'ui/server.ts', out: 'anypiano-server' },
    { in: 'worklet/anypiano-node.ts', out: 'anypiano-node' },
    { in: 'worklet/registration.ts', out: 'anypiano-processor' },
    { in: 'ui/renderer/worker.ts', out: 'anypiano-renderer' },
    { in: 'model/extract/worker.ts', out: 'anypiano-extractor' },
    { in: 'ui/plugins/rack.ts', out: 'anypiano-plugins' },
    { in: 'ui/plugins/host-worklet.ts', out: 'anypiano-plugins-worklet' },
    { in: 'demo/page.css', out: 'demo/page' },
    { in: 'demo/page.ts', out: 'demo/page' },
  ];
  bundled.push(await esbuild.build({ ...BROWSER, entryPoints, outdir: FRESH, sourcemap: !options.package }));
  // Plugins are loaded by addresses that no bundler knows; the comments that tell them so do not survive minifying.
  for (const name of ['anypiano.js', 'anypiano-plugins.js']) {
    const text = await readFile(`${FRESH}/${name}`, 'utf8');
    await writeFile(`${FRESH}/${name}`, text.replace(/\bimport\((?=[^"'/])/g, 'import(/* webpackIgnore: true *//* @vite-ignore */'));
  }
}

/** Scripts that hold other files: the engine, and the whole package. */
async function inlined(esbuild) {
  const engine = ['anypiano-processor.js', 'anypiano-renderer.js', 'anypiano-relaxed.wasm', 'anypiano-plain.wasm'];
  const styles = (await readdir(`${FRESH}/pretrained/styles`)).map((name) => `pretrained/styles/${name}`);
  const weights = (await readdir(`${FRESH}/pretrained`)).filter((name) => WEIGHTS.test(name)).map((name) => `pretrained/${name}`);
  const all = [...engine, ...weights, ...styles];
  const scripts = [
    { entry: 'worklet/inlined.ts', name: 'anypiano-inline', files: engine },
    { entry: 'ui/single.ts', name: 'anypiano.single', files: all },
  ];
  for (const { entry, name, files } of scripts) {
    const contents = {};
    for (const file of files) {
      const bytes = await readFile(`${FRESH}/${file}`);
      contents[file] = /\.js(?:on)?$/.test(file) ? bytes.toString('utf8').replace(/\n\/\/# sourceMappingURL=.*\n$/, '') : bytes.toString('base64');
    }
    const define = { INLINED_FILES: JSON.stringify(contents) };
    await esbuild.build({ ...BROWSER, entryPoints: [entry], outfile: `${FRESH}/${name}.js`, define });
  }
}

/** The piano as a Web Audio Module, in a folder of its own; its face is loaded when a host asks for it. */
async function webAudioModule(esbuild) {
  const settings = { ...BROWSER, outdir: `${FRESH}/wam`, sourcemap: !options.package };
  bundled.push(await esbuild.build({ ...settings, entryPoints: ['ui/wam/index.ts'], splitting: true, chunkNames: 'chunks/[name]-[hash]' }));
  bundled.push(await esbuild.build({ ...settings, entryPoints: ['ui/wam/processor.ts'] }));
  await cp('ui/wam/descriptor.json', `${FRESH}/wam/descriptor.json`);
}

/** The command line, its training workers, and the benchmarks. */
async function forNode(esbuild) {
  const workers = (await readdir('model/train')).filter((file) => file.endsWith('-worker.ts'));
  const program = [
    { in: 'model/cli/anypiano.ts', out: 'cli/anypiano' },
    ...workers.map((file) => ({ in: `model/train/${file}`, out: `train/${file.replace(/\.ts$/, '')}` })),
  ];
  const benchmarks = [
    { in: 'bench/bench.ts', out: 'bench/bench' },
    { in: 'bench/quality/worker.ts', out: 'bench/quality-worker' },
  ];
  const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  const settings = {
    outdir: FRESH,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: ['node20'],
    // The CommonJS build of TensorFlow.js, which Node would take, has no gradients; so it alone is bundled.
    mainFields: ['module', 'main'],
    external: Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !/^@(?:tensorflow|magenta|spotify)\//.test(name)),
    plugins: [magentaPlugin],
    banner: { js: COMMON_JS },
    sourcemap: !options.package,
    metafile: true,
  };
  // The package has no benchmarks, so they share nothing with what it has.
  const [made] = await Promise.all([
    esbuild.build({ ...settings, entryPoints: program, chunkNames: 'chunks/[name]-[hash]' }),
    esbuild.build({ ...settings, entryPoints: benchmarks, chunkNames: 'bench-chunks/[name]-[hash]' }),
  ]);
  bundled.push(made);
  await chmod(`${FRESH}/cli/anypiano.js`, 0o755);
}

async function kernel() {
  const { buildKernel } = await import('./worklet/kernel/build.mjs');
  await buildKernel(FRESH);
}

/** Notices of the libraries that are inside the scripts: their licences want them in every copy. */
async function licences() {
  const { writeLicences } = await import('./ui/licences.mjs');
  await writeLicences(bundled.flatMap(({ metafile }) => Object.keys(metafile.inputs)), `${FRESH}/anypiano-licences.txt`);
}

/** In a process of its own, since the compiler takes a processor for seconds. */
async function declarations() {
  await promisify(execFile)(process.execPath, ['ui/declarations.mjs', FRESH]);
}

async function manifest() {
  const { writeManifest } = await import('./ui/manifest.mjs');
  await writeManifest(`${FRESH}/custom-elements.json`);
}

async function pieces(esbuild) {
  const outfile = `${WORK}/pieces.js`;
  await esbuild.build({ entryPoints: ['demo/pieces/write.ts'], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  const { writePieces } = await import(`./${outfile}`);
  await writePieces(`${FRESH}/demo/pieces`);
}

async function files() {
  for (const name of ['index.html', 'plugins.html', 'manifest.webmanifest', 'icons']) await cp(`demo/${name}`, `${FRESH}/demo/${name}`, { recursive: true });
  await cp('model/pretrained', `${FRESH}/pretrained`, { recursive: true });
  // What the extractor listens with.
  const require = createRequire(import.meta.url);
  await cp(dirname(require.resolve('@spotify/basic-pitch/model/model.json')), `${FRESH}/basic-pitch`, { recursive: true });
  const wasm = 'tfjs-backend-wasm-simd.wasm';
  await cp(require.resolve(`@tensorflow/tfjs-backend-wasm/dist/${wasm}`), `${FRESH}/${wasm}`);
}

/** The service worker of the page, which knows the hash of every file that the page plays with. */
async function serviceWorker(esbuild) {
  const atOnce = /^(?:anypiano(?:-processor|-renderer)?\.js|anypiano-[a-z]+\.wasm|demo\/.*|pretrained\/(?:(?:model|small)\.safetensors|styles\/.*))$/;
  // Listening to recordings is heavy; plugins come by the network anyway.
  const onceUsed = /^(?:anypiano-(?:extractor|plugins|plugins-worklet)\.js|tfjs-.*\.wasm|pretrained\/encoder\.safetensors|basic-pitch\/.*)$/;
  const names = (await readdir(FRESH, { recursive: true })).map((name) => name.split(sep).join('/')).sort();
  const kept = [];
  for (const name of names.filter((name) => (atOnce.test(name) || onceUsed.test(name)) && /\.\w+$/.test(name) && !name.endsWith('.map'))) {
    const when = atOnce.test(name) ? 'at once' : 'once used';
    kept.push({ path: name, when, hash: createHash('sha256').update(await readFile(`${FRESH}/${name}`)).digest('hex') });
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

const { values: options } = parseArgs({ options: { package: { type: 'boolean' }, serve: { type: 'boolean' }, port: { type: 'string' } } });
const esbuild = await import('esbuild').catch(() => undefined);
if (esbuild !== undefined) {
  await build(esbuild);
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
