/** Runs in the page: a real-time performance, with a storm of messages over it or without. */
import { Random } from '../../model/random.ts';
import type { PianoNode, PianoState } from '../../worklet/node.ts';
import { BAR_SECONDS, playDenseBar } from './dense-bar.ts';
import { ONSET_PROCESSOR } from './onset-processor.ts';
import { createNode, wait } from './shipped-piano.ts';
import { Storm } from './storm.ts';

/** Bars are sent this long before they begin. */
const AHEAD_SECONDS = 0.5;
const STORM_MESSAGES_A_SECOND = 2000;
const GUST_MILLISECONDS = 5;
/** The browser brings its count of underruns up to date about once a second. */
const COUNT_MILLISECONDS = 1500;

export interface Underruns {
  /** Undefined where this browser does not count them. */
  readonly underruns: number | undefined;
  readonly underrunSeconds: number | undefined;
  /** By how much the context's clock fell behind the page's: no underruns are counted while the whole machine stands still. */
  readonly lostSeconds: number;
}

export interface LiveRun extends Underruns {
  /** On the context's clock. */
  readonly seconds: number;
  /** MIDI messages that were sent in all, those of the dense texture not counted. */
  readonly stormMessages: number;
  /** Sounding voices: mean and most. */
  readonly voices: number;
  readonly mostVoices: number;
  /** Share of real time of the audio thread as the processor reports it, mean and worst of averages over a second. */
  readonly load: number;
  readonly worstLoad: number;
  /** The most that the piano left out because it was too slow; 0 is nothing. */
  readonly economy: number;
}

interface PlaybackStats {
  readonly underrunEvents: number;
  readonly underrunDuration: number;
}

/** Starts to count a context's underruns; the result counts those since then. */
async function countUnderruns(context: AudioContext): Promise<() => Promise<Underruns>> {
  const stats = (context as unknown as { playbackStats?: PlaybackStats }).playbackStats;
  await wait(COUNT_MILLISECONDS);
  const [events, duration] = [stats?.underrunEvents ?? 0, stats?.underrunDuration ?? 0];
  const lag = (): number => performance.now() / 1000 - context.currentTime;
  const before = lag();
  return async () => {
    await wait(COUNT_MILLISECONDS);
    return {
      underruns: stats && stats.underrunEvents - events,
      underrunSeconds: stats && stats.underrunDuration - duration,
      lostSeconds: lag() - before,
    };
  };
}

/** Underruns of a context that does next to nothing: those are the machine's, not the piano's. */
export async function playNothing(rate: number, seconds: number): Promise<Underruns> {
  const context = new AudioContext({ sampleRate: rate });
  await context.resume();
  await context.audioWorklet.addModule('/onset.js');
  const source = new ConstantSourceNode(context, { offset: 0 });
  source.connect(context.destination);
  source.connect(new AudioWorkletNode(context, ONSET_PROCESSOR, { numberOfOutputs: 0 }));
  source.start();
  const count = await countUnderruns(context);
  await wait(seconds * 1000);
  const underruns = await count();
  await context.close();
  return underruns;
}

let live: { readonly context: AudioContext; readonly node: PianoNode } | undefined;

/** Starts real-time audio at `rate` Hz. */
export async function startLive(rate: number): Promise<void> {
  const context = new AudioContext({ sampleRate: rate });
  await context.resume();
  live = { context, node: await createNode(context) };
}

export interface Texture {
  readonly seconds: number;
  readonly seed: number;
  /** Whether a storm of messages passes over the dense texture. */
  readonly storm: boolean;
}

async function playBars(context: AudioContext, node: PianoNode, { seconds, seed }: Texture): Promise<void> {
  const random = new Random(seed);
  const start = context.currentTime + 0.1;
  for (let at = 0; at < seconds; at += BAR_SECONDS) {
    playDenseBar(node, random, start + at);
    const next = Math.min(seconds, at + BAR_SECONDS);
    await wait(Math.max(0, start + next - AHEAD_SECONDS - context.currentTime) * 1000);
  }
  await wait(AHEAD_SECONDS * 1000);
}

/** Sends the storm; returns the number of messages. */
async function blow(context: AudioContext, node: PianoNode, { seconds, seed }: Texture): Promise<number> {
  const storm = new Storm(seed);
  const start = performance.now();
  let sent = 0;
  for (let passed = 0; passed < seconds; passed = (performance.now() - start) / 1000) {
    for (const due = passed * STORM_MESSAGES_A_SECOND; sent < due; sent++) {
      const delay = storm.nextDelay();
      node.midi(storm.next(), delay === undefined ? undefined : context.currentTime + delay);
    }
    await wait(GUST_MILLISECONDS);
  }
  return sent;
}

/** Plays a texture on the piano of `startLive`. */
export async function playLive(texture: Texture): Promise<LiveRun> {
  const { context, node } = live!;
  // Keys that an earlier storm struck and did not release.
  node.panic();
  const count = await countUnderruns(context);
  const states: Pick<PianoState, 'voices' | 'load' | 'economy'>[] = [];
  const listen = (event: Event): void => {
    const { voices, load, economy } = (event as CustomEvent<PianoState>).detail;
    states.push({ voices, load, economy });
  };
  node.addEventListener('state', listen);
  const start = context.currentTime;
  const [, stormMessages] = await Promise.all([playBars(context, node, texture), texture.storm ? blow(context, node, texture) : 0]);
  const seconds = context.currentTime - start;
  node.removeEventListener('state', listen);
  if (states.length === 0) throw new Error('the piano does not report');
  const mean = (name: 'voices' | 'load'): number => states.reduce((sum, state) => sum + state[name], 0) / states.length;
  const most = (name: keyof (typeof states)[number]): number => states.reduce((top, state) => Math.max(top, state[name]), 0);
  return {
    seconds,
    stormMessages,
    ...(await count()),
    voices: mean('voices'),
    mostVoices: most('voices'),
    load: mean('load'),
    worstLoad: most('load'),
    economy: most('economy'),
  };
}
