/** Where the files lie that only the element needs: its workers, what hears recordings, and what hosts plugins. */
import { filesIn, packageFile, type FileTable, type FindFile } from '../worklet/package-files.ts';

const FILES: FileTable = {
  'anypiano-renderer.js': () => new URL('./anypiano-renderer.js', import.meta.url),
  'anypiano-extractor.js': () => new URL('./anypiano-extractor.js', import.meta.url),
  'anypiano-plugins.js': () => new URL('./anypiano-plugins.js', import.meta.url),
  'anypiano-plugins-worklet.js': () => new URL('./anypiano-plugins-worklet.js', import.meta.url),
  'tfjs-backend-wasm-simd.wasm': () => new URL('./tfjs-backend-wasm-simd.wasm', import.meta.url),
  'basic-pitch/model.json': () => new URL('./basic-pitch/model.json', import.meta.url),
  'basic-pitch/group1-shard1of1.bin': () => new URL('./basic-pitch/group1-shard1of1.bin', import.meta.url),
  'pretrained/encoder.safetensors': () => new URL('./pretrained/encoder.safetensors', import.meta.url),
};

/** Address of a file of the package. @throws Error where the package has no such file */
export function elementFile(path: string): URL {
  return Object.hasOwn(FILES, path) ? packageFile(path, FILES) : packageFile(path);
}

/**
 * Finds weights, encoder and styles in a folder; where it has no name, those of the package. Not at once:
 * a script that imports this one may first say where its files are.
 */
export async function trainedFiles(folder: string): Promise<FindFile> {
  return folder === '' ? (path): URL => elementFile(`pretrained/${path}`) : filesIn(folder);
}
