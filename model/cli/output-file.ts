/** Writes the files that the user asked for: whole, or not at all. */
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../input-error.ts';
import { fileProblem } from './file-problem.ts';

const NO_FOLDER = 'cannot be written: its folder does not exist';

/** Grows under another name in the same folder and takes its own name only when complete. */
class OutputFile {
  readonly #path: string;
  readonly #partPath: string;
  readonly #handle: FileHandle;

  private constructor(path: string, partPath: string, handle: FileHandle) {
    this.#path = path;
    this.#partPath = partPath;
    this.#handle = handle;
  }

  static async open(path: string): Promise<OutputFile> {
    const partPath = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
    try {
      const existing = await stat(path).catch(() => undefined);
      if (existing !== undefined && !existing.isFile()) throw new InputError(path, 'is not a file');
      return new OutputFile(path, partPath, await open(partPath, 'w'));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        throw new InputError(path, NO_FOLDER);
      }
      throw fileProblem(path, error);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      // One call of the system may take less than all.
      for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten;
    } catch (error) {
      throw fileProblem(this.#path, error);
    }
  }

  async commit(): Promise<void> {
    try {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#partPath, this.#path);
    } catch (error) {
      throw fileProblem(this.#path, error);
    }
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#partPath, { force: true });
  }
}

/**
 * Says before long work what `writeOutputFile` would say after it.
 *
 * @throws InputError if the file's folder does not exist or the path is something else than a file
 */
export async function checkOutputFile(path: string): Promise<void> {
  const [existing, folder] = await Promise.all([path, dirname(path)].map((at) => stat(at).catch(() => undefined)));
  if (existing !== undefined && !existing.isFile()) throw new InputError(path, 'is not a file');
  if (!folder?.isDirectory()) throw new InputError(path, NO_FOLDER);
}

export type Write = (bytes: Uint8Array) => Promise<void>;

/**
 * Writes a file piece by piece. If `produce` throws, nothing is left behind
 * and a file of that name stays as it was.
 *
 * @throws InputError if the file cannot be written; whatever `produce` throws
 */
export async function writeOutputFile(path: string, produce: (write: Write) => Promise<void>): Promise<void> {
  const file = await OutputFile.open(path);
  try {
    await produce((bytes) => file.write(bytes));
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}
