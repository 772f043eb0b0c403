/** Runs in the page: held notes off line, as fast as the audio thread can. */
import type { PianoState } from '../../worklet/node.ts';
import { createNode, keysFor, wait } from './shipped-piano.ts';

const SECONDS = 4;
/** A quieter result is none. */
const AUDIBLE = 1e-4;

export interface OfflineRun {
  /** Seconds of sound for each second of computing. */
  readonly realTimeFactor: number;
  /** Voices that still sounded at the end. */
  readonly voices: number;
}

/** Plays `count` held notes at `rate` Hz; off line the audio thread takes no messages while it renders. */
export async function playOffline(count: number, rate: number): Promise<OfflineRun> {
  const context = new OfflineAudioContext(1, SECONDS * rate, rate);
  const node = await createNode(context);
  let voices = 0;
  node.addEventListener('state', (event) => (voices = (event as CustomEvent<PianoState>).detail.voices));
  for (const note of keysFor(count)) node.noteOn(note, 0.9, 0);
  await node.received();
  const start = performance.now();
  const sound = await context.startRendering();
  const seconds = (performance.now() - start) / 1000;
  // A worklet that failed renders silence, which looks like a fast result.
  if (!sound.getChannelData(0).some((x) => Math.abs(x) > AUDIBLE)) throw new Error('the worklet renders silence');
  // The last states are still under way.
  await wait(200);
  return { realTimeFactor: SECONDS / seconds, voices };
}
