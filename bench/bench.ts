/** `npm run bench -- NAME [options]`: starts one benchmark. */
import { InputError } from '../model/input-error.ts';
import { WrongResult } from './kernel/wrong-result.ts';

type Command = (options: string[]) => Promise<void>;

const BENCHMARKS: Readonly<Record<string, { about: string; load: () => Promise<Command> }>> = {
  kernel: { about: 'the WaveNet kernel against a loop of multiply-adds and against other runtimes', load: async () => (await import('./kernel.ts')).kernel },
  engine: { about: 'the whole engine in the audio worklet of a browser', load: async () => (await import('./engine.ts')).engine },
  autoregressive: { about: 'the WaveNet as a generator: how fast, and how it sounds beside the decoder that ships', load: async () => (await import('./autoregressive.ts')).autoregressive },
  page: { about: 'what the page weighs, and how soon it sounds', load: async () => (await import('./page.ts')).page },
  quality: { about: 'the model against recordings that training never saw', load: async () => (await import('./quality.ts')).quality },
};

const USAGE = [
  'npm run bench -- NAME [--json] [options]',
  ...Object.entries(BENCHMARKS).map(([name, { about }]) => `  ${name.padEnd(15)} ${about}`),
  '--json prints one JSON object on the last line.',
].join('\n');

const [name = '', ...options] = process.argv.slice(2);
const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
if (benchmark === undefined) {
  console.error(USAGE);
  process.exitCode = name === '--help' ? 0 : 2;
} else {
  try {
    await (await benchmark.load())(options);
  } catch (error) {
    const expected = error instanceof InputError || (error instanceof TypeError && 'code' in error);
    if (!expected && !(error instanceof WrongResult)) throw error;
    console.error(error.message);
    process.exitCode = expected ? 2 : 1;
  }
}
