import { spawn } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { InputError } from '../input-error.ts';
import type { Command } from './command.ts';
import { choiceOption, numberOption, parseOptions, required } from './options.ts';
import { writeOutputFile } from './output-file.ts';
import { Progress } from './progress.ts';

const COMMAND = 'anypiano batch';
/** What can be done to many files, and how its outputs end. */
const OUTPUTS = { transfer: '.wav', transcribe: '.mid', extract: '.json', render: '.wav' } as const;
type Task = keyof typeof OUTPUTS;
const TASKS = Object.keys(OUTPUTS) as Task[];
const REPORT = 'report.json';

const help = `anypiano batch transfer|transcribe|extract|render FILES... -o FOLDER [-- OPTIONS]

Does the same to many files, each in a process of its own. What is there already is not made again, so that the same
command goes on where it was stopped. A file that fails is listed in the report, and the rest is done.

  -o, --output FOLDER   where the outputs go, under the names of the files
  --jobs N              how many at once (default 1)
  --report FILE         the report, JSON (default: report.json in the folder)
  --json                the report on the last line, too
  --help                this text
  -- OPTIONS            what the command itself is to be told, for instance -- --style cp80`;

interface Job {
  readonly input: string;
  readonly output: string;
}

interface Outcome extends Job {
  readonly state: 'made' | 'kept' | 'failed';
  /** What went wrong. */
  readonly message?: string;
  /** What the command said with --json. */
  readonly result?: unknown;
}

const command: Command = {
  help,
  async run(args, { print, signal }) {
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    const options = args.slice(end + 1);
    const { values, positionals } = parseOptions(COMMAND, args.slice(0, end), {
      output: { type: 'string', short: 'o' },
      jobs: { type: 'string', default: '1' },
      report: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [name, ...inputs] = positionals;
    const task = choiceOption(COMMAND, required(COMMAND, 'the command', name), TASKS);
    if (inputs.length === 0) throw new InputError(COMMAND, 'the files are missing');
    const folder = required(COMMAND, '-o', values.output);
    const atOnce = numberOption('--jobs', values.jobs, { least: 1, most: 64, whole: true });
    const jobs = plan(inputs, folder, OUTPUTS[task]);
    await mkdir(folder, { recursive: true }).catch(() => {
      throw new InputError(folder, 'is no folder and cannot become one');
    });

    const outcomes: Outcome[] = [];
    const progress = new Progress(task);
    const waiting = [...jobs];
    const work = async (): Promise<void> => {
      for (let job = waiting.shift(); job !== undefined && !signal.aborted; job = waiting.shift()) {
        outcomes.push(await perform(task, job, options, signal));
        progress.update(outcomes.length / jobs.length, `${outcomes.length} of ${jobs.length}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work)).finally(() => progress.stop());

    const files = jobs.flatMap((job) => outcomes.find(({ input }) => input === job.input) ?? []);
    const count = (state: Outcome['state']): number => files.filter((file) => file.state === state).length;
    const report = { command: task, options, made: count('made'), kept: count('kept'), failed: count('failed'), files };
    const path = values.report ?? join(folder, REPORT);
    await writeOutputFile(path, (write) => write(new TextEncoder().encode(`${JSON.stringify(report, null, 1)}\n`)));
    signal.throwIfAborted();
    print(values.json ? JSON.stringify(report) : `${folder}: ${report.made} made, ${report.kept} there already, ${report.failed} failed`);
    if (report.failed > 0) throw new InputError(path, `${report.failed} of ${jobs.length} failed; the first: ${files.find(({ state }) => state === 'failed')!.message}`);
  },
};

/** @throws InputError where two files would have one output */
function plan(inputs: readonly string[], folder: string, ending: string): Job[] {
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
async function perform(task: Task, job: Job, options: readonly string[], signal: AbortSignal): Promise<Outcome> {
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

export default command;
