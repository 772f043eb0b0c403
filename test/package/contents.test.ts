import { readFile, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installPackage, runCommand, type InstalledPackage } from './installed-package.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MIB = 2 ** 20;
/** Stands in a string of WEBMIDI.js, which only Node would run. */
const IN_STRINGS = ['jzz'];

let installed: InstalledPackage;
let files: string[];
beforeAll(async () => {
  installed = await installPackage();
  files = await installed.files();
});
afterAll(() => installed.remove());

/** Runs a script as a module of the project, in plain Node. */
async function runModule(source: string): Promise<unknown> {
  await writeFile(join(installed.project, 'script.js'), source);
  const { stdout } = await runCommand(process.execPath, ['script.js'], { cwd: installed.project });
  return JSON.parse(stdout);
}

describe('the package', () => {
  test('holds what plays and the command line, and no source, test, benchmark, page or training data but for examples', () => {
    for (const needed of ['dist/anypiano.js', 'dist/anypiano.d.ts', 'dist/anypiano.single.js', 'dist/custom-elements.json', 'dist/cli/anypiano.js', 'dist/wam/index.js', 'dist/pretrained/model.safetensors', 'LICENSE', 'README.md']) {
      expect(files).toContain(needed);
    }
    const allowed = /^(?:dist\/(?:anypiano[^/]*|custom-elements\.json|tfjs[^/]*\.wasm|(?:basic-pitch|chunks|cli|pretrained|train|wam)\/.*)|docs\/.*\.(?:md|svg|png)|demo\/examples\/.*|model\/pretrained\/(?:MODEL_CARD\.md|LICENSE)|LICENSE|README\.md|package\.json)$/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
    expect(files.filter((file) => file.endsWith('.map') || (file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.startsWith('demo/examples/')))).toEqual([]);
    expect(installed.bytes).toBeLessThan(10 * MIB);
  });

  test('has a changelog whose newest version is its own, and versions in order', async () => {
    const text = await readFile(join(installed.folder, 'docs/CHANGELOG.md'), 'utf8');
    const versions = Array.from(text.matchAll(/^## \[(\d+)\.(\d+)\.(\d+)\] - \d{4}-\d{2}-\d{2}$/gm), (match) => match.slice(1, 4).map(Number));
    expect(versions[0]?.join('.')).toBe(installed.packageJson.version);
    const rank = ([major, minor, patch]: number[]): number => 1e6 * major! + 1e3 * minor! + patch!;
    expect(versions.map(rank)).toEqual(versions.map(rank).toSorted((a, b) => b - a));
  });

  test('holds all that its README links to', async () => {
    const text = await readFile(join(installed.folder, 'README.md'), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]!.replace(/\/$/, ''));
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !files.some((file) => file === link || file.startsWith(`${link}/`)))).toEqual([]);
  });

  test('imports only its own dependencies, and those that are optional only from the command line', async () => {
    const { dependencies, peerDependencies } = installed.packageJson;
    const wrong: string[] = [];
    const found = new Set<string>();
    for (const file of files.filter((name) => /^dist\/.*\.(?:js|d\.ts)$/.test(name))) {
      const text = await readFile(join(installed.folder, file), 'utf8');
      const imports = text.matchAll(/(?:^|;)(?:import|export)\b[^'";]*?(?:\bfrom\s*)?["']([@\w][^"'\n]*)["']|\bimport\("([@\w][^"]*)"\)/gm);
      const fromNode = /^dist\/(?:chunks|cli|train)\//.test(file);
      // What Node loads as CommonJS counts too; in scripts of the browser such calls stand in branches that never run.
      const required = fromNode ? text.matchAll(/\brequire\d*\("([@\w][^"]*)"\)/g) : [];
      for (const match of [...imports, ...required]) {
        const path = (match[1] ?? match[2])!.replace(/^node:/, '');
        const name = path.split('/').slice(0, path.startsWith('@') ? 2 : 1).join('/');
        found.add(name);
        const allowed = fromNode ? [...Object.keys(dependencies), ...Object.keys(peerDependencies), ...builtinModules] : file.endsWith('.d.ts') ? ['lit'] : IN_STRINGS;
        if (!allowed.includes(name)) wrong.push(`${file} imports ${name}`);
      }
    }
    expect(wrong).toEqual([]);
    expect([...found]).toEqual(expect.arrayContaining([...Object.keys(dependencies), ...Object.keys(peerDependencies)]));
  });

  test('gives a server of whatever make what needs no page', async () => {
    await writeFile(join(installed.project, 'resolve.js'), "console.log(import.meta.resolve('anypiano'));");
    for (const conditions of [[], ['workerd', 'worker', 'browser'], ['edge-light', 'browser'], ['deno']]) {
      const { stdout } = await runCommand(process.execPath, [...conditions.flatMap((name) => ['-C', name]), 'resolve.js'], { cwd: installed.project });
      expect(stdout, conditions.join()).toMatch(/anypiano-server\.js\n$/);
    }
  });

  test('names the licences of the libraries that are inside its scripts', async () => {
    const text = await readFile(join(installed.folder, 'dist/anypiano-licences.txt'), 'utf8');
    for (const name of ['lit', 'valibot', 'delaunator', 'webmidi', '@webaudiomodules/sdk', '@tensorflow/tfjs-core', '@spotify/basic-pitch']) expect(text).toMatch(new RegExp(`^${name} \\d.*\\(`, 'm'));
    expect(text).toContain('Redistribution and use in source and binary forms');
  });

  test('runs nothing when it is installed, so that no package manager warns', () => {
    expect(Object.keys(installed.packageJson.scripts).filter((name) => /^(?:pre|post)?install$|^(?:pre|post)?prepare$/.test(name))).toEqual([]);
  });

  test('pleases publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed.folder, level: 'suggestion', strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test('pleases "are the types wrong", as a package of modules', async () => {
    const attw = join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const outcome = await runCommand(process.execPath, [attw, installed.tarball, '--profile', 'esm-only', '--no-definitely-typed', '--no-color', '--no-emoji'], { cwd: installed.project }).then(
      () => 'no problems',
      ({ stdout }: { stdout: string }) => stdout,
    );
    expect(outcome).toBe('no problems');
  });
});

describe('its types', () => {
  const STRICT = { strict: true, exactOptionalPropertyTypes: true, target: 'es2022', module: 'nodenext', lib: ['es2022', 'dom'], types: [], noEmit: true };

  /** What the compiler says of a folder in the project. */
  async function check(app: string, settings: object): Promise<string> {
    await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions: settings }));
    return runCommand(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', app]).then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    );
  }

  /** What a strict project without the repository's settings makes of a source. */
  const compile = async (name: string, source: string): Promise<string> => check(await installed.app(name, { 'main.ts': source }), STRICT);

  test.each(['react', 'tone'])('fit the example for %s', async (name) => {
    const app = await installed.app(name, `demo/examples/${name}`);
    expect(await check(app, { ...STRICT, module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx', skipLibCheck: true })).toBe('');
  });

  test('fit the example of a decoder, on the audio thread', async () => {
    const app = await installed.app('decoder', 'demo/examples/decoder');
    const settings = { ...STRICT, module: 'esnext', moduleResolution: 'bundler', lib: ['es2023'], types: ['audioworklet'], allowJs: true, skipLibCheck: true };
    expect(await check(app, settings)).toBe('');
    // And would say where it did not.
    const source = await readFile(join(app, 'sines-processor.js'), 'utf8');
    await writeFile(join(app, 'sines-processor.js'), source.replace('problem: undefined', "problem: 7"));
    expect(await check(app, settings)).toContain('error TS2322');
  });

  test('hold in a strict project, those of libraries included', async () => {
    const source = `
      import { AnyPiano, PianoNode, loadPiano, useFiles, type PianoNoteOn } from 'anypiano';
      import { PianoNode as NodeAlone } from 'anypiano/node';
      import { inlined } from 'anypiano/inline';
      useFiles(inlined, '/trained/');
      const element: AnyPiano = document.createElement('any-piano');
      element.addEventListener('piano-note-on', ({ detail }) => { const heard: PianoNoteOn = detail; void heard; });
      const node: PianoNode = await NodeAlone.create(new AudioContext(), await loadPiano('cp80'));
      node.volume.linearRampToValueAtTime(0, 1);
      element.blend = [{ id: 'cp80', share: 1 }];`;
    expect(await compile('types', source)).toBe('');
  });

  test('refuse what the package does not take', async () => {
    const output = await compile('wrong-types', "import { AnyPiano } from 'anypiano';\nnew AnyPiano().morph = 'half';\nnew AnyPiano().noteOn('C4');\n");
    expect(output.match(/error TS\d+/g)).toEqual(['error TS2322', 'error TS2345']);
  });
});

describe('in Node, without a page', () => {
  test('all entries can be imported, and leave no trace among the globals', async () => {
    const added = await runModule(`
      const before = new Set(Reflect.ownKeys(globalThis));
      for (const entry of ['anypiano', 'anypiano/node', 'anypiano/inline']) await import(entry);
      console.log(JSON.stringify([typeof HTMLElement, ...Reflect.ownKeys(globalThis).filter((key) => !before.has(key)).map(String)]));`);
    expect(added).toEqual(['undefined']);
  });

  test('the package has the same names as in a browser, and elements that say where they live', async () => {
    const text = await readFile(join(installed.folder, 'dist/anypiano.js'), 'utf8');
    const names = /export\{([^}]*)\};?\s*(?:\/\/.*|\/\*[^]*)?$/.exec(text)![1]!.split(',').map((name) => name.split(' as ').at(-1)!.trim());
    const { keys, message } = (await runModule(`
      import * as all from 'anypiano';
      let message;
      class Mine extends all.AnyPiano {}
      try { new Mine(); } catch (error) { message = error.message; }
      console.log(JSON.stringify({ keys: Object.keys(all), message }));`)) as { keys: string[]; message: string };
    expect(keys.toSorted()).toEqual(names.toSorted());
    expect(message).toMatch(/^AnyPiano can be made in a browser only/);
  });

  test('the command line starts, lists its pianos, and names a package that is missing', async () => {
    const cli = (...args: string[]): Promise<{ stdout: string }> => runCommand(process.execPath, [join(installed.folder, 'dist/cli/anypiano.js'), ...args]);
    expect((await cli('--version')).stdout.trim()).toBe(installed.packageJson.version);
    expect((await cli('styles')).stdout).toContain('upright-kw');
    await expect(cli('worker', '--redis', 'redis://localhost:1')).rejects.toMatchObject({ code: 2, stderr: 'anypiano: this needs a package that is not installed: npm install bullmq\n' });
  });
});
