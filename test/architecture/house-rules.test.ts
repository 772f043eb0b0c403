import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
/** A file holds one concept in about 200 lines. */
const LONGEST_FILE = 340;

/** The repository's own sources: what git tracks, or would. Without git, the rules have nothing to look at. */
function sources(): string[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' });
  return list.split('\n').filter((file) => /\.(?:ts|js|mjs)$/.test(file) && existsSync(join(ROOT, file)));
}

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const insideGit = existsSync(join(ROOT, '.git'));

describe.runIf(insideGit)('house rules', () => {
  test('no file is much longer than 300 lines', () => {
    const long = sources()
      .map((file) => ({ file, lines: read(file).split('\n').length }))
      .filter(({ lines }) => lines > LONGEST_FILE);
    expect(long).toEqual([]);
  });

  test('no source leaves the type any or a note of work to be done', () => {
    const marks = /:\s*any\b|\bas any\b|<any>|\bany\[\]|\b(?:TODO|FIXME|XXX)\b/;
    const self = 'test/architecture/house-rules.test.ts';
    const wrong = sources().filter((file) => file !== self && marks.test(read(file)));
    expect(wrong).toEqual([]);
  });

  test('no file is a drawer of utilities', () => {
    expect(sources().filter((file) => /(?:^|\/)(?:utils?|helpers?|misc)\.(?:ts|js)$/.test(file))).toEqual([]);
  });
});

describe.each(['package-lock.json', 'bench/peers/package-lock.json'])('%s', (file) => {
  const lock = read(file);

  test('names no registry, so that any mirror serves', () => {
    expect(lock.match(/https?:\/\/[^"]*\.tgz/g) ?? []).toEqual([]);
  });

  test('pins every package by checksum', () => {
    const { packages } = JSON.parse(lock) as { packages: Record<string, { integrity?: string; link?: boolean }> };
    const loose = Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.link && !entry.integrity);
    expect(loose.map(([path]) => path)).toEqual([]);
  });
});
