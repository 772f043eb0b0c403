/** `npm run bench -- autoregressive`: the WaveNet as a generator, how fast it is and how it sounds beside the decoder that ships. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readBanks } from '../model/corpus/build-cache.ts';
import { SALAMANDER_FOLDER, hasSalamander } from '../model/corpus/salamander.ts';
import { InputError } from '../model/input-error.ts';
import { parseWeights } from '../model/weights.ts';
import { compareDecoders, type Decoder, type DecoderFigures } from './autoregressive/decoders.ts';
import { measureField, type FieldTimes } from './autoregressive/naive.ts';
import { fieldPlot } from './autoregressive/plot.ts';
import { BenchSite } from './engine/bench-site.ts';
import { tableOf } from './engine/table.ts';
import { Progress } from './progress.ts';
import { readPerformances } from './quality/listening.ts';
import { createPlayer, readStyle } from './quality/measure.ts';

const SHIPPED = 'model/pretrained/model.safetensors';
const STYLES = 'model/pretrained/styles';
const STYLE = 'salamander-c5';
const RESULTS = 'bench/results';

const USAGE = `npm run bench -- autoregressive [options]
  --weights FILE       a model that generates (default: model/pretrained/residual.safetensors); may be given more than once
  --salamander FOLDER  where "npm run corpus" put Salamander (default: ${SALAMANDER_FOLDER})
  --midi FOLDER        performances to listen to (default: ../shared/midi/val)
  --speed              only how fast it is
  --out FOLDER         for autoregressive.json and autoregressive.svg (default: ${RESULTS})
  --json               one JSON object on the last line`;

const RATE = 48000;
const NOTES = 16;
/** The best of these is taken: on a busy machine the others measure the neighbours. */
const REPETITIONS = 3;
const LEAST_REAL_TIME = 2;
/** Layers of the stacks whose receptive fields are compared. */
const LAYERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
/** What NSynth's decoder makes in a second on a CPU, as the paper of RAVE gives it (Caillon and Esling 2021). */
const NSYNTH = 18;
const PERFORMANCES = 4;
const SECONDS = 20;

interface Speed {
  readonly sampleRate: number;
  /** The whole piano in an audio worklet, 16 notes. */
  readonly realTimeFactor: number;
  readonly samplesPerSecond: number;
}

async function measureSpeed(weights: string, progress: Progress): Promise<Speed> {
  const { spec } = parseWeights(await readFile(weights), basename(weights));
  if (spec.generator === undefined) throw new InputError(weights, 'does not generate; `anypiano train --decoder residual` makes a model that does');
  const site = await BenchSite.open(weights, join(STYLES, `${STYLE}.json`));
  try {
    let realTimeFactor = 0;
    for (let i = 0; i < REPETITIONS; i++) {
      progress.step(`${basename(weights)}, in an audio worklet`);
      realTimeFactor = Math.max(realTimeFactor, await site.askFreshPage('playStretches', NOTES, RATE));
    }
    const sampleRate = spec.sampleRate / spec.generator.divisor;
    return { sampleRate, realTimeFactor, samplesPerSecond: realTimeFactor * sampleRate };
  } finally {
    await site.close();
  }
}

/** Each decoder by name: what ships, and those that generate. */
async function measureSound(files: readonly string[], salamander: string, midi: string, progress: Progress): Promise<Record<string, DecoderFigures>> {
  if (!(await hasSalamander(salamander))) throw new InputError(salamander, 'Salamander is not here; "npm run corpus" fetches it');
  const performances = existsSync(midi) ? (await readPerformances(midi, SECONDS)).slice(0, PERFORMANCES) : [];
  const [bank] = await readBanks({ corpora: [], salamander });
  const decoders: Decoder[] = [];
  for (const file of [SHIPPED, ...files]) {
    const player = await createPlayer(file);
    decoders.push({ name: file === SHIPPED ? 'spectral' : (player.weights.spec.generator?.makes ?? file), player });
  }
  const figures = await compareDecoders(decoders, { bank: bank!, style: await readStyle(STYLES, STYLE), performances, onStep: (what) => progress.step(what) });
  return Object.fromEntries(decoders.map(({ name }, i) => [name, figures[i]!]));
}

