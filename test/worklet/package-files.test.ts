import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { elementFile } from '../../ui/package-files.ts';
import { packageFile, useFiles } from '../../worklet/package-files.ts';

afterEach(() => useFiles());

describe('the files of the package', () => {
  test('include every piano that comes with the weights', async () => {
    const styles = await readdir(new URL('../../model/pretrained/styles/', import.meta.url));
    expect(styles.length).toBeGreaterThan(5);
    for (const style of styles) expect(packageFile(`pretrained/styles/${style}`).pathname).toMatch(new RegExp(`/pretrained/styles/${style}$`));
  });

  test('lie where `useFiles` says; the first place that knows one has it', () => {
    const inside = (path: string): URL | undefined => (path.endsWith('.wasm') ? new URL('blob:inside') : undefined);
    useFiles(inside, 'https://files.example/anypiano/');
    expect(packageFile('anypiano-plain.wasm').href).toBe('blob:inside');
    expect(packageFile('anypiano-processor.js').href).toBe('https://files.example/anypiano/anypiano-processor.js');
    expect(elementFile('basic-pitch/model.json').href).toBe('https://files.example/anypiano/basic-pitch/model.json');
  });

  test('may be said to lie in a folder of the page where there is none yet, as on a server', () => {
    expect(() => useFiles('/anypiano/')).not.toThrow();
    expect(() => packageFile('anypiano-processor.js')).toThrow('Invalid URL');
  });

  test('that do not exist are named', () => {
    expect(() => packageFile('pretrained/styles/toy-piano.json')).toThrow('pretrained/styles/toy-piano.json does not come with the package.');
  });
});
