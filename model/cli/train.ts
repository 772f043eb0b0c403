import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildCorpusCache } from '../corpus/build-cache.ts';
import { openCorpusCache } from '../corpus/cache.ts';
import { InputError } from '../input-error.ts';
import { GENERATED, GENERATOR_SPECS, SPECS, TIERS, type Spec } from '../spec.ts';
import { BACKENDS } from '../train/backend.ts';
import { exportModel } from '../train/export.ts';
import { readStyles } from '../train/import.ts';
import { DEFAULT_LEGS, GENERATOR_LEGS, STAGES, describeLegs, parseLegs } from '../train/schedule.ts';
import { train, type TrainProgress, type TrainResult } from '../train/train.ts';
import { waveNetShape } from '../wavenet-shape.ts';
import type { Command } from './command.ts';
import { choiceOption, numberOption, parseOptions, required } from './options.ts';
import { packageFile } from './package-files.ts';
import { Progress } from './progress.ts';
import { roundToPairs } from '../../worklet/engine/wavenet-packing.ts';

const COMMAND = 'anypiano train';
/** Steps between two lines of output. */
const REPORT_STEPS = 100;

const help = `anypiano train --corpus corpus.json --out model.safetensors

Trains the model on recorded pianos. Writes the weights, encoder.safetensors and
the folder styles beside them. Ctrl-C stops after the step under way; the same
command goes on from there.

  --corpus FILE        a corpus.json; may be given more than once
  --salamander FOLDER  where \`npm run corpus\` put the Salamander Grand Piano
  --cache FILE         the corpus in one file; made of the above if it does not exist (default CHECKPOINT/corpus.bin)
  --out FILE           the weights
  --checkpoint FOLDER  checkpoint, log.jsonl and loss.svg (default checkpoint, beside the weights)
  --backend NAME       auto, webgpu, wasm or cpu (default auto: a GPU where there is one, else wasm)
  --from FILE          weights to start from, with their encoder and styles beside them; else random ones
  --tier NAME          ${TIERS.join(' or ')} (default standard); small starts --from the standard one, whose styles it plays
  --decoder NAME       spectral (default), residual or autoregressive: with the latter two the WaveNet is a generator that
                       draws sample by sample, what the strings leave or all of the sound; starts --from finished weights
  --banks ID,ID        banks that it learns from (default all)
  --steps N            steps in all (default 8000)
  --legs LIST          stage:share:rate of each leg, separated by commas
                       (default ${describeLegs(DEFAULT_LEGS)});
                       stages: ${STAGES.join(', ')} (notes: styles go on fitting)
  --minutes N          stop after so many minutes, and write the weights as they are
  --batch N            examples in one step (default 2)
  --seed N             seed of everything random (default 1)
  --json               one JSON object on the last line
  --help               this text`;

