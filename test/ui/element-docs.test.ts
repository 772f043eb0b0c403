import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';

interface Item {
  readonly name: string;
  readonly description?: string;
}
interface Element extends Item {
  readonly tagName: string;
  readonly members: readonly Item[];
  readonly events?: readonly Item[];
  readonly cssProperties?: readonly Item[];
  readonly cssParts?: readonly Item[];
  readonly slots?: readonly Item[];
}
interface Manifest {
  readonly modules: readonly [{ readonly declarations: readonly Element[] }];
}

const read = (file: string): Promise<string> => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');
/** Names that a pattern finds in sources, each once, in order of the alphabet. */
const found = (text: string, pattern: RegExp): string[] => [...new Set(Array.from(text.matchAll(pattern), (match) => match[1]!))].toSorted();
const names = (items: readonly Item[] | undefined): string[] => (items ?? []).map(({ name }) => name).toSorted();

let elements: readonly Element[];
let written: string;
beforeAll(async () => {
  const script = new URL('../../ui/manifest.mjs', import.meta.url).href;
  const { elementsManifest } = (await import(script)) as { elementsManifest(): Promise<Manifest> };
  const docs = new URL('../../ui/element-docs.mjs', import.meta.url).href;
  const { elementDocs } = (await import(docs)) as { elementDocs(): Promise<string> };
  elements = (await elementsManifest()).modules[0].declarations;
  written = await elementDocs();
});

describe('the documentation of the elements', () => {
  test('is as `npm run docs` writes it', async () => {
    expect(await read('docs/element.md')).toBe(written);
  });

  test('has a sentence for everything that a page can use', () => {
    const mute = elements.flatMap(({ tagName, members, events = [], cssProperties = [], cssParts = [], slots = [] }) =>
      [...members, ...events, ...cssProperties, ...cssParts, ...slots].filter(({ description }) => description === undefined || description === '').map(({ name }) => `${tagName} ${name}`),
    );
    expect(mute).toEqual([]);
  });

  test('knows every colour, part, slot and event that <any-piano> has', async () => {
    const piano = elements.find(({ tagName }) => tagName === 'any-piano')!;
    const [theme, element, instrument] = await Promise.all(['ui/theme.ts', 'ui/any-piano.ts', 'ui/instrument.ts'].map(read)) as [string, string, string];
    expect(names(piano.cssProperties)).toEqual(found(theme, /var\((--any-piano-[a-z]+)/g));
    expect(names(piano.cssParts)).toEqual(found(element, /\bpart="([a-z]+)"/g));
    expect(names(piano.slots)).toEqual(found(element, /<slot name="([a-z]+)"/g));
    expect(names(piano.events)).toEqual(found(element + instrument, /new CustomEvent(?:<\w+>)?\('([\w-]+)'/g));
  });
});
