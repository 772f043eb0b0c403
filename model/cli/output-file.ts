/** Writes the files that the user asked for: whole, or not at all. */
import { rmSync } from 'node:fs';
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../input-error.ts';
import { fileProblem } from './file-problem.ts';

const NO_FOLDER = 'cannot be written: its folder does not exist';

/** Files that are being written, under the names that they have until they are complete. */
const parts = new Set<string>();
// Also where the process ends before they are.
process.on('exit', () => parts.forEach((path) => rmSync(path, { force: true })));

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
      const handle = await open(partPath, 'w');
      parts.add(partPath);
      return new OutputFile(path, partPath, handle);
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
      parts.delete(this.#partPath);
    } catch (error) {
      throw fileProblem(this.#path, error);
    }
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#partPath, { force: true });
    parts.delete(this.#partPath);
  }
}

/**
 * Says before long work what `writeOutputFile` would say after it.
 *
 * @param inputs files that it is made of
 * @throws InputError if the file's folder does not exist, the path is something else than a file, or one of the inputs
 */
export async function checkOutputFile(path: string, ...inputs: readonly string[]): Promise<void> {
  const [existing, folder] = await Promise.all([path, dirname(path)].map((at) => stat(at).catch(() => undefined)));
  if (existing !== undefined && !existing.isFile()) throw new InputError(path, 'is not a file');
  if (!folder?.isDirectory()) throw new InputError(path, NO_FOLDER);
  for (const input of inputs) if (await isSameFile(path, input)) throw new InputError(path, 'would be written over what it is made of');
}

/** Whether two paths name one file, also by a link. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((path) => realpath(path).catch(() => undefined)));
  return one !== undefined && one === other;
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
