import { cp, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build as buildWithEsbuild } from 'esbuild';
import { createServer, build as buildWithVite } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import webpack from 'webpack';
import { Audience, SECURE, loudest, strikeMiddleC } from './audience.ts';
import { installPackage, type InstalledPackage } from './installed-package.ts';

let installed: InstalledPackage;
let audience: Audience;
beforeAll(async () => void ([installed, audience] = await Promise.all([installPackage(), Audience.start()])));
afterAll(async () => {
  await audience.close();
  await installed.remove();
});

const page = (script: string): string => `<!doctype html><title>Piano</title><any-piano piano="upright-kw"></any-piano><script type="module" src="${script}"></script>`;
const AUDIBLE = 1e-3;

/** Opens a page with the element, plays it, and wants no complaint. */
async function expectToPlay(address: string): Promise<void> {
  const { page, complaints } = await audience.open(address);
  await strikeMiddleC(page);
  expect(await loudest(page)).toBeGreaterThan(AUDIBLE);
  expect(complaints).toEqual([]);
}

function bundleWithWebpack(configuration: webpack.Configuration): Promise<void> {
  return new Promise((resolve, reject) => {
    webpack(configuration, (error, stats) => {
      if (error !== null && error !== undefined) reject(error);
      else if (stats?.hasErrors() || stats?.hasWarnings()) reject(new Error(stats.toString('errors-warnings')));
      else resolve();
    });
  });
}

describe('the package plays', () => {
  test('from one file on a page without a server behind it', async () => {
    const script = await readFile(join(installed.folder, 'dist/anypiano.single.js'));
    const empty = await installed.app('single', {});
    await expectToPlay(await audience.serve({ folder: empty, files: { '/index.html': page('piano.js'), '/piano.js': script } }));
  });

  test('from one file, or says what a content security policy has to allow', async () => {
    const script = await readFile(join(installed.folder, 'dist/anypiano.single.js'));
    const empty = await installed.app('single-secure', {});
    const { page: opened } = await audience.open(await audience.serve({ folder: empty, files: { '/index.html': page('piano.js'), '/piano.js': script }, headers: SECURE }));
    const shown = await opened.waitForFunction(() => document.querySelector('any-piano')?.shadowRoot?.querySelector('piano-notice')?.shadowRoot?.querySelector('[role=status].message')?.textContent);
    expect(await shown.jsonValue()).toContain("a file inside the script: could not be loaded: does the content security policy's connect-src allow blob:?");
  });

  test('from one file, under the policy that the README gives for what is inlined', async () => {
    const script = await readFile(join(installed.folder, 'dist/anypiano.single.js'));
    const empty = await installed.app('single-allowed', {});
    const policy = "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval' blob:; connect-src 'self' blob:; worker-src blob:";
    await expectToPlay(await audience.serve({ folder: empty, files: { '/index.html': page('piano.js'), '/piano.js': script }, headers: { 'content-security-policy': policy } }));
  });

  test('as Vite builds it, under a strict content security policy', async () => {
    const root = await installed.app('vite', { 'index.html': page('main.js'), 'main.js': "import 'anypiano';\n" });
    await buildWithVite({ root, configFile: false, logLevel: 'error' });
    await expectToPlay(await audience.serve({ folder: join(root, 'dist'), headers: SECURE }));
  });

  test('while Vite serves it to a developer', async () => {
    const root = await installed.app('vite-dev', { 'index.html': page('main.js'), 'main.js': "import 'anypiano';\n" });
    const server = await createServer({ root, configFile: false, logLevel: 'error', server: { port: 0, hmr: false }, optimizeDeps: { exclude: ['anypiano'] } });
    await server.listen();
    await expectToPlay(server.resolvedUrls!.local[0]!);
    await server.close();
  });

  test('as webpack builds it, under a strict content security policy', async () => {
    const context = await installed.app('webpack', { 'main.js': "import 'anypiano';\n" });
    const output = { path: join(context, 'dist') };
    await bundleWithWebpack({ mode: 'production', context, entry: './main.js', output, optimization: { minimize: false }, performance: { hints: false } });
    await expectToPlay(await audience.serve({ folder: output.path, files: { '/index.html': page('main.js') }, headers: SECURE }));
  });

  test('as esbuild builds it, with the files of the package copied to where `useFiles` says', async () => {
    const root = await installed.app('esbuild', { 'main.js': "import { useFiles } from 'anypiano';\nuseFiles('/assets/anypiano/');\n" });
    const folder = join(root, 'dist');
    await buildWithEsbuild({ entryPoints: [join(root, 'main.js')], bundle: true, format: 'esm', outdir: folder, logLevel: 'error' });
    await cp(join(installed.folder, 'dist'), join(folder, 'assets/anypiano'), { recursive: true });
    await expectToPlay(await audience.serve({ folder, files: { '/index.html': page('main.js') }, headers: SECURE }));
  });

  test('as esbuild builds the node alone, with the engine inside the bundle', async () => {
    const main = `
      import { PianoNode, loadPiano, useFiles } from 'anypiano/node';
      import { inlined } from 'anypiano/inline';
      useFiles(inlined, '/trained/');
      const context = new AudioContext();
      const piano = await PianoNode.create(context, await loadPiano('cp80'));
      piano.connect(context.destination);
      piano.noteOn(48, 0.8);`;
    const root = await installed.app('esbuild-inline', { 'main.js': main });
    const folder = join(root, 'dist');
    const { metafile } = await buildWithEsbuild({ entryPoints: [join(root, 'main.js')], bundle: true, format: 'esm', outdir: folder, metafile: true, logLevel: 'error' });
    expect(Object.keys(metafile.inputs).filter((input) => /lit|anypiano\.js/.test(input))).toEqual([]);
    await cp(join(installed.folder, 'dist/pretrained'), join(folder, 'trained/pretrained'), { recursive: true });
    const { page: opened, complaints } = await audience.open(await audience.serve({ folder, files: { '/index.html': '<script type="module" src="main.js"></script>' } }));
    expect(await loudest(opened)).toBeGreaterThan(AUDIBLE);
    expect(complaints).toEqual([]);
  });

  test('from another origin, as from a content delivery network', async () => {
    const far = await audience.serve({ folder: join(installed.folder, 'dist'), headers: { 'access-control-allow-origin': '*' } });
    const address = await audience.serve({ folder: installed.project, files: { '/index.html': page(`${far}/anypiano.js`) } });
    await expectToPlay(address);
  });
});

