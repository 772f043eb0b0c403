import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDERS = ['model', 'worklet', 'ui', 'demo'];

/** Every TypeScript source below a folder, as a path from the root with `/`. */
function sources(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8', withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** What a source imports: repository paths from the root, packages by name. */
function imports(source: string): string[] {
  const text = readFileSync(join(ROOT, source), 'utf8');
  const found = text.matchAll(/(?:^|[\n;])\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g);
  return [...found].map((match) => {
    const name = (match[1] ?? match[2])!;
    return name.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(source), name)).split(sep).join('/') : name;
  });
}

const files = FOLDERS.filter((folder) => readdirSync(ROOT).includes(folder)).flatMap(sources);

describe('import arrows', () => {
  test('demo, ui, worklet and model import only what stands after them', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const from = FOLDERS.indexOf(file.split('/')[0]!);
      const isCommand = file.startsWith('model/cli/');
      for (const target of imports(file)) {
        const to = FOLDERS.indexOf(target.split('/')[0]!);
        const backwards = to > from && !(isCommand && target.startsWith('worklet/'));
        if (backwards || /^(?:test|bench)\//.test(target)) wrong.push(`${file} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('TensorFlow.js is imported only by what trains, extracts and transcribes', () => {
    const allowed = /^model\/(?:train|extract|transcribe)\//;
    const wrong = files.filter((file) => !allowed.test(file) && imports(file).some((name) => name.startsWith('@tensorflow/')));
    expect(wrong).toEqual([]);
  });

  test('what plays live never reaches training', () => {
    // Messages to the worker that listens are all that the page knows of it.
    const trained = /^model\/(?:train|extract|transcribe|corpus)\/(?!worker-protocol\.ts)/;
    const wrong = files
      .filter((file) => /^(?:worklet|ui|demo)\//.test(file))
      .flatMap((file) => imports(file).filter((target) => trained.test(target)).map((target) => `${file} imports ${target}`));
    expect(wrong).toEqual([]);
  });

  test('relative imports name their file with its extension', () => {
    const wrong = files
      .filter((file) => !file.startsWith('worklet/kernel/'))
      .flatMap((file) => imports(file).filter((name) => FOLDERS.includes(name.split('/')[0]!) && !/\.(?:ts|js|json|vue|svelte)$/.test(name)).map((name) => `${file} imports ${name}`));
    expect(wrong).toEqual([]);
  });
});
