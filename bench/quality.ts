/**
 * `npm run bench -- quality`: renders strikes through the engine, those first that
 * training never saw, and measures how far they are from the recordings.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readBanks } from '../model/corpus/build-cache.ts';
import type { Bank } from '../model/corpus/corpus.ts';
import { loadBank } from '../model/corpus/notes.ts';
import { SALAMANDER_FOLDER, hasSalamander } from '../model/corpus/salamander.ts';
import { InputError } from '../model/input-error.ts';
import { Progress } from './progress.ts';
import { describeVerdicts, judge } from './quality/bars.ts';
import { CONDITIONS } from './quality/conditions.ts';
import { measureAll } from './quality/crew.ts';
import { describeReport } from './quality/describe.ts';
import { describeExtraction, mostTelling, referenceStrikes, scoreExtraction, type ExtractionScore } from './quality/extraction.ts';
import { describeListening, listenToAll, readPerformances, type Listening } from './quality/listening.ts';
import { createPlayer, readStyle, type Measured } from './quality/measure.ts';
import { setPaces } from './quality/paces.ts';
import { qualityPage } from './quality/page/page.ts';
import { reportAll } from './quality/report.ts';
import { Sampler } from './quality/sampler.ts';
import type { Player } from './quality/strike.ts';
import { microphonesToldApart } from './quality/told-apart.ts';

/** Where the figures of the shipped weights lie. */
const RESULTS = 'bench/results';
const SHIPPED = 'model/pretrained';
/** The same model, trained without three of the banks. */
const UNHEARD = 'bench/unheard';
/** Seconds from which a style is extracted. */
const MINUTE = 60;

const USAGE = `npm run bench -- quality [options]
  --corpus FILE        corpus.json (default: ../shared/pianos/corpus.json)
  --salamander FOLDER  where "npm run corpus" put Salamander (default: ${SALAMANDER_FOLDER})
  --weights FILE       default: ${SHIPPED}/model.safetensors
  --styles FOLDER      default: beside the weights
  --banks ID,ID        only these
  --midi FOLDER        performances to listen to (default: ../shared/midi/val)
  --extract            instead: how near a style extracted from a minute of each bank comes to it; by default of those
                       that have no style beside the weights, and with ${UNHEARD}/model.safetensors, which never heard them
  --quick              only the distances, the classifier and the starts of left-out strikes; with --extract, no recordings
                       under worse conditions
  --paces              instead: works out how fast the sound changes near each style on the way to the others, and writes
                       it into their files
  --out FOLDER         for quality.json and quality.html (default: bench/results where all is measured, else nowhere)
  --json               one JSON object on the last line`;

async function findBanks(corpus: string, salamander: string): Promise<Bank[]> {
  const present = existsSync(corpus);
  const withSalamander = await hasSalamander(salamander);
  if (!present) console.error(`${corpus}: not here; --corpus FILE names another`);
  if (!withSalamander) console.error(`${salamander}: Salamander is not here; "npm run corpus" fetches it`);
  if (!present && !withSalamander) throw new InputError('quality', 'no recordings to compare with');
  return readBanks({ corpora: present ? [corpus] : [], ...(withSalamander && { salamander }) });
}

