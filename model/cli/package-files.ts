/** The files that come with the package: weights, styles and the kernel. */
import { fileURLToPath } from 'node:url';
import { parseStyle, parseStyleIndex, type Style, type StyleSummary } from '../style.ts';
import { InputError } from '../input-error.ts';
import { loadKernel } from '../../worklet/engine/kernel.ts';
import { readInputFile } from './input-file.ts';

const STYLE_MIB = 1;
const KERNEL_MIB = 8;
const STYLES = 'pretrained/styles';

/** Path of a file in the package; this script lies one folder below its root. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** The kernel that this machine can run. */
export async function kernelModule(): Promise<WebAssembly.Module> {
  const [relaxed, plain] = await Promise.all(
    ['relaxed', 'plain'].map((build) => readInputFile(packageFile(`anypiano-${build}.wasm`), KERNEL_MIB)),
  );
  return loadKernel({ relaxed: relaxed! as BufferSource, plain: plain! as BufferSource });
}

/** @throws InputError if the list of styles is missing or damaged */
export async function shippedStyles(): Promise<StyleSummary[]> {
  const path = packageFile(`${STYLES}/index.json`);
  return parseStyleIndex(new TextDecoder().decode(await readInputFile(path, STYLE_MIB)), path);
}

/**
 * Reads a style that the user chose.
 *
 * @param choice the id of a shipped style, or the path of a style file: what ends in .json or names a folder
 * @throws InputError if there is no such style
 */
export async function chosenStyle(choice: string): Promise<Style> {
  const isFile = choice.endsWith('.json') || /[/\\]/.test(choice);
  if (!isFile) {
    const ids = (await shippedStyles()).map((style) => style.id);
    if (!ids.includes(choice)) throw new InputError('--style', `'${choice}' is none of ${ids.join(', ')}, and no .json file`);
  }
  const path = isFile ? choice : packageFile(`${STYLES}/${choice}.json`);
  return parseStyle(new TextDecoder().decode(await readInputFile(path, STYLE_MIB)), path);
}
