/** One file of a batch: done in a process of its own, here or on another machine. */
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { InputError } from '../input-error.ts';
import { isSameFile } from './output-file.ts';

/** What can be done to many files, and how its outputs end. */
export const OUTPUTS = { transfer: '.wav', transcribe: '.mid', extract: '.json', render: '.wav' } as const;
export type Task = keyof typeof OUTPUTS;
export const TASKS = Object.keys(OUTPUTS) as Task[];

export interface Job {
  readonly input: string;
  readonly output: string;
}

export interface Outcome extends Job {
  readonly state: 'made' | 'kept' | 'failed';
  /** What went wrong. */
  readonly message?: string;
  /** What the command said with --json. */
  readonly result?: unknown;
}

/** @throws InputError where two files would have one output, or one would be written over */
export async function plan(inputs: readonly string[], folder: string, ending: string): Promise<Job[]> {
  const jobs = inputs.map((input) => ({ input, output: join(folder, basename(input, extname(input)) + ending) }));
  const seen = new Map<string, string>();
  for (const { input, output } of jobs) {
    const other = seen.get(output);
    if (other !== undefined) throw new InputError(input, `would be written to ${output}, as ${other}`);
    seen.set(output, input);
    if (await isSameFile(input, output)) throw new InputError(input, `would be written over: choose another folder than ${folder}`);
  }
  return jobs;
}

/** Outputs are whole or not there at all, so one that is there is done. */
export async function perform(task: Task, job: Job, options: readonly string[], signal: AbortSignal): Promise<Outcome> {
  if (await stat(job.output).then((info) => info.isFile(), () => false)) return { ...job, state: 'kept' };
  const { code, stdout, stderr } = await runAlone([task, job.input, '-o', job.output, '--json', ...options], signal);
  const result = code === 0 ? reportIn(stdout) : undefined;
  if (result !== undefined) return { ...job, state: 'made', result };
  return { ...job, state: 'failed', message: stderr.trim().split('\n')[0] || `ended with code ${code}` };
}

/** The JSON on the last line; undefined where a command did something else than it was to do. */
function reportIn(stdout: string): unknown {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  } catch {
    return undefined;
  }
}

function runAlone(args: readonly string[], signal: AbortSignal): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [process.argv[1]!, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr]: [string[], string[]] = [[], []];
    child.stdout.on('data', (data: Buffer) => stdout.push(data.toString()));
    child.stderr.on('data', (data: Buffer) => stderr.push(data.toString()));
    // Not SIGINT: a terminal has sent that to all, and two of them are a second wish.
    const stop = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      resolve({ code, stdout: stdout.join(''), stderr: stderr.join('') });
    });
  });
}
