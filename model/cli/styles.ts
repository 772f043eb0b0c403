import type { Command } from './command.ts';
import { parseOptions } from './options.ts';
import { InputError } from '../input-error.ts';
import { shippedStyles } from './package-files.ts';

const help = `anypiano styles [--json]

Lists the pianos that come with anypiano: the name for --style, what it is, and whom to credit.

  --json   one JSON array on the last line
  --help   this text`;

const command: Command = {
  help,
  async run(args, { print }) {
    const { values, positionals } = parseOptions('anypiano styles', args, { json: { type: 'boolean' } });
    if (positionals[0] !== undefined) throw new InputError('anypiano styles', `'${positionals[0]}' is not an option`);
    const styles = await shippedStyles();
    if (values.json) {
      print(JSON.stringify(styles.map(({ id, name, kind, credit, licence }) => ({ id, name, kind, credit, licence }))));
      return;
    }
    const width = Math.max(...styles.map((style) => style.id.length));
    for (const { id, name, kind, credit, licence } of styles) {
      print(`${id.padEnd(width)}  ${name} (${kind})`);
      print(`${''.padEnd(width)}  ${credit}, ${licence}`);
    }
  },
};

export default command;
