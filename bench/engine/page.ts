/** Runs in the browser: plays the piano off line and live, and reports how it went. */
import { PianoNode, type PianoState } from '../../worklet/node.ts';
import { parseStyle, type Style } from '../../model/style.ts';
import { Random } from '../../model/random.ts';

const RATE = 48000;
const OFFLINE_SECONDS = 4;
const LOWEST_KEY = 24;
const HIGHEST_KEY = 87;
/** Where the first strike is due, in frames; not on the edge of a block. */
const DUE_FRAME = 4803;
/** Below this a sample counts as silence. */
const SILENCE = 1e-9;

export interface OfflineRun {
  /** Seconds of sound for each second of computing. */
  readonly realTimeFactor: number;
  /** Voices that still sounded at the end. */
  readonly voices: number;
}

export interface LiveRun {
  readonly seconds: number;
  /** Undefined where this browser does not count them. */
  readonly underruns: number | undefined;
  readonly underrunSeconds: number | undefined;
  /** Mean number of sounding voices, and mean share of real time of the audio thread. */
  readonly voices: number;
  readonly load: number;
}

interface PlaybackStats {
  readonly underrunEvents: number;
  readonly underrunDuration: number;
}

async function fetchPiano(): Promise<{ weights: ArrayBuffer; style: Style }> {
  const [weights, style] = await Promise.all(['/weights.safetensors', '/style.json'].map((path) => fetch(path)));
  return { weights: await weights!.arrayBuffer(), style: parseStyle(await style!.json(), 'style.json') };
}

async function createNode(context: BaseAudioContext): Promise<PianoNode> {
  const node = await PianoNode.create(context, { ...(await fetchPiano()), baseUrl: location.href });
  node.connect(context.destination);
  return node;
}

/** `count` keys, evenly spread. */
function keys(count: number): number[] {
  const step = (HIGHEST_KEY - LOWEST_KEY) / Math.max(1, count - 1);
  return Array.from({ length: count }, (_, i) => (count === 1 ? 60 : Math.round(LOWEST_KEY + i * step)));
}

/** Plays `count` held notes off line at 48 kHz; there the audio thread takes no messages while it renders. */
async function playOffline(count: number): Promise<OfflineRun> {
  const context = new OfflineAudioContext(1, OFFLINE_SECONDS * RATE, RATE);
  const node = await createNode(context);
  let voices = 0;
  node.addEventListener('state', (event) => (voices = (event as CustomEvent<PianoState>).detail.voices));
  for (const note of keys(count)) node.noteOn(note, 0.9, 0);
  await node.received();
  const start = performance.now();
  const sound = await context.startRendering();
  const seconds = (performance.now() - start) / 1000;
  // A worklet that failed renders silence, which looks like a fast result.
  if (!sound.getChannelData(0).some((x) => Math.abs(x) > 1e-4)) throw new Error('the worklet renders silence');
  // The last states are still under way.
  await new Promise((passed) => setTimeout(passed, 200));
  return { realTimeFactor: OFFLINE_SECONDS / seconds, voices };
}

/** Frames from when a strike is due to the first sample that is not silent. */
async function firstSoundFramesLate(): Promise<number> {
  const context = new OfflineAudioContext(1, RATE, RATE);
  const node = await createNode(context);
  node.noteOn(60, 0.8, DUE_FRAME / RATE);
  await node.received();
  const sound = (await context.startRendering()).getChannelData(0);
  return sound.findIndex((x) => Math.abs(x) > SILENCE) - DUE_FRAME;
}

let live: { readonly context: AudioContext; readonly node: PianoNode } | undefined;

/** Starts real-time audio. */
async function startLive(): Promise<void> {
  const context = new AudioContext({ sampleRate: RATE });
  await context.resume();
  live = { context, node: await createNode(context) };
}

/** Plays random chords and runs under a pedal that is renewed every two seconds: about 32 sounding voices. */
async function playLive(seconds: number, seed: number): Promise<LiveRun> {
  const { context, node } = live!;
  const random = new Random(seed);
  const stats = (context as unknown as { playbackStats?: PlaybackStats }).playbackStats;
  const before = { events: stats?.underrunEvents ?? 0, duration: stats?.underrunDuration ?? 0 };
  const states: Pick<PianoState, 'voices' | 'load'>[] = [];
  const listen = (event: Event): void => {
    const { voices, load } = (event as CustomEvent<PianoState>).detail;
    states.push({ voices, load });
  };
  node.addEventListener('state', listen);
  const start = context.currentTime + 0.1;
  for (let beat = 0; beat * 2 < seconds; beat++) {
    const bar = start + 2 * beat;
    node.sustain(0, bar);
    node.sustain(1, bar + 0.3);
    for (let i = 0; i < 32; i++) {
      const at = bar + 0.31 + 0.05 * i;
      const note = LOWEST_KEY + random.below(HIGHEST_KEY - LOWEST_KEY);
      node.noteOn(note, random.between(0.2, 1), at);
      node.noteOff(note, at + 0.2);
    }
    await new Promise((passed) => setTimeout(passed, Math.max(0, (bar + 2 - context.currentTime - 0.5) * 1000)));
  }
  await new Promise((passed) => setTimeout(passed, 1000));
  node.removeEventListener('state', listen);
  const mean = (name: 'voices' | 'load'): number => states.reduce((sum, state) => sum + state[name], 0) / states.length;
  return {
    seconds: context.currentTime - start,
    underruns: stats && stats.underrunEvents - before.events,
    underrunSeconds: stats && stats.underrunDuration - before.duration,
    voices: mean('voices'),
    load: mean('load'),
  };
}

export interface EnginePage {
  playOffline(count: number): Promise<OfflineRun>;
  firstSoundFramesLate(): Promise<number>;
  startLive(): Promise<void>;
  playLive(seconds: number, seed: number): Promise<LiveRun>;
}

const enginePage: EnginePage = { playOffline, firstSoundFramesLate, startLive, playLive };
Object.assign(globalThis, { enginePage });
