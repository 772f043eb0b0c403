/** Runs in the page: from the time of an event to its first sound, off line and live. */
import { Random } from '../../model/random.ts';
import { ALL_SOUND_OFF } from '../../worklet/engine/engine.ts';
import type { PianoNode } from '../../worklet/node.ts';
import { ONSET_PROCESSOR, type Onset } from './onset-processor.ts';
import { createNode, wait } from './shipped-piano.ts';

const LOWEST = 21;
const KEYS = 88;
const OFFLINE_STRIKES = KEYS;
/** Off line: below this a sample is silence. */
const SILENCE = 1e-9;
const AUDIBLE_SHARE = 1e-3;
/** A strike is looked for from this long before it is due. */
const EARLY_SECONDS = 0.02;
/** From strike to strike, and from a strike to its end; the output's DC blocker takes a second to come to rest. */
const SPACING_SECONDS = 1.5;
const HELD_SECONDS = 0.1;
/** Live: strikes of each kind. */
const LIVE_STRIKES = 10;
const LOOK_AHEAD_SECONDS = 0.15;
const PATIENCE_MILLISECONDS = 2000;

export interface OfflineLatency {
  /** Frames from each strike's sample to the first that is not silent. */
  readonly frames: readonly number[];
  /** The same to the first within 60 dB of the strike's peak. */
  readonly audibleFrames: readonly number[];
  /** What the node states: the delay of its resampler. */
  readonly statedFrames: number;
}

/** Strikes all keys in random order, at random velocities and offsets in the block, each out of silence. */
export async function offlineLatency(rate: number): Promise<OfflineLatency> {
  const random = new Random(4);
  const spacing = Math.round(SPACING_SECONDS * rate);
  const context = new OfflineAudioContext(1, OFFLINE_STRIKES * spacing, rate);
  const node = await createNode(context);
  const due = Array.from({ length: OFFLINE_STRIKES }, (_, i) => i * spacing + random.below(spacing >> 3));
  const order = Array.from({ length: KEYS }, (_, i) => LOWEST + ((i * 37) % KEYS));
  due.forEach((frame, i) => {
    node.noteOn(order[i]!, random.between(0.05, 1), frame / rate);
    node.control(ALL_SOUND_OFF, 0, frame / rate + HELD_SECONDS);
    node.noteOff(order[i]!, frame / rate + HELD_SECONDS);
  });
  await node.received();
  const sound = (await context.startRendering()).getChannelData(0);
  const frames: number[] = [];
  const audibleFrames: number[] = [];
  due.forEach((frame, i) => {
    const early = Math.max(0, frame - Math.round(EARLY_SECONDS * rate));
    const strike = sound.subarray(early, due[i + 1] ?? sound.length);
    const peak = strike.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    if (peak <= SILENCE) throw new Error(`strike ${i} makes no sound`);
    const firstAbove = (level: number): number => early + strike.findIndex((x) => Math.abs(x) > level) - frame;
    frames.push(firstAbove(SILENCE));
    audibleFrames.push(firstAbove(AUDIBLE_SHARE * peak));
  });
  return { frames, audibleFrames, statedFrames: node.latencySeconds * rate };
}

export interface LiveLatency {
  /** Frames from each timed strike's sample to the first sound. */
  readonly timedFrames: readonly number[];
  /** Milliseconds from each untimed `noteOn` to the audio thread's block with its first sound; that clock ticks in whole ones. */
  readonly untimedMilliseconds: readonly number[];
  /** The context's own delay behind that, in milliseconds. */
  readonly outputMilliseconds: number;
}

/** Takes one onset after the other from a listener behind the piano. */
async function listenTo(node: PianoNode): Promise<() => Promise<Onset>> {
  await node.context.audioWorklet.addModule('/onset.js');
  const listener = new AudioWorkletNode(node.context, ONSET_PROCESSOR, { numberOfOutputs: 0 });
  node.connect(listener);
  return () =>
    new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error('a strike makes no sound')), PATIENCE_MILLISECONDS);
      listener.port.onmessage = ({ data }: MessageEvent<Onset>): void => {
        clearTimeout(patience);
        resolve(data);
      };
    });
}

/** Strikes keys one after the other in a real-time context, with a time and without. */
export async function liveLatency(rate: number): Promise<LiveLatency> {
  const random = new Random(5);
  const context = new AudioContext({ sampleRate: rate });
  await context.resume();
  const node = await createNode(context);
  const nextOnset = await listenTo(node);
  const rest = async (): Promise<void> => {
    await wait(100);
    node.control(ALL_SOUND_OFF, 0);
    await wait(SPACING_SECONDS * 1000);
  };
  await rest();
  const timedFrames: number[] = [];
  const untimedMilliseconds: number[] = [];
  for (let i = 0; i < 2 * LIVE_STRIKES; i++) {
    const note = LOWEST + random.below(KEYS);
    const velocity = random.between(0.1, 1);
    const onset = nextOnset();
    if (i % 2 === 0) {
      const due = Math.round((context.currentTime + LOOK_AHEAD_SECONDS) * rate) + random.below(1024);
      node.noteOn(note, velocity, due / rate);
      timedFrames.push((await onset).frame - due);
    } else {
      await wait(random.between(0, 20));
      const sent = performance.timeOrigin + performance.now();
      node.noteOn(note, velocity);
      untimedMilliseconds.push((await onset).wallMilliseconds - sent);
    }
    node.noteOff(note);
    await rest();
  }
  const outputMilliseconds = 1000 * (context.baseLatency + context.outputLatency);
  await context.close();
  return { timedFrames, untimedMilliseconds, outputMilliseconds };
}
