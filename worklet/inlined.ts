/**
 * Files as a part of the script, for pages that must be one file. The build puts them in.
 *
 * @module anypiano/inline
 */
import type { FindSome } from './package-files.ts';

export type { FindSome } from './package-files.ts';

/** By path in `dist/`: WebAssembly and weights in base64, all else as it is. */
declare const INLINED_FILES: Readonly<Record<string, string>>;

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', json: 'application/json', wasm: 'application/wasm' };
const BINARY = /\.(?:wasm|safetensors)$/;

const urls = new Map<string, URL>();

/**
 * Finds what is inlined, under `blob:` addresses. A content security policy has to allow these:
 * `script-src blob:` and `connect-src blob:`.
 */
export const inlined: FindSome = (path) => {
  const content = Object.hasOwn(INLINED_FILES, path) ? INLINED_FILES[path] : undefined;
  if (content === undefined) return undefined;
  let url = urls.get(path);
  if (url === undefined) {
    const part = BINARY.test(path) ? Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)) : content;
    url = new URL(URL.createObjectURL(new Blob([part], { type: TYPES[path.split('.').at(-1)!] ?? '' })));
    urls.set(path, url);
  }
  return url;
};
