import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from '../input-error.ts';
import { OUTPUTS, TASKS, perform, plan, type Job, type Outcome } from './batch-job.ts';
import type { Command } from './command.ts';
import { choiceOption, numberOption, parseOptions, required } from './options.ts';
import { writeOutputFile } from './output-file.ts';
import { Progress } from './progress.ts';

const COMMAND = 'anypiano batch';
const REPORT = 'report.json';

const help = `anypiano batch transfer|transcribe|extract|render FILES... -o FOLDER [-- OPTIONS]

Does the same to many files, each in a process of its own. What is there already is not made again, so that the same
command goes on where it was stopped. A file that fails is listed in the report, and the rest is done.

  -o, --output FOLDER   where the outputs go, under the names of the files
  --jobs N              how many at once (default 1)
  --redis URL           lets all that run \`anypiano worker --redis URL\` do it; they have to see the files under the same
                        paths
  --report FILE         the report, JSON (default: report.json in the folder)
  --json                the report on the last line, too
  --help                this text
  -- OPTIONS            what the command itself is to be told, for instance -- --style cp80`;

const command: Command = {
  help,
  async run(args, { print, signal }) {
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    const options = args.slice(end + 1);
    const { values, positionals } = parseOptions(COMMAND, args.slice(0, end), {
      output: { type: 'string', short: 'o' },
      jobs: { type: 'string', default: '1' },
      redis: { type: 'string' },
      report: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [name, ...inputs] = positionals;
    const task = choiceOption(COMMAND, required(COMMAND, 'the command', name), TASKS);
    if (inputs.length === 0) throw new InputError(COMMAND, 'the files are missing');
    const folder = required(COMMAND, '-o', values.output);
    const atOnce = numberOption('--jobs', values.jobs, { least: 1, most: 64, whole: true });
    const jobs: readonly Job[] = (await plan(inputs, folder, OUTPUTS[task])).map(({ input, output }) =>
      values.redis === undefined ? { input, output } : { input: resolve(input), output: resolve(output) },
    );
    await mkdir(folder, { recursive: true }).catch(() => {
      throw new InputError(folder, 'is no folder and cannot become one');
    });

    const outcomes: Outcome[] = [];
    const progress = new Progress(task);
    const keep = (outcome: Outcome): void => {
      outcomes.push(outcome);
      progress.update(outcomes.length / jobs.length, `${outcomes.length} of ${jobs.length}`);
    };
    const doAll = async (): Promise<void> => {
      if (values.redis === undefined) {
        const waiting = [...jobs];
        const work = async (): Promise<void> => {
          for (let job = waiting.shift(); job !== undefined && !signal.aborted; job = waiting.shift()) keep(await perform(task, job, options, signal));
        };
        await Promise.all(Array.from({ length: atOnce }, work));
        return;
      }
      const { submitJobs } = await import('./job-queue.ts');
      await submitJobs(values.redis, jobs.map((job) => ({ task, job, options })), signal, keep);
    };
    await doAll().finally(() => progress.stop());

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

export default command;
