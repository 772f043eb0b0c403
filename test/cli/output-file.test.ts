import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeOutputFile } from '../../model/cli/output-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anypiano-'));
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('writeOutputFile', () => {
  it('takes its name only when it is complete', async () => {
    const path = join(folder, 'a.wav');
    await writeFile(path, 'old');
    await writeOutputFile(path, async (write) => {
      await write(bytes('new '));
      expect(await readFile(path, 'utf8')).toBe('old');
      await write(bytes('file'));
    });
    expect(await readFile(path, 'utf8')).toBe('new file');
    expect(await readdir(folder)).toEqual(['a.wav']);
  });

  it('leaves the old file and nothing else when it fails half-way', async () => {
    const path = join(folder, 'a.wav');
    await writeFile(path, 'old');
    const failing = writeOutputFile(path, async (write) => {
      await write(bytes('half'));
      throw new RangeError('no more');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.wav']);
  });

  it('refuses a folder and a device before any work is done', async () => {
    let asked = false;
    const produce = (): Promise<void> => {
      asked = true;
      return Promise.resolve();
    };
    await expect(writeOutputFile(folder, produce)).rejects.toThrow(`${folder}: is not a file`);
    await expect(writeOutputFile('/dev/null', produce)).rejects.toThrow('/dev/null: is not a file');
    expect(asked).toBe(false);
  });
});
