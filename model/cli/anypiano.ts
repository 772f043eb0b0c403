#!/usr/bin/env node
/** The command line: finds the command, runs it, and turns what goes wrong into one line and an exit code. */
import packageJson from '../../package.json' with { type: 'json' };
import { InputError } from '../input-error.ts';
import type { Command } from './command.ts';

const OK = 0;
const INTERNAL_ERROR = 1;
const BAD_INPUT = 2;
/** 128 + SIGINT, as shells expect. */
const INTERRUPTED = 130;

/** Loaded on demand: only training needs TensorFlow.js. */
const COMMANDS: Readonly<Record<string, () => Promise<{ default: Command }>>> = {
  render: () => import('./render.ts'),
  extract: () => import('./extract.ts'),
  etude: () => import('./etude.ts'),
  transcribe: () => import('./transcribe.ts'),
  transfer: () => import('./transfer.ts'),
  batch: () => import('./batch.ts'),
  worker: () => import('./worker.ts'),
  train: () => import('./train.ts'),
  modes: () => import('./modes.ts'),
  pack: () => import('./pack.ts'),
  unpack: () => import('./unpack.ts'),
  styles: () => import('./styles.ts'),
};

const HELP = `anypiano: play any piano

  anypiano render  song.mid --style NAME|FILE -o song.wav    plays a MIDI file into a WAV file
  anypiano extract recording.wav -o my-piano.json            makes a style of a piano recording
  anypiano etude   -o etude.mid                              writes what tells most of a piano in a minute
  anypiano transcribe recording.wav -o recording.mid         writes down what a piano plays
  anypiano transfer recording.wav --style NAME -o other.wav  plays a recording on another piano
  anypiano batch transfer FILES... -o FOLDER                 does the same to many files
  anypiano worker  --redis URL                               helps with a batch from another machine
  anypiano train   --corpus corpus.json --out FILE           trains the model
  anypiano modes   --weights FILE                            measures the strings of the pianos it was trained on
  anypiano pack    -o FOLDER                                 carries training to a machine with a GPU
  anypiano styles                                            lists the pianos that come along

  anypiano COMMAND --help   explains a command
  anypiano --version`;

async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    print(HELP);
    return;
  }
  if (name === '--version') {
    print(packageJson.version);
    return;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) throw new InputError('anypiano', `'${name}' is not a command; anypiano --help lists them`);
  const { default: command } = await load();
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (own.includes('--help') || own.includes('-h')) print(command.help);
  else await command.run(rest, { print, signal });
}

/** Name of a package that could not be found: some are only installed by those who want what they do. */
function missingPackage(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return undefined;
  return /^Cannot find (?:package|module) '((?:@[\w.-]+\/)?[\w-][\w.-]*)/.exec((error as Error).message)?.[1];
}

const interrupt = new AbortController();
const asked = new Set<NodeJS.Signals>();
// Of a person, of a time limit, and of a window that is closed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A command that does not come to its end has no say when asked twice.
    if (asked.has(signal)) process.exit(INTERRUPTED);
    asked.add(signal);
    interrupt.abort();
  });
}
// The reader of a pipe may have seen enough.
process.stdout.on('error', () => process.exit(OK));

let exitCode = OK;
try {
  await main(process.argv.slice(2), interrupt.signal);
  if (interrupt.signal.aborted) exitCode = INTERRUPTED;
} catch (error) {
  const missing = missingPackage(error);
  if (error instanceof InputError) {
    console.error(error.message);
    exitCode = BAD_INPUT;
  } else if (missing !== undefined) {
    console.error(`anypiano: this needs a package that is not installed: npm install ${missing}`);
    exitCode = BAD_INPUT;
  } else if (interrupt.signal.aborted) {
    exitCode = INTERRUPTED;
  } else {
    console.error('anypiano: internal error, please report it with what follows');
    console.error(error);
    exitCode = INTERNAL_ERROR;
  }
}
// A GPU would keep the process alive; what was printed must be out first.
process.stdout.write('', () => process.exit(exitCode));
