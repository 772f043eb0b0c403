/** One file of a batch: done in a process of its own, here or on another machine. */
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { InputError } from '../input-error.ts';

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

/** @throws InputError where two files would have one output */
export function plan(inputs: readonly string[], folder: string, ending: string): Job[] {
  const jobs = inputs.map((input) => ({ input, output: join(folder, basename(input, extname(input)) + ending) }));
  const seen = new Map<string, string>();
  for (const { input, output } of jobs) {
    const other = seen.get(output);
    if (other !== undefined) throw new InputError(input, `would be written to ${output}, as ${other}`);
    seen.set(output, input);
  }
  return jobs;
}

/** Outputs are whole or not there at all, so one that is there is done. */
export async function perform(task: Task, job: Job, options: readonly string[], signal: AbortSignal): Promise<Outcome> {
  if (await stat(job.output).then((info) => info.isFile(), () => false)) return { ...job, state: 'kept' };
  const { code, stdout, stderr } = await runAlone([task, job.input, '-o', job.output, '--json', ...options], signal);
  if (code === 0) return { ...job, state: 'made', result: JSON.parse(stdout.trim().split('\n').at(-1)!) as unknown };
  return { ...job, state: 'failed', message: stderr.trim().split('\n')[0] || `ended with code ${code}` };
}

function runAlone(args: readonly string[], signal: AbortSignal): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [process.argv[1]!, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr]: [string[], string[]] = [[], []];
    child.stdout.on('data', (data: Buffer) => stdout.push(data.toString()));
    child.stderr.on('data', (data: Buffer) => stderr.push(data.toString()));
    const stop = (): void => void child.kill('SIGINT');
    signal.addEventListener('abort', stop, { once: true });
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      resolve({ code, stdout: stdout.join(''), stderr: stderr.join('') });
    });
  });
}
