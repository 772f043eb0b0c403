/** The custom elements manifest: what a page can do with the package's elements, read from their sources. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cli } from '@custom-elements-manifest/analyzer/cli.js';

const ELEMENTS = ['AnyPiano', 'PianoKeyboard', 'PianoStrings'];
const PATH = 'dist/anypiano.js';
/** What the parts of the element call, and the framework. */
const INSIDE = /^(?:on[A-Z]\w*|listeningNeeds|spec|attempt|connectedCallback|styles)$/;

/** @returns {Promise<import('custom-elements-manifest').Package>} */
export async function elementsManifest() {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const { modules } = await cli({ argv: ['analyze', '--config', 'ui/custom-elements-manifest.config.mjs'], cwd, noWrite: true });
  const declared = modules.flatMap(({ declarations }) => declarations);
  const declarations = ELEMENTS.map((name) => published(declared.find((declaration) => declaration.name === name)));
  const exports = declarations.flatMap(({ name, tagName }) => {
    const declaration = { name, module: PATH };
    return [{ kind: 'js', name, declaration }, { kind: 'custom-element-definition', name: tagName, declaration }];
  });
  return { schemaVersion: '1.0.0', readme: '', modules: [{ kind: 'javascript-module', path: PATH, declarations, exports }] };
}

/** Without what is private, and without the modules that only the sources have. */
function published(declaration) {
  const open = ({ name = '', privacy }) => name !== '' && (privacy ?? 'public') === 'public' && !name.startsWith('#') && !INSIDE.test(name);
  const kept = { ...declaration, superclass: { name: 'LitElement', package: 'lit' }, mixins: undefined };
  for (const list of ['members', 'attributes', 'events']) {
    if (kept[list] !== undefined) kept[list] = kept[list].filter(open).map((item) => ({ ...item, inheritedFrom: undefined }));
  }
  // The analyser also takes what merely looks as if an event were fired.
  kept.events = kept.events?.filter(({ description }) => description !== undefined);
  return kept;
}

/** @param {string} file */
export async function writeManifest(file) {
  await writeFile(file, `${JSON.stringify(await elementsManifest(), undefined, 2)}\n`);
}
