/** Puts all that training needs on a bare x86-64 Linux machine with a GPU into one folder. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openCorpusCache } from '../../corpus/cache.ts';
import { InputError } from '../../input-error.ts';
import { packCorpus } from './corpus-pack.ts';
import { packDawn, packNode } from './native.ts';
import { bundleProgram } from './program.ts';
import { TRAIN_SCRIPT } from './train-script.ts';

const MIB = 2 ** 20;
/** Most bytes of a pack; the corpus gets what the program leaves. */
export const PACK_BYTES = 60 * MIB;

export interface PackOptions {
  /** Path of the corpus cache; see `model/corpus/cache.ts`. */
  readonly cache: string;
  /** The folder to make; it must not exist. */
  readonly out: string;
  /** The built package. */
  readonly dist: string;
  /** Called with the share of the corpus that is encoded, the longest part. */
  readonly onProgress?: (share: number) => void;
}

/** Bytes of all files under a folder. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function fill(folder: string, scratch: string, { cache, dist, onProgress }: PackOptions): Promise<void> {
  const corpus = await openCorpusCache(cache);
  const addon = await bundleProgram(dist, join(folder, 'program'));
  await packNode(folder, scratch);
  await packDawn(addon, folder, scratch);
  await writeFile(join(folder, 'train.sh'), TRAIN_SCRIPT);
  await chmod(join(folder, 'train.sh'), 0o755);
  const rest = PACK_BYTES - (await folderBytes(folder));
  await writeFile(join(folder, 'corpus.pack'), await packCorpus(corpus, rest, onProgress));
}

/**
 * Makes the folder `out`. Copied to the other machine, `sh train.sh` in it
 * trains there; nothing else is needed but a Vulkan driver.
 *
 * @returns bytes of the folder, at most `PACK_BYTES`
 * @throws InputError where `out` exists, something to pack is missing, or the corpus does not fit
 */
export async function packForGpu(options: PackOptions): Promise<number> {
  const { out } = options;
  if (existsSync(out)) throw new InputError(out, 'exists already');
  const folder = `${out}.part`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(out), { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), 'anypiano-pack-'));
  try {
    await fill(folder, scratch, options);
    await rename(folder, out);
    return await folderBytes(out);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(scratch, { recursive: true, force: true });
  }
}