const command: Command = {
  help,
  async run(args, { print, signal }) {
    const { values, positionals } = parseOptions(COMMAND, args, {
      corpus: { type: 'string', multiple: true, default: [] },
      salamander: { type: 'string' },
      cache: { type: 'string' },
      out: { type: 'string' },
      checkpoint: { type: 'string' },
      backend: { type: 'string', default: 'auto' },
      from: { type: 'string' },
      tier: { type: 'string', default: 'standard' },
      decoder: { type: 'string', default: 'spectral' },
      banks: { type: 'string' },
      steps: { type: 'string', default: '8000' },
      legs: { type: 'string' },
      minutes: { type: 'string' },
      batch: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean' },
    });
    if (positionals[0] !== undefined) throw new InputError(COMMAND, `'${positionals[0]}' is not an option`);
    const out = required(COMMAND, '--out', values.out);
    const backend = choiceOption('--backend', values.backend, ['auto', ...BACKENDS]);
    const tier = choiceOption('--tier', values.tier, TIERS);
    const decoder = choiceOption('--decoder', values.decoder, ['spectral', ...GENERATED] as const);
    const spec = decoder === 'spectral' ? SPECS[tier] : GENERATOR_SPECS[decoder];
    if (spec.tier !== tier) throw new InputError(COMMAND, `--decoder ${decoder} has no tier ${tier}`);
    if (spec.generator !== undefined && values.from === undefined) throw new InputError(COMMAND, `--decoder ${decoder} needs --from: its strings and levels are those of finished weights`);
    if (spec.tier === 'small' && values.from === undefined) throw new InputError(COMMAND, '--tier small needs --from: it plays the styles of the standard tier');
    const steps = numberOption('--steps', values.steps, { least: 1, most: 1e9, whole: true });
    const legs = values.legs !== undefined ? parseLegs('--legs', values.legs) : spec.generator ? GENERATOR_LEGS : DEFAULT_LEGS;
    if (legs.some(({ stage }) => (stage === 'generator') !== (spec.generator !== undefined))) throw new InputError('--legs', `do not fit --decoder ${decoder}`);
    const batch = numberOption('--batch', values.batch, { least: 1, most: 1024, whole: true });
    const seed = numberOption('--seed', values.seed, { least: 0, most: 2 ** 31 - 1, whole: true });
    const deadline = values.minutes === undefined ? undefined : numberOption('--minutes', values.minutes, { least: 0.1, most: 1e5 }) * 60000;
    const folder = values.checkpoint ?? join(dirname(out), 'checkpoint');
    const cache = values.cache ?? join(folder, 'corpus.bin');

    const sources = { corpora: values.corpus, ...(values.salamander === undefined ? {} : { salamander: values.salamander }) };
    if (!existsSync(cache)) await readCorpora(sources, cache, signal);

    const chosen = (await openCorpusCache(cache)).only(values.banks?.split(','));
    const corpus = values.from === undefined ? chosen : chosen.withModes(await readStyles(spec, join(dirname(values.from), 'styles')));
    const workerScript = pathToFileURL(packageFile('train/gradient-worker.js'));
    const options = { spec, cache: corpus, backend, plan: { steps, legs }, batch, seed, folder, workerScript, ...(values.from !== undefined && { from: values.from }) };
    const reporter = new Reporter(print);
    const stop = new AbortController();
    signal.addEventListener('abort', () => stop.abort(), { once: true });
    // A timer that is held, since Node 20 may collect AbortSignal.timeout before it fires.
    const timer = deadline === undefined ? undefined : setTimeout(() => stop.abort(), deadline);
    const result = await train(options, { progress: (progress) => reporter.update(progress), signal: stop.signal }).finally(() => {
      clearTimeout(timer);
      reporter.stop();
    });
    if (signal.aborted) {
      print(`stopped at step ${result.state.step} of ${steps}; the same command goes on from there`);
      return;
    }
    const notes = { steps: String(result.state.step), seed: String(seed), backend: result.backend, seconds: result.state.seconds.toFixed(0), legs: describeLegs(legs) };
    const styles = await exportModel(spec, corpus, result.state.average, forKernel(spec), { weights: out, folder: dirname(out) }, notes);
    report(print, values.json === true, out, result, styles.map((style) => style.id));
  },
};

/** Single rows read their weights as pairs of 16 bits, so those of a generator are rounded to them. */
function forKernel(spec: Spec): (tensors: Map<string, Float32Array>) => Map<string, Float32Array> {
  if (spec.generator === undefined) return (tensors) => tensors;
  return (tensors) => roundToPairs(waveNetShape(spec), tensors);
}

interface Sources {
  readonly corpora: readonly string[];
  readonly salamander?: string;
}

/** Decodes the recordings into one file. @throws InputError if there are none */
async function readCorpora(sources: Sources, out: string, signal: AbortSignal): Promise<void> {
  if (sources.corpora.length === 0 && sources.salamander === undefined) {
    throw new InputError(COMMAND, `--corpus is missing, and there is no ${out}`);
  }
  const progress = new Progress('corpus');
  const onProgress = ({ done, total, bank }: { done: number; total: number; bank: string }): void => {
    signal.throwIfAborted();
    progress.update(done / total, bank);
  };
  try {
    await buildCorpusCache({ ...sources, out, onProgress });
  } catch (error) {
    await rm(`${out}.part`, { force: true });
    throw error;
  } finally {
    progress.stop();
  }
}

/** A bar on a terminal, and a line now and then for those who read a log. */
class Reporter {
  readonly #print: (line: string) => void;
  readonly #bar = new Progress('training');

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  update({ step, steps, loss, secondsLeft }: TrainProgress): void {
    const left = `${Math.ceil(secondsLeft / 60)} min left`;
    this.#bar.update(step / steps, `step ${step} of ${steps}, loss ${loss.toFixed(3)}`);
    if (!process.stderr.isTTY && step % REPORT_STEPS === 0) this.#print(`step ${step} of ${steps}, loss ${loss.toFixed(3)}, ${left}`);
  }

  stop(): void {
    this.#bar.stop();
  }
}

function report(print: (line: string) => void, json: boolean, out: string, { backend, finished, state }: TrainResult, styles: readonly string[]): void {
  const loss = state.log[state.log.length - 1]?.loss;
  if (json) print(JSON.stringify({ out, backend, finished, steps: state.step, seconds: state.seconds, loss, styles }));
  else print(`${out}: ${state.step} steps on ${backend}, ${(state.seconds / 60).toFixed(0)} min, styles ${styles.join(', ')}`);
}

export default command;