describe('two versions on one page', () => {
  test('do not meet and add no global but the version marks of Lit: the first makes the elements, and both make nodes', async () => {
    const folder = join(installed.folder, 'dist');
    const script = `
      const globals = new Set(Reflect.ownKeys(globalThis));
      const first = await import('/one/anypiano.js');
      const second = await import('/two/anypiano.js');
      const added = Reflect.ownKeys(globalThis).filter((key) => !globals.has(key) && !/^(?:lit|reactive)[A-Z]/.test(String(key)));
      const context = new AudioContext();
      const pianos = [];
      for (const { PianoNode, loadPiano } of [first, second]) pianos.push(await PianoNode.create(context, await loadPiano('cp80')));
      globalThis.outcome = { added, same: first.AnyPiano === second.AnyPiano, own: customElements.get('any-piano') === first.AnyPiano, pianos: pianos.length };
      pianos[1].connect(context.destination);
      pianos[1].noteOn(60, 0.8);`;
    const copies: Record<string, Uint8Array | string> = {};
    // The second is of another version.
    const aged = async (file: string): Promise<string> => (await readFile(join(folder, file), 'utf8')).replaceAll(`"${installed.packageJson.version}"`, '"0.0.9"');
    for (const file of ['anypiano.js', 'anypiano-processor.js']) expect((await aged(file)).includes('"0.0.9"')).toBe(true);
    for (const file of await readdir(folder)) if (/^anypiano[\w-]*\.(?:js|wasm)$/.test(file)) for (const copy of ['one', 'two']) copies[`/${copy}/${file}`] = copy === 'two' && file.endsWith('.js') ? await aged(file) : await readFile(join(folder, file));
    for (const file of ['model.safetensors', 'styles/cp80.json']) for (const copy of ['one', 'two']) copies[`/${copy}/pretrained/${file}`] = await readFile(join(folder, 'pretrained', file));
    const address = await audience.serve({ folder, files: { ...copies, '/index.html': '<script type="module" src="main.js"></script>', '/main.js': script } });
    const { page: opened, complaints } = await audience.open(address);
    expect(await loudest(opened)).toBeGreaterThan(AUDIBLE);
    expect(await opened.evaluate(() => (globalThis as typeof globalThis & { outcome: unknown }).outcome)).toEqual({ added: [], same: false, own: true, pianos: 2 });
    expect(complaints).toEqual([]);
  });
});

describe('the example', () => {
  test.each(['react', 'vue', 'svelte', 'tone'])('for %s builds and plays', async (name) => {
    const root = await installed.app(name, `demo/examples/${name}`);
    await buildWithVite({ root, configFile: join(root, 'vite.config.js'), logLevel: 'error' });
    const { page: opened, complaints } = await audience.open(await audience.serve({ folder: join(root, 'dist') }));
    if (name !== 'tone') await opened.waitForFunction(() => document.querySelector('any-piano')?.node !== undefined);
    // The page's own button; the element has others, in its shadow.
    await opened.evaluate(() => [...document.querySelectorAll('button')].at(-1)!.click());
    expect(await loudest(opened)).toBeGreaterThan(AUDIBLE);
    if (name !== 'tone') await opened.waitForFunction(() => document.querySelector('p')?.textContent === 'Last key: 60');
    expect(complaints).toEqual([]);
  });
});
