/**
 * Where the files lie that come with the script: by default beside it, under addresses that bundlers
 * see and follow; else where `useFiles` says.
 */

/** Finds a file by its path in `dist/`, such as `anypiano-processor.js`. */
export type FindFile = (path: string) => URL;

/** Finds some of them, and for others is undefined. */
export type FindSome = (path: string) => URL | undefined;

/** Addresses by path. Each stands there in full, since bundlers take them from the text. */
export type FileTable = Readonly<Record<string, () => URL>>;

/** What plays: the processor, two builds of its kernel, both tiers of the weights, and the styles. */
const PLAYING: FileTable = {
  'anypiano-processor.js': () => new URL('./anypiano-processor.js', import.meta.url),
  'anypiano-relaxed.wasm': () => new URL('./anypiano-relaxed.wasm', import.meta.url),
  'anypiano-plain.wasm': () => new URL('./anypiano-plain.wasm', import.meta.url),
  'pretrained/model.safetensors': () => new URL('./pretrained/model.safetensors', import.meta.url),
  'pretrained/small.safetensors': () => new URL('./pretrained/small.safetensors', import.meta.url),
  'pretrained/styles/index.json': () => new URL('./pretrained/styles/index.json', import.meta.url),
  'pretrained/styles/cp80.json': () => new URL('./pretrained/styles/cp80.json', import.meta.url),
  'pretrained/styles/headroom-c3-close.json': () => new URL('./pretrained/styles/headroom-c3-close.json', import.meta.url),
  'pretrained/styles/headroom-c3-decca.json': () => new URL('./pretrained/styles/headroom-c3-decca.json', import.meta.url),
  'pretrained/styles/salamander-c5.json': () => new URL('./pretrained/styles/salamander-c5.json', import.meta.url),
  'pretrained/styles/splendid-steinway.json': () => new URL('./pretrained/styles/splendid-steinway.json', import.meta.url),
  'pretrained/styles/steinhoff-upright.json': () => new URL('./pretrained/styles/steinhoff-upright.json', import.meta.url),
  'pretrained/styles/upright-kw.json': () => new URL('./pretrained/styles/upright-kw.json', import.meta.url),
  'pretrained/styles/vcsl-upright-yamaha.json': () => new URL('./pretrained/styles/vcsl-upright-yamaha.json', import.meta.url),
  'pretrained/styles/ydp-disklavier.json': () => new URL('./pretrained/styles/ydp-disklavier.json', import.meta.url),
};

let given: readonly FindSome[] = [];

/**
 * Says where the files of the package are, in place of beside the script: folders that hold what `dist/`
 * holds, or the `inlined` files of `anypiano/inline`. The first that knows a file has it. Call it
 * in the script that imports the package, before a piano is made.
 *
 * ```ts
 * useFiles('/assets/anypiano/');
 * ```
 */
export function useFiles(...places: readonly (string | URL | FindSome)[]): void {
  given = places.map((place) => (typeof place === 'function' ? place : filesIn(place)));
}

/** Files of a folder, also said where there is no page yet, as on a server. @param folder address, ends in a slash; relative to the page */
export function filesIn(folder: string | URL): FindFile {
  return (path) => new URL(path, new URL(folder, globalThis.document?.baseURI ?? globalThis.location?.href));
}

/** Address of a file of the package. @throws Error where the package has no such file */
export function packageFile(path: string, table: FileTable = PLAYING): URL {
  for (const find of given) {
    const url = find(path);
    if (url !== undefined) return url;
  }
  const find = Object.hasOwn(table, path) ? table[path] : undefined;
  if (find === undefined) throw new Error(`${path} does not come with the package.`);
  return find();
}
