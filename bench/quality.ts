/**
 * `npm run bench -- quality`: renders the strikes that training never saw
 * through the engine and measures how far they are from the recordings.
 */
import { access, readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readBanks } from '../model/corpus/build-cache.ts';
import type { Bank } from '../model/corpus/corpus.ts';
import { loadBank } from '../model/corpus/notes.ts';
import { SALAMANDER_FOLDER, hasSalamander } from '../model/corpus/salamander.ts';
import { InputError } from '../model/input-error.ts';
import { parseStyle, type Style } from '../model/style.ts';
import { parseWeights } from '../model/weights.ts';
import { loadKernel } from '../worklet/engine/kernel.ts';
import { Progress } from './progress.ts';
import { CONDITIONS } from './quality/conditions.ts';
import { describeExtraction, referenceStrikes, scoreExtraction, type ExtractionScore } from './quality/extraction.ts';
import { compareBank } from './quality/left-out.ts';
import { describeListening, listenToAll, readPerformances, type Listening } from './quality/listening.ts';
import { describeReport, reportAll, reportBank, type BankReport } from './quality/report.ts';
import { Sampler } from './quality/sampler.ts';
import type { Player } from './quality/strike.ts';
import { velocityResponse } from './quality/velocities.ts';

/** Seconds from which a style is extracted. */
const MINUTE = 60;

const USAGE = `npm run bench -- quality [options]
  --corpus FILE        corpus.json (default: ../shared/pianos/corpus.json)
  --salamander FOLDER  where "npm run corpus" put Salamander (default: ${SALAMANDER_FOLDER})
  --weights FILE       default: model/pretrained/model.safetensors
  --styles FOLDER      default: model/pretrained/styles
  --banks ID,ID        only these
  --midi FOLDER        performances to listen to (default: ../shared/midi/val)
  --extract            instead: how near a style extracted from a minute of each bank comes to it; with weights that
                       were trained without these banks, to pianos never heard
  --quick              leave out the touch of all 88 keys, and listening; with --extract, recordings under worse conditions
  --json               one JSON object on the last line`;

async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch {
    throw new InputError(path, 'cannot be read');
  }
}

async function createPlayer(weights: string): Promise<Player> {
  const [relaxed, plain] = await Promise.all(['relaxed', 'plain'].map((build) => readInput(`dist/anypiano-${build}.wasm`)));
  return {
    module: await loadKernel({ relaxed: new Uint8Array(relaxed!), plain: new Uint8Array(plain!) }),
    weights: parseWeights(await readInput(weights), weights),
  };
}

async function findBanks(corpus: string, salamander: string): Promise<Bank[]> {
  const present = await access(corpus).then(() => true, () => false);
  const withSalamander = await hasSalamander(salamander);
  if (!present) console.error(`${corpus}: not here; --corpus FILE names another`);
  if (!withSalamander) console.error(`${salamander}: Salamander is not here; "npm run corpus" fetches it`);
  if (!present && !withSalamander) throw new InputError('quality', 'no recordings to compare with');
  return readBanks({ corpora: present ? [corpus] : [], ...(withSalamander && { salamander }) });
}

async function readStyle(folder: string, id: string): Promise<Style> {
  const path = join(folder, `${id}.json`);
  return parseStyle(new TextDecoder().decode(await readInput(path)), path);
}

/** Runs the benchmark. @throws InputError where weights, a style or all recordings are missing */
export async function quality(args: string[]): Promise<void> {
  const { values: options } = parseArgs({
    args,
    options: {
      corpus: { type: 'string', default: '../shared/pianos/corpus.json' },
      salamander: { type: 'string', default: SALAMANDER_FOLDER },
      weights: { type: 'string', default: 'model/pretrained/model.safetensors' },
      styles: { type: 'string', default: 'model/pretrained/styles' },
      banks: { type: 'string' },
      midi: { type: 'string', default: '../shared/midi/val' },
      extract: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const player = await createPlayer(options.weights);
  const wanted = options.banks?.split(',');
  const all = await findBanks(options.corpus, options.salamander);
  const banks = all.filter(({ id }) => wanted?.includes(id) ?? true);
  if (banks.length === 0) throw new InputError('--banks', `no bank is called ${options.banks}`);
  const progress = new Progress();
  if (options.extract) {
    const scores = await extraction(player, options, all, banks, progress);
    progress.clear();
    console.log(describeExtraction(scores).join('\n'));
    if (options.json) console.log(JSON.stringify(scores));
    return;
  }
  const reports: Record<string, BankReport> = {};
  for (const bank of banks) {
    const style = await readStyle(options.styles, bank.id);
    const comparisons = await compareBank(player, bank, style, () => progress.step(`${bank.id}, left-out strikes`));
    const touch = options.quick ? undefined : velocityResponse(player, style, () => progress.step(`${bank.id}, touch`));
    reports[bank.id] = reportBank(bank.name, comparisons, touch);
  }
  const [first] = banks;
  const present = await access(options.midi).then(() => true, () => false);
  let listening: Listening[] = [];
  if (!present) console.error(`${options.midi}: no performances here; --midi FOLDER names others`);
  else if (!options.quick) {
    const sampler = new Sampler(await loadBank(first!, () => progress.step(`${first!.id}, recordings`)));
    const style = await readStyle(options.styles, first!.id);
    listening = await listenToAll(player, style, sampler, await readPerformances(options.midi), () => progress.step(`${first!.id}, performances heard`));
  }
  progress.clear();
  const report = reportAll(reports);
  console.log(describeReport(report).join('\n'));
  if (listening.length > 0) console.log(['', ...describeListening(listening)].join('\n'));
  if (options.json) console.log(JSON.stringify({ ...report, listening }));
}

interface ExtractionOptions {
  readonly weights: string;
  readonly styles: string;
  readonly midi: string;
  readonly quick: boolean;
}

/** @throws InputError where styles or performances are missing */
async function extraction(player: Player, { weights, styles, midi, quick }: ExtractionOptions, all: readonly Bank[], banks: readonly Bank[], progress: Progress): Promise<Record<string, ExtractionScore>> {
  const [performance] = await readPerformances(midi, MINUTE).catch(() => []);
  if (performance === undefined) throw new InputError(midi, 'no performances here; --midi FOLDER names others');
  const references = await referenceStrikes(all, (id) => progress.step(`${id}, recordings`));
  const ids = (await readdir(styles).catch(() => [])).filter((file) => file.endsWith('.json') && file !== 'index.json').map((file) => basename(file, '.json'));
  const known = await Promise.all(ids.map((id) => readStyle(styles, id)));
  const scores: Record<string, ExtractionScore> = {};
  for (const bank of banks) {
    // Its own style, where there is one, is no other's.
    const others = known.filter(({ id }) => id !== bank.id);
    if (others.length === 0) throw new InputError(styles, 'no styles of other pianos here');
    scores[bank.id] = await scoreExtraction({ player, weights, styles: others, performance, references, conditions: quick ? CONDITIONS.slice(0, 1) : CONDITIONS, onStep: (what) => progress.step(what) }, bank);
  }
  return scores;
}
