/** Reads the files that the user names. */
import { readFile, stat } from 'node:fs/promises';
import { InputError } from '../input-error.ts';
import { fileProblem } from './file-problem.ts';

const MIB = 2 ** 20;
/** MiB that a file of weights may have. */
export const MODEL_MIB = 64;

/**
 * Reads a whole file, unless it is larger than anything of its kind can be.
 *
 * @param most MiB
 * @throws InputError if the file is missing, unreadable, no file or too large
 */
export async function readInputFile(path: string, most: number): Promise<Uint8Array> {
  try {
    const { size, isFile } = await stat(path).then((info) => ({ size: info.size, isFile: info.isFile() }));
    if (!isFile) throw new InputError(path, 'is not a file');
    if (size > most * MIB) throw new InputError(path, `is larger than ${most} MiB`);
    return await readFile(path);
  } catch (error) {
    throw fileProblem(path, error);
  }
}
