/** Reads a command's options and says in one line what is wrong with them. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { InputError } from '../input-error.ts';

type OptionSchema = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends OptionSchema> = ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>>;

/** @param command as the user typed it, for errors. @throws InputError for unknown options and missing values */
export function parseOptions<T extends OptionSchema>(command: string, args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const hyphen = /use '(--[\w-]+)=-/.exec(error.message)?.[1];
    if (hyphen !== undefined) throw new InputError(command, `the value of ${hyphen} is missing; one that begins with a hyphen is written ${hyphen}=-…`);
    // What follows the first sentence explains the syntax of positional arguments that begin with a hyphen.
    throw new InputError(command, error.message.split('. ')[0]!.replace(/\n.*/s, ''));
  }
}

/** The one file that a command works on. @throws InputError if there is none or more than one */
export function onlyFile(command: string, positionals: readonly string[], what: string): string {
  const [file, extra] = positionals;
  if (file === undefined) throw new InputError(command, `${what} is missing`);
  if (extra !== undefined) throw new InputError(command, `'${extra}' is one file too many`);
  return file;
}

/** @throws InputError if the option was not given */
export function required(command: string, option: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new InputError(command, `${option} is missing`);
  return value;
}

/** @throws InputError if the text is not a number from `least` to `most`, or not a whole one where `whole` asks for it */
export function numberOption(option: string, value: string, { least, most, whole = false }: { least: number; most: number; whole?: boolean }): number {
  const number = value.trim() === '' ? NaN : Number(value);
  if (number >= least && number <= most && (!whole || Number.isInteger(number))) return number;
  throw new InputError(option, `'${value}' is not a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
}

/** @throws InputError if the text is none of the choices */
export function choiceOption<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw new InputError(option, `'${value}' is none of ${choices.join(', ')}`);
  return choice;
}
