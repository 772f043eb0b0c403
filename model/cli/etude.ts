import { etude } from '../etude.ts';
import { writeMidiFile } from '../midi-file-writer.ts';
import type { Command } from './command.ts';
import { InputError } from '../input-error.ts';
import { parseOptions, required } from './options.ts';
import { checkOutputFile, writeOutputFile } from './output-file.ts';

const COMMAND = 'anypiano etude';
const BEATS_PER_MINUTE = 120;

const help = `anypiano etude -o etude.mid

Writes a MIDI file of one minute that tells most of a piano: every key once and alone, soft, hard and between. Play it on a
piano that takes MIDI, record it, and give the recording to anypiano extract or to the page: they know it by its notes.

  -o, --output FILE   the MIDI file
  --json              one JSON object on the last line
  --help              this text`;

const command: Command = {
  help,
  async run(args, { print }) {
    const { values, positionals } = parseOptions(COMMAND, args, { output: { type: 'string', short: 'o' }, json: { type: 'boolean' } });
    if (positionals[0] !== undefined) throw new InputError(COMMAND, `'${positionals[0]}' is not an option`);
    const output = required(COMMAND, '-o', values.output);
    await checkOutputFile(output);
    const minute = etude();
    await writeOutputFile(output, (write) => write(writeMidiFile(minute, BEATS_PER_MINUTE)));
    print(values.json ? JSON.stringify({ output, seconds: minute.seconds }) : `${output}: ${minute.seconds.toFixed(0)} s`);
  },
};

export default command;
