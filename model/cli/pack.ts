import { join } from 'node:path';
import { InputError } from '../input-error.ts';
import { packForGpu } from '../train/pack/pack.ts';
import type { Command } from './command.ts';
import { parseOptions, required } from './options.ts';
import { packageFile } from './package-files.ts';
import { Progress } from './progress.ts';

const COMMAND = 'anypiano pack';

const help = `anypiano pack -o FOLDER

Puts all that training needs into one folder of at most 60 MiB, to be carried to
an x86-64 Linux machine with a GPU and nothing else but a Vulkan driver: Node,
Dawn, this program and the corpus as Ogg Vorbis. There, "sh train.sh" trains and
goes on from the folder's own checkpoint; it takes the options of anypiano train.

  --cache FILE         the corpus in one file, as anypiano train makes it (default .cache/corpus.bin)
  -o, --output FOLDER  the folder to make; it must not exist
  --json               one JSON object on the last line
  --help               this text`;

const command: Command = {
  help,
  async run(args, { print, signal }) {
    const { values, positionals } = parseOptions(COMMAND, args, {
      cache: { type: 'string', default: join('.cache', 'corpus.bin') },
      output: { type: 'string', short: 'o' },
      json: { type: 'boolean' },
    });
    if (positionals[0] !== undefined) throw new InputError(COMMAND, `'${positionals[0]}' is not an option`);
    const out = required(COMMAND, '-o', values.output);
    const progress = new Progress('pack');
    const onProgress = (share: number): void => {
      signal.throwIfAborted();
      progress.update(share);
    };
    const options = { cache: values.cache, out, dist: packageFile('.'), onProgress };
    const bytes = await packForGpu(options).finally(() => progress.stop());
    if (values.json) print(JSON.stringify({ out, bytes }));
    else print(`${out}: ${(bytes / 2 ** 20).toFixed(1)} MiB`);
  },
};

export default command;
