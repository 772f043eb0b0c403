/** Checkpoints: everything that training needs to go on exactly where it stopped. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../input-error.ts';
import { readSafetensors, writeSafetensors } from '../safetensors.ts';
import type { AdamState } from './adam.ts';
import type { LogEntry } from './log.ts';

export interface TrainingState {
  /** Steps done. */
  step: number;
  /** Seconds trained, over all runs. */
  seconds: number;
  readonly parameters: Float32Array;
  /** Running average of the parameters: what is shipped. */
  readonly average: Float32Array;
  readonly adam: AdamState;
  readonly log: LogEntry[];
}

const FILE = 'checkpoint.safetensors';

/** Writes a checkpoint; a crash in the middle leaves the one before. */
export async function saveCheckpoint(folder: string, state: TrainingState, identity: string): Promise<void> {
  const tensor = (data: Float32Array): { shape: number[]; data: Float32Array } => ({ shape: [data.length], data });
  const bytes = writeSafetensors({
    metadata: {
      identity,
      step: String(state.step),
      seconds: String(state.seconds),
      log: JSON.stringify(state.log),
    },
    tensors: new Map([
      ['parameters', tensor(state.parameters)],
      ['average', tensor(state.average)],
      ['adam.mean', tensor(state.adam.mean)],
      ['adam.variance', tensor(state.adam.variance)],
      ['adam.steps', tensor(state.adam.steps)],
    ]),
  });
  await mkdir(folder, { recursive: true });
  await replaceFile(join(folder, FILE), bytes);
}

/** Writes beside the file and renames, so that it is never half-written. */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}

/**
 * Reads the checkpoint in a folder, or undefined where there is none.
 * Throws InputError if it belongs to another model or plan.
 */
export async function loadCheckpoint(folder: string, identity: string): Promise<TrainingState | undefined> {
  const path = join(folder, FILE);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch {
    return undefined;
  }
  const { metadata, tensors } = readSafetensors(bytes, path);
  if (metadata['identity'] !== identity) {
    throw new InputError(path, 'is a checkpoint of another model; choose another --checkpoint folder');
  }
  const data = (name: string): Float32Array => {
    const tensor = tensors.get(name);
    if (!tensor) throw new InputError(path, `has no tensor ${name}`);
    return Float32Array.from(tensor.data);
  };
  return {
    step: Number(metadata['step']),
    seconds: Number(metadata['seconds']),
    parameters: data('parameters'),
    average: data('average'),
    adam: { mean: data('adam.mean'), variance: data('adam.variance'), steps: data('adam.steps') },
    log: JSON.parse(metadata['log'] ?? '[]') as LogEntry[],
  };
}
