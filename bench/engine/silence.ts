/** Runs in the page: what a minute of playing costs off line, and the minutes of decay and of silence after it. */
import { Random } from '../../model/random.ts';
import { BAR_SECONDS, playDenseBar } from './dense-bar.ts';
import { createNode } from './shipped-piano.ts';

const RATE = 48000;
const MINUTE = 60;
/** So many seconds of playing fit into the engine's queue of events. */
const SECONDS_A_DELIVERY = 10;

/** Seconds of computing for a minute of each. */
export interface SilenceCost {
  readonly playing: number;
  /** Nothing new is struck and the pedal stays down: tails that get quieter all the time. */
  readonly ringing: number;
  /** The pedal is up. */
  readonly silent: number;
}

/** Measures the three minutes in one go, each up to where the next begins. */
export async function silenceCost(): Promise<SilenceCost> {
  const context = new OfflineAudioContext(1, 3 * MINUTE * RATE, RATE);
  const node = await createNode(context);
  const random = new Random(3);
  const marks = Array.from({ length: MINUTE / SECONDS_A_DELIVERY }, (_, i) => i * SECONDS_A_DELIVERY);
  const spent = [0, 0, 0];
  let resumed = 0;
  const account = (until: number): void => void (spent[Math.ceil(until / MINUTE) - 1]! += (performance.now() - resumed) / 1000);
  /** Stops the clock at `time`, lets `deliver` send what comes next, and goes on. */
  const pause = async (time: number, deliver: () => void): Promise<void> => {
    await context.suspend(time);
    account(time);
    deliver();
    await node.received();
    resumed = performance.now();
    await context.resume();
  };
  const deliver = (from: number): void => {
    for (let at = from; at < from + SECONDS_A_DELIVERY; at += BAR_SECONDS) playDenseBar(node, random, at);
  };
  const pauses = [
    ...marks.slice(1).map((time) => pause(time, () => deliver(time))),
    pause(MINUTE, () => undefined),
    pause(2 * MINUTE, () => node.sustain(0, 2 * MINUTE)),
  ];
  deliver(0);
  await node.received();
  resumed = performance.now();
  const sound = (await context.startRendering()).getChannelData(0);
  account(3 * MINUTE);
  await Promise.all(pauses);
  const peak = (minute: number): number => {
    let most = 0;
    for (let n = minute * MINUTE * RATE; n < (minute + 1) * MINUTE * RATE; n++) most = Math.max(most, Math.abs(sound[n]!));
    return most;
  };
  // Without sound in the first two, or with sound at the end of the last, these are not the minutes that are meant.
  if (peak(0) < 1e-2 || peak(1) < 1e-4) throw new Error('the worklet renders silence');
  if (sound.at(-1) !== 0) throw new Error('a minute after the pedal came up there is still sound');
  return { playing: spent[0]!, ringing: spent[1]!, silent: spent[2]! };
}
