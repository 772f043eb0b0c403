/** What the documentation shows plays as it stands there. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build as buildWithEsbuild } from 'esbuild';
import { build as buildWithVite } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Audience, loudest, strikeMiddleC } from './audience.ts';
import { installPackage, type InstalledPackage } from './installed-package.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const AUDIBLE = 1e-3;

let installed: InstalledPackage;
let audience: Audience;
beforeAll(async () => void ([installed, audience] = await Promise.all([installPackage(), Audience.start()])));
afterAll(async () => {
  await audience.close();
  await installed.remove();
});

/** The first block of code of a language that holds a text, in a document of the package. */
async function snippet(document: string, language: string, holds: string): Promise<string> {
  const text = await readFile(join(installed.folder, document), 'utf8');
  const blocks = Array.from(text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm')), (match) => match[1]!);
  const found = blocks.find((block) => block.includes(holds));
  if (found === undefined) throw new Error(`${document}: no block of ${language} holds ${holds}`);
  return found;
}

const page = (body: string): string => `<!doctype html><html lang="en"><title>Piano</title><body>${body}</body></html>`;

/** Builds a page with Vite, as a project that has the package, and serves it. */
async function viteApp(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const root = await installed.app(name, files);
  await buildWithVite({ root, configFile: false, logLevel: 'error', build: { target: 'esnext' } });
  return audience.serve({ folder: join(root, 'dist') });
}

test('the element of the README', async () => {
  const { page: opened, complaints } = await audience.open(await viteApp('readme-element', { 'index.html': page(await snippet('README.md', 'html', '<any-piano')) }));
  await strikeMiddleC(opened);
  expect(await loudest(opened)).toBeGreaterThan(AUDIBLE);
  expect(complaints).toEqual([]);
});

test('the audio node of the README', async () => {
  const files = { 'index.html': page('<script type="module" src="main.js"></script>'), 'main.js': await snippet('README.md', 'js', 'PianoNode.create') };
  const { page: opened, complaints } = await audience.open(await viteApp('readme-node', files));
  expect(await loudest(opened)).toBeGreaterThan(AUDIBLE);
  expect(complaints).toEqual([]);
});

test('the element of its documentation, beside a copy of the folder', async () => {
  const address = await audience.serve({ folder: join(installed.folder, 'dist'), files: { '/index.html': page(await snippet('docs/element.md', 'html', '<any-piano')) } });
  const { page: opened, complaints } = await audience.open(address);
  await strikeMiddleC(opened);
  expect(await loudest(opened)).toBeGreaterThan(AUDIBLE);
  expect(complaints).toEqual([]);
});

test('the host of Web Audio Modules, with the module from a site of its own', async () => {
  const site = await audience.serve({ folder: join(installed.folder, 'dist'), headers: { 'access-control-allow-origin': '*' } });
  const source = await snippet('docs/plugins.md', 'js', 'initializeWamHost');
  expect(source).toContain('https://my.site/anypiano');
  const root = await installed.app('wam-host', { 'index.html': page('<script type="module" src="main.js"></script>') });
  const entry = join(root, 'source.js');
  await writeFile(entry, source.replace('https://my.site/anypiano', site));
  // The host brings the SDK, which the package does not have.
  await buildWithEsbuild({ entryPoints: [entry], outfile: join(root, 'main.js'), bundle: true, format: 'esm', target: 'es2022', nodePaths: [join(ROOT, 'node_modules')], logLevel: 'error' });
  const { page: opened, complaints } = await audience.open(await audience.serve({ folder: root }));
  const room = opened.getByRole('slider', { name: 'Room', exact: true });
  await room.waitFor();
  await expect.poll(() => room.inputValue()).toBe('40');
  expect(await loudest(opened)).toBeGreaterThan(AUDIBLE);
  expect(complaints).toEqual([]);
});
