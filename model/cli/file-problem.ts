import { InputError } from '../input-error.ts';

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'lies in a folder that is a file',
  EACCES: 'is not permitted',
  EPERM: 'is not permitted',
  EISDIR: 'is a folder',
  ENOSPC: 'cannot be written: the disk is full',
  EROFS: 'cannot be written: the disk is read-only',
  ENAMETOOLONG: 'has too long a name',
};

/** The file system's error as an `InputError` that names the file; anything else as it is. */
export function fileProblem(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  return new InputError(path, PROBLEMS[error.code] ?? `cannot be read or written (${error.code})`);
}
