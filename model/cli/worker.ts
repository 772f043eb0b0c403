import { InputError } from '../input-error.ts';
import type { Command } from './command.ts';
import { numberOption, parseOptions, required } from './options.ts';

const COMMAND = 'anypiano worker';

const help = `anypiano worker --redis redis://host:6379

Does what \`anypiano batch ... --redis URL\` asks for, until it is stopped. Any number of workers on any number of
machines share one queue; all have to see the files under the same paths. What a worker had begun when it was stopped or
killed, another one does.

  --redis URL   the Redis server
  --jobs N      how many at once (default 1)
  --help        this text`;

const command: Command = {
  help,
  async run(args, { print, signal }) {
    const { values, positionals } = parseOptions(COMMAND, args, { redis: { type: 'string' }, jobs: { type: 'string', default: '1' } });
    if (positionals[0] !== undefined) throw new InputError(COMMAND, `'${positionals[0]}' is not an option`);
    const url = required(COMMAND, '--redis', values.redis);
    const atOnce = numberOption('--jobs', values.jobs, { least: 1, most: 64, whole: true });
    const { workJobs } = await import('./job-queue.ts');
    await workJobs(url, atOnce, signal, ({ state, output, message }) => print(message === undefined ? `${output}: ${state}` : `${output}: ${state}, ${message}`));
  },
};

export default command;