/** Runs the benchmark. @throws InputError where weights or recordings are missing */
export async function autoregressive(args: string[]): Promise<void> {
  const { values: options } = parseArgs({
    args,
    options: {
      weights: { type: 'string', multiple: true, default: ['model/pretrained/residual.safetensors'] },
      salamander: { type: 'string', default: SALAMANDER_FOLDER },
      midi: { type: 'string', default: '../shared/midi/val' },
      speed: { type: 'boolean', default: false },
      out: { type: 'string', default: RESULTS },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const progress = new Progress();
  for (const file of options.weights) if (!existsSync(file)) throw new InputError(file, 'cannot be read; `anypiano train --decoder residual` makes it');
  const speeds: Record<string, Speed> = {};
  for (const file of options.weights) speeds[basename(file, '.safetensors')] = await measureSpeed(file, progress);
  const { module } = await createPlayer(SHIPPED);
  const fields = LAYERS.map((layers) => {
    progress.step(`receptive fields`);
    return measureField(module, layers);
  });
  const sound = options.speed ? {} : await measureSound(options.weights, options.salamander, options.midi, progress);
  progress.clear();

  const first = Object.values(speeds)[0]!;
  const report = { realTimeFactor: first.realTimeFactor, sampleRate: first.sampleRate, speeds, nsynthSamplesPerSecond: NSYNTH, fields, sound };
  console.log([...describeSpeed(speeds, fields), ...describeSound(sound)].join('\n'));
  await mkdir(options.out, { recursive: true });
  await writeFile(join(options.out, 'autoregressive.json'), `${JSON.stringify(report, null, 1)}\n`);
  await writeFile(join(options.out, 'autoregressive.svg'), fieldPlot(fields));
  console.log(`${join(options.out, 'autoregressive.svg')} and autoregressive.json are written`);
  if (options.json) console.log(JSON.stringify(report));
}

function describeSpeed(speeds: Readonly<Record<string, Speed>>, fields: readonly FieldTimes[]): string[] {
  const played = Object.entries(speeds).map(([name, { realTimeFactor, sampleRate, samplesPerSecond }]) => ({
    title: `${name}: the whole piano in an audio worklet, ${NOTES} notes, drawn at ${sampleRate} Hz`,
    rows: [
      { what: 'times real time', measured: realTimeFactor.toFixed(1), bar: { text: `at least ${LEAST_REAL_TIME}`, met: realTimeFactor >= LEAST_REAL_TIME } },
      { what: 'samples a second', measured: `${Math.round(samplesPerSecond)} (NSynth, as published: ${NSYNTH})` },
    ],
  }));
  const last = fields.at(-1)!;
  const naive = fields.map(({ field, queues, naive: anew }) => ({ what: `${field} samples`, measured: `${(queues * 1e6).toFixed(2)} µs, anew ${(anew * 1e6).toFixed(1)} µs: ${(anew / queues).toFixed(0)} times` }));
  return tableOf([...played, { title: `One sample from the queues, and with its receptive field computed anew (up to ${last.field} samples), in Node`, rows: naive }]);
}

function describeSound(sound: Readonly<Record<string, DecoderFigures>>): string[] {
  const names = Object.entries(sound);
  if (names.length === 0) return [];
  const line = (cells: readonly string[]): string => cells.map((cell, i) => (i === 0 ? cell.padEnd(16) : cell.padStart(8))).join('');
  const digits = (value: number | undefined): string => value?.toFixed(2) ?? '-';
  return [
    'Left-out strikes of the Salamander: distances, pitch error in cents, note F1 that a transcriber hears',
    line(['', 'lsd', 'mss', 'mel', 'attack', 'cents', 'F1']),
    ...names.map(([name, { lsd, mss, mel, attack, cents, f1 }]) => line([name, ...[lsd, mss, mel, attack, cents, f1].map(digits)])),
    '',
  ];
}
