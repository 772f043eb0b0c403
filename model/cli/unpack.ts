import { unpackCorpus } from '../train/pack/unpack-corpus.ts';
import type { Command } from './command.ts';
import { onlyFile, parseOptions, required } from './options.ts';
import { Progress } from './progress.ts';

const COMMAND = 'anypiano unpack';

const help = `anypiano unpack corpus.pack -o corpus.bin

Unpacks the corpus of a pack into the file that anypiano train --cache reads.
"train.sh" in a pack does this by itself.

  -o, --output FILE  the cache to write; its index lies beside it
  --json             one JSON object on the last line
  --help             this text`;

const command: Command = {
  help,
  async run(args, { print, signal }) {
    const { values, positionals } = parseOptions(COMMAND, args, {
      output: { type: 'string', short: 'o' },
      json: { type: 'boolean' },
    });
    const pack = onlyFile(COMMAND, positionals, 'corpus.pack');
    const out = required(COMMAND, '-o', values.output);
    const progress = new Progress('unpack');
    const onProgress = (share: number): void => {
      signal.throwIfAborted();
      progress.update(share);
    };
    await unpackCorpus(pack, out, onProgress).finally(() => progress.stop());
    print(values.json ? JSON.stringify({ out }) : out);
  },
};

export default command;
