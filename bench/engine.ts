/** `npm run bench -- engine`: the whole engine in a browser's audio worklet, off line and live. */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { numberOption } from '../model/cli/options.ts';
import { BenchSite } from './engine/bench-site.ts';
import { distributionOf } from './engine/distribution.ts';
import { playSession, totalsOf } from './engine/live-session.ts';
import type { OfflineRun } from './engine/offline.ts';
import { renderSpeed } from './engine/render-speed.ts';
import { sectionsOf } from './engine/report-sections.ts';
import { BARS, type EngineReport, type RateReport } from './engine/report.ts';
import { measureStartUp, startUpFiles } from './engine/start-up.ts';
import { tableOf } from './engine/table.ts';
import { Progress } from './progress.ts';

const USAGE = `npm run bench -- engine [options]
  --seconds N      live playing at 48 kHz, half of it under a storm of messages (default: 600)
  --weights FILE   default: model/pretrained/model.safetensors
  --style FILE     default: model/pretrained/styles/salamander-c5.json
  --json           one JSON object on the last line`;

const RATE = 48000;
const OTHER_RATES = [44100, 96000];
const NOTES = [1, 16, BARS.notes, 64, 128];
/** The best of these is taken: on a busy machine the others measure the neighbours. */
const REPETITIONS = 3;
/** Other rates play for a tenth of the time, but not for less than this. */
const LEAST_SECONDS = 10;
const MOST_IDLE_SECONDS = 20;

async function playOffline(site: BenchSite, count: number, rate: number): Promise<OfflineRun> {
  const runs: OfflineRun[] = [];
  for (let i = 0; i < REPETITIONS; i++) runs.push(await site.askFreshPage('playOffline', count, rate));
  return runs.reduce((best, run) => (run.realTimeFactor > best.realTimeFactor ? run : best));
}

async function measureRate(site: BenchSite, rate: number, seconds: number): Promise<RateReport> {
  const { realTimeFactor } = await playOffline(site, BARS.notes, rate);
  const { frames, audibleFrames, statedFrames } = await site.askFreshPage('offlineLatency', rate);
  const session = await playSession(site, rate, seconds);
  return {
    realTimeFactor,
    latency: { firstSound: distributionOf(frames), audible: distributionOf(audibleFrames), stated: statedFrames },
    live: { ...totalsOf(session), ...session },
  };
}

interface Options {
  readonly weights: string;
  readonly style: string;
  readonly seconds: number;
}

async function measure({ weights, style, seconds }: Options): Promise<EngineReport> {
  const busyBefore = loadavg()[0]!;
  const progress = new Progress();
  const site = await BenchSite.open(weights, style, await startUpFiles());
  try {
    const idleSeconds = Math.min(MOST_IDLE_SECONDS, seconds / 3);
    progress.step('idle context');
    const before = await site.askFreshPage('playNothing', RATE, idleSeconds);
    const rates: Record<number, RateReport> = {};
    for (const rate of [RATE, ...OTHER_RATES]) {
      progress.step('live');
      rates[rate] = await measureRate(site, rate, rate === RATE ? seconds : Math.max(LEAST_SECONDS, seconds / 10));
    }
    progress.step('idle context');
    const after = await site.askFreshPage('playNothing', RATE, idleSeconds);
    const offline: Record<number, OfflineRun> = {};
    for (const count of NOTES) {
      progress.step('off line');
      offline[count] = await playOffline(site, count, RATE);
    }
    progress.step('latency, WaveNet, silence and start-up');
    const { timedFrames, untimedMilliseconds, outputMilliseconds } = await site.askFreshPage('liveLatency', RATE);
    return {
      machine: { browser: site.browser.version(), node: process.version, cores: cpus().length, busyBefore },
      control: { seconds: idleSeconds, before, after },
      offline,
      waveNet: await site.askFreshPage('waveNetLoads', NOTES),
      silence: await site.askFreshPage('silenceCost'),
      liveLatency: {
        timedFrames: distributionOf(timedFrames),
        untimedMilliseconds: distributionOf(untimedMilliseconds),
        outputMilliseconds,
      },
      startUp: await measureStartUp(site),
      render: await renderSpeed(weights, style),
      rates,
    };
  } finally {
    progress.clear();
    await site.close();
  }
}

function jsonOf(report: EngineReport): string {
  const { live, latency } = report.rates[RATE]!;
  const realTimeFactor = Object.fromEntries(Object.entries(report.offline).map(([count, run]) => [count, run.realTimeFactor]));
  const { underruns, memoryGrowthBytes } = live;
  const { voices, load } = live.dense;
  return JSON.stringify({
    underruns,
    realTimeFactor,
    firstSoundFramesLate: latency.firstSound.worst,
    memoryGrowthBytes,
    live: { voices, load, ...live },
    ...report,
  });
}

/** Runs the benchmark. @throws InputError where weights or style are missing */
export async function engine(args: string[]): Promise<void> {
  const { values: options } = parseArgs({
    args,
    options: {
      weights: { type: 'string', default: 'model/pretrained/model.safetensors' },
      style: { type: 'string', default: 'model/pretrained/styles/salamander-c5.json' },
      seconds: { type: 'string', default: '600' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const report = await measure({ ...options, seconds: numberOption('--seconds', options.seconds, { least: LEAST_SECONDS, most: 24 * 3600 }) });
  const { browser, node, cores, busyBefore } = report.machine;
  console.log(`The engine in the audio worklet of Chromium ${browser}; Node ${node}; ${cores} cores, ${busyBefore.toFixed(1)} busy before\n`);
  console.log(tableOf(sectionsOf(report)).join('\n'));
  if (options.json) console.log(jsonOf(report));
}
