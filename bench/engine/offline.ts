/** Runs in the page: held notes off line, as fast as the audio thread can. */
import type { PianoNode, PianoState } from '../../worklet/node.ts';
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

/** A piano with `count` held notes, to be rendered at `rate` Hz; off line the audio thread takes no messages while it renders. */
async function holdNotes(count: number, rate: number): Promise<{ context: OfflineAudioContext; node: PianoNode }> {
  const context = new OfflineAudioContext(1, SECONDS * rate, rate);
  const node = await createNode(context);
  for (const note of keysFor(count)) node.noteOn(note, 0.9, 0);
  await node.received();
  return { context, node };
}

/** A worklet that failed renders silence, which looks like a fast result. */
function assertAudible(sound: AudioBuffer): void {
  if (!sound.getChannelData(0).some((x) => Math.abs(x) > AUDIBLE)) throw new Error('the worklet renders silence');
}

/** Plays `count` held notes at `rate` Hz. */
export async function playOffline(count: number, rate: number): Promise<OfflineRun> {
  const { context, node } = await holdNotes(count, rate);
  let voices = 0;
  node.addEventListener('state', (event) => (voices = (event as CustomEvent<PianoState>).detail.voices));
  const start = performance.now();
  const sound = await context.startRendering();
  const seconds = (performance.now() - start) / 1000;
  assertAudible(sound);
  // The last states are still under way.
  await wait(200);
  return { realTimeFactor: SECONDS / seconds, voices };
}

/** Render quanta between two halts of `playStretches`. */
const STRETCH_QUANTA = 32;
const QUANTUM = 128;
/** The optimising compiler is at work until here. */
const WARM_UP_SECONDS = 0.5;

/**
 * As `playOffline`, in stretches of a tenth of a second, each timed by itself: of a busy machine, which
 * takes the processor away now and then, the fastest tenth of them says what an undisturbed one does.
 */
export async function playStretches(count: number, rate: number): Promise<number> {
  const { context } = await holdNotes(count, rate);
  const stretch = (STRETCH_QUANTA * QUANTUM) / rate;
  const halts = Array.from({ length: Math.floor(SECONDS / stretch) - 1 }, (_, i) => context.suspend((i + 1) * stretch));
  const rendering = context.startRendering();
  const times: number[] = [];
  for (const [i, halt] of halts.entries()) {
    const start = performance.now();
    if (i > 0) await context.resume();
    await halt;
    if (i * stretch > WARM_UP_SECONDS) times.push((performance.now() - start) / 1000);
  }
  await context.resume();
  assertAudible(await rendering);
  times.sort((a, b) => a - b);
  return stretch / times[Math.floor(times.length / 10)]!;
}
