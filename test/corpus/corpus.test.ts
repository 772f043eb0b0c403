import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nominalVelocity, parseCorpus, readCorpus } from '../../model/corpus/corpus.ts';
import { InputError } from '../../model/input-error.ts';

const sample = { note: 60, layer: 1, velocityRange: [1, 127], file: 'a/060-1.flac', onsetSeconds: 0.005 };
const bank = {
  id: 'a',
  name: 'A piano',
  kind: 'grand',
  naturalDynamics: true,
  license: 'CC0-1.0',
  credit: 'Somebody',
  source: 'here',
  samples: [sample],
};
const corpus = { format: 'piano-corpus/1', pianos: [bank] };

function problem(value: unknown): string {
  try {
    parseCorpus(value, '/banks', 'corpus.json');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  return 'none';
}

const withSample = (change: object): unknown => ({ ...corpus, pianos: [{ ...bank, samples: [{ ...sample, ...change }] }] });

describe('a corpus file', () => {
  it('gives banks with absolute sample paths and nominal velocities', () => {
    const [first] = parseCorpus(corpus, '/banks', 'corpus.json');
    expect(first).toMatchObject({ id: 'a', licence: 'CC0-1.0', credit: 'Somebody' });
    expect(first!.samples[0]).toMatchObject({ note: 60, path: '/banks/a/060-1.flac', velocity: 80 });
  });

  it.each([
    ['another format', { ...corpus, format: 'piano-corpus/2' }, 'format'],
    ['no pianos', { ...corpus, pianos: [] }, 'pianos'],
    ['a list', [], 'corpus.json'],
    ['nothing', null, 'corpus.json'],
    ['a note below the keyboard', withSample({ note: 20 }), 'pianos.0.samples.0.note'],
    ['a note between two keys', withSample({ note: 60.5 }), 'pianos.0.samples.0.note'],
    ['a missing file name', withSample({ file: '' }), 'pianos.0.samples.0.file'],
    ['a velocity range upside down', withSample({ velocityRange: [90, 10] }), 'lower velocity'],
    ['a negative onset', withSample({ onsetSeconds: -1 }), 'onsetSeconds'],
    ['two banks of one id', { ...corpus, pianos: [bank, bank] }, 'two banks'],
    ['one strike twice', { ...corpus, pianos: [{ ...bank, samples: [sample, sample] }] }, 'twice'],
    ['an id that is a path', { ...corpus, pianos: [{ ...bank, id: '../a' }] }, 'pianos.0.id'],
  ])('with %s is refused in one line that names the file and the field', (_, value, field) => {
    const message = problem(value);
    expect(message).toMatch(/^corpus\.json: /);
    expect(message).toContain(field);
    expect(message).not.toContain('\n');
  });

  it('that is missing or no JSON is refused by name', async () => {
    await expect(readCorpus('/nowhere/corpus.json')).rejects.toThrow('/nowhere/corpus.json: cannot be read');
    const path = join(await mkdtemp(join(tmpdir(), 'corpus-')), 'corpus.json');
    await writeFile(path, '{"format":');
    await expect(readCorpus(path)).rejects.toThrow('is not JSON');
  });
});

describe('the nominal velocity of a layer', () => {
  it('is the middle of its range', () => {
    expect(nominalVelocity([60, 89])).toBe(74.5);
  });

  it('is 80 where one layer serves all velocities', () => {
    expect(nominalVelocity([1, 127])).toBe(80);
  });
});