/** Runs the benchmark. @throws InputError where weights, a style or all recordings are missing */
export async function quality(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      corpus: { type: 'string', default: '../shared/pianos/corpus.json' },
      salamander: { type: 'string', default: SALAMANDER_FOLDER },
      weights: { type: 'string' },
      styles: { type: 'string' },
      banks: { type: 'string' },
      midi: { type: 'string', default: '../shared/midi/val' },
      extract: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      paces: { type: 'boolean', default: false },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const weights = values.weights ?? join(values.extract ? UNHEARD : SHIPPED, 'model.safetensors');
  const options = { ...values, weights, styles: values.styles ?? join(dirname(weights), 'styles') };
  const wanted = options.banks?.split(',');
  const progress = new Progress();
  if (options.paces) {
    const lines = await setPaces(await createPlayer(weights), options.styles, await styleIds(options.styles), () => progress.step('ways between styles'));
    progress.clear();
    console.log(lines.join('\n'));
    return;
  }
  const all = await findBanks(options.corpus, options.salamander);
  const banks = all.filter(({ id }) => wanted?.includes(id) ?? true);
  if (banks.length === 0) throw new InputError('--banks', `no bank is called ${options.banks}`);
  if (options.extract) {
    const scores = await extraction(await createPlayer(weights), options, all, banks, progress);
    progress.clear();
    console.log(describeExtraction(scores).join('\n'));
    if (options.json) console.log(JSON.stringify(scores));
    return;
  }
  const { quick } = options;
  const measured = await measure(options, banks, progress);
  const microphones = quick ? undefined : await microphonesToldApart(all, () => progress.step('two microphones'));
  const listening = quick ? [] : await listen(options, banks[0]!, progress);
  progress.clear();
  const report = reportAll(measured, microphones);
  const verdicts = judge(report, listening);
  console.log(describeReport(report).join('\n'));
  if (listening.length > 0) console.log(['', ...describeListening(listening)].join('\n'));
  console.log(['', ...describeVerdicts(verdicts)].join('\n'));
  const json = JSON.stringify({ ...report, listening, verdicts });
  const out = options.out ?? (quick || banks.length < all.length ? undefined : RESULTS);
  if (out !== undefined) {
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'quality.json'), `${JSON.stringify({ ...report, listening, verdicts }, null, 1)}\n`);
    await writeFile(join(out, 'quality.html'), qualityPage(report, measured, listening, verdicts));
    console.log(`\n${join(out, 'quality.html')} and quality.json are written`);
  }
  if (options.json) console.log(json);
}

/** What the benchmark is told. */
interface Options {
  readonly weights: string;
  readonly styles: string;
  readonly banks?: string | undefined;
  readonly midi: string;
  readonly quick: boolean;
}

/** @throws InputError where weights, a style or a recording is missing */
async function measure({ weights, styles, quick }: Options, banks: readonly Bank[], progress: Progress): Promise<Measured[]> {
  const ids = banks.map(({ id }) => id);
  const jobs = banks.map((bank, i) => ({ bank, towards: ids.slice(i + 1) }));
  return measureAll({ weights, styles, quick }, jobs, (what) => progress.step(what));
}

/** What a transcriber hears of one bank; nothing without performances. */
async function listen({ weights, styles, midi }: Options, bank: Bank, progress: Progress): Promise<Listening[]> {
  if (!existsSync(midi)) {
    console.error(`${midi}: no performances here; --midi FOLDER names others`);
    return [];
  }
  const sampler = new Sampler(await loadBank(bank, () => progress.step(`${bank.id}, recordings`)));
  const [player, style] = [await createPlayer(weights), await readStyle(styles, bank.id)];
  return listenToAll(player, style, sampler, await readPerformances(midi), () => progress.step(`${bank.id}, performances heard`));
}

/** Of all styles in a folder; none where there is no such folder. */
async function styleIds(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json') && file !== 'index.json').map((file) => basename(file, '.json'));
}

/** @throws InputError where styles or performances are missing */
async function extraction(player: Player, { weights, styles, banks: named, midi, quick }: Options, all: readonly Bank[], banks: readonly Bank[], progress: Progress): Promise<Record<string, ExtractionScore>> {
  const music = mostTelling(await readPerformances(midi, MINUTE).catch(() => []));
  if (music === undefined) throw new InputError(midi, 'no performances here; --midi FOLDER names others');
  const references = await referenceStrikes(all, (id) => progress.step(`${id}, recordings`));
  const ids = await styleIds(styles);
  const known = await Promise.all(ids.map((id) => readStyle(styles, id)));
  const scores: Record<string, ExtractionScore> = {};
  const unheard = named === undefined ? banks.filter(({ id }) => !ids.includes(id)) : banks;
  for (const bank of unheard.length > 0 ? unheard : banks) {
    // Its own style, where there is one, is no other's.
    const others = known.filter(({ id }) => id !== bank.id);
    if (others.length === 0) throw new InputError(styles, 'no styles of other pianos here');
    scores[bank.id] = await scoreExtraction({ player, weights, styles: others, music, references, conditions: quick ? CONDITIONS.slice(0, 1) : CONDITIONS, onStep: (what) => progress.step(what) }, bank);
  }
  return scores;
}
