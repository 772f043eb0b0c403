import { dirname, join } from 'node:path';
import { openCorpusCache } from '../corpus/cache.ts';
import { InputError } from '../input-error.ts';
import { serialiseStyle, type Style } from '../style.ts';
import { replaceFile } from '../train/checkpoint.ts';
import { readStyles } from '../train/import.ts';
import { measureModes } from '../train/modes/measure-bank.ts';
import { parseWeights } from '../weights.ts';
import type { Command } from './command.ts';
import { MODEL_MIB, readInputFile } from './input-file.ts';
import { parseOptions, required } from './options.ts';
import { Progress } from './progress.ts';

const COMMAND = 'anypiano modes';

const help = `anypiano modes --weights model.safetensors --cache corpus.bin

Measures how the partials of each recorded key beat and fall, beside what the
weights say of them, and writes it into the styles beside the weights. Keys that
training left out are left out here, too. To be done after training; takes minutes.

  --weights FILE   finished weights of the standard tier, with their folder styles beside them
  --cache FILE     the corpus in one file, as \`anypiano train --cache\` made it
  --banks ID,ID    pianos that are measured (default all)
  --json           one JSON object on the last line
  --help           this text`;

const command: Command = {
  help,
  async run(args, { print, signal }) {
    const { values, positionals } = parseOptions(COMMAND, args, {
      weights: { type: 'string' },
      cache: { type: 'string' },
      banks: { type: 'string' },
      json: { type: 'boolean' },
    });
    if (positionals[0] !== undefined) throw new InputError(COMMAND, `'${positionals[0]}' is not an option`);
    const path = required(COMMAND, '--weights', values.weights);
    const cache = required(COMMAND, '--cache', values.cache);
    const weights = parseWeights(await readInputFile(path, MODEL_MIB), path);
    const folder = join(dirname(path), 'styles');
    const styles = await readStyles(weights.spec, folder);
    const corpus = (await openCorpusCache(cache)).only(values.banks?.split(','));
    const progress = new Progress('modes');
    const measured: Style[] = [];
    try {
      for (const [row, { id, name }] of corpus.banks.entries()) {
        const style = styles.get(id);
        if (style === undefined) continue;
        const done = await measureModes(weights, corpus, row, style, (share) => {
          signal.throwIfAborted();
          progress.update((row + share) / corpus.banks.length, name);
        });
        await replaceFile(join(folder, `${id}.json`), serialiseStyle(done));
        measured.push(done);
      }
    } finally {
      progress.stop();
    }
    if (values.json) print(JSON.stringify({ styles: measured.map(({ id }) => id) }));
    else print(`${folder}: ${measured.map(({ id }) => id).join(', ')}`);
  },
};

export default command;
