/** What the benchmark of the engine finds, and what counts as good. */
import type { Distribution } from './distribution.ts';
import type { LiveSession, LiveTotals } from './live-session.ts';
import type { Underruns } from './live.ts';
import type { OfflineRun } from './offline.ts';
import type { SilenceCost } from './silence.ts';
import type { StartUp } from './start-up-page.ts';
import type { WaveNetLoad } from './wavenet-load.ts';

/** What counts as good. */
export const BARS = {
  /** Times real time with `notes` notes at 48 kHz. */
  realTimeFactor: 4,
  notes: 32,
  underruns: 0,
  /** One render quantum. */
  latencyFrames: 128,
  /** The WaveNet's dearest load over its cheapest: flat but for the caches that the voices' strings fill. */
  waveNetSpread: 1.25,
  /** Of the cost of a minute of playing. */
  silence: 1,
  /** The same while as many voices ring on as play: denormal numbers would cost several times as much. */
  tails: 1.5,
  /** Times real time of `anypiano render`. */
  render: 10,
} as const;
/** On a quiet machine no more quanta are interrupted by others, and no context falls further behind. */
const MOST_INTERRUPTED = 1e-3;
export const MOST_LOST_SECONDS = 0.05;

/** Frames from an event to its sound, off line. */
export interface OfflineLatencies {
  readonly firstSound: Distribution;
  /** To the first sample within 60 dB of the strike's peak. */
  readonly audible: Distribution;
  /** What the node states. */
  readonly stated: number;
}

export interface RateReport {
  /** With `BARS.notes` notes, off line. */
  readonly realTimeFactor: number;
  readonly latency: OfflineLatencies;
  readonly live: LiveSession & LiveTotals;
}

export interface EngineReport {
  readonly machine: {
    readonly browser: string;
    readonly node: string;
    readonly cores: number;
    /** Load average of the last minute before the benchmark; 0 where the system has none. */
    readonly busyBefore: number;
  };
  /** Of a real-time context that does nothing. */
  readonly control: { readonly seconds: number; readonly before: Underruns; readonly after: Underruns };
  /** At 48 kHz, by number of notes. */
  readonly offline: Readonly<Record<number, OfflineRun>>;
  /** The engine at 48 kHz on one thread, by number of notes. */
  readonly waveNet: Readonly<Record<number, WaveNetLoad>>;
  readonly silence: SilenceCost;
  readonly liveLatency: { readonly timedFrames: Distribution; readonly untimedMilliseconds: Distribution; readonly outputMilliseconds: number };
  readonly startUp: StartUp;
  /** Times real time. */
  readonly render: number;
  /** By rate in Hz. */
  readonly rates: Readonly<Record<number, RateReport>>;
}

/** The dearest of the WaveNet's loads over the cheapest. */
export function waveNetSpread(waveNet: EngineReport['waveNet']): number {
  const loads = Object.values(waveNet).map((load) => load.waveNet);
  return Math.max(...loads) / Math.min(...loads);
}

/** Whether other programs had a part in the result. */
export function wasDisturbed({ control, rates }: Pick<EngineReport, 'control' | 'rates'>): boolean {
  const sessions = Object.values(rates).map(({ live }) => live);
  const quanta = sessions.flatMap(({ quanta: { dense, storm } }) => [dense, storm]);
  const interrupted = quanta.some((q) => q?.interrupted !== undefined && q.interrupted > MOST_INTERRUPTED * q.wall.count);
  const idle = [control.before, control.after];
  const stoodStill = [...idle, ...sessions].some(({ lostSeconds, underruns }) => lostSeconds > MOST_LOST_SECONDS && underruns === 0);
  return interrupted || stoodStill || idle.some(({ underruns }) => underruns !== undefined && underruns > 0);
}
