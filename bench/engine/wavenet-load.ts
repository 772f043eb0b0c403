/** Runs in the page: what the WaveNet costs, by playing the same notes with it and without it. */
import { Engine } from '../../worklet/engine/engine.ts';
import { loadKernel } from '../../worklet/engine/kernel.ts';
import { fetchPiano, keysFor } from './shipped-piano.ts';

const RATE = 48000;
const BLOCK = 128;
const SLICES = 100;
const BLOCKS_A_SLICE = 5;
/** The least time of each slice counts: what disturbs hits another slice each time. */
const REPETITIONS = 12;

/** Shares of real time. */
export interface WaveNetLoad {
  readonly whole: number;
  readonly withoutWaveNet: number;
  readonly waveNet: number;
  /** Voices that sounded at the end. */
  readonly voices: number;
}

/** Plays the same notes with and without the WaveNet. */
class Pair {
  readonly whole: Engine;
  readonly without: Engine;
  /** Least seconds of each slice. */
  readonly leastWhole = new Float64Array(SLICES).fill(Infinity);
  readonly leastWithout = new Float64Array(SLICES).fill(Infinity);

  constructor(create: () => Engine) {
    this.whole = create();
    this.without = create();
    this.without.setWaveNet(false);
  }
}

/** Makes engines of the shipped piano. */
async function engineMaker(): Promise<() => Engine> {
  const [relaxed, plain] = await Promise.all(
    ['/anypiano-relaxed.wasm', '/anypiano-plain.wasm'].map(async (path) => (await fetch(path)).arrayBuffer()),
  );
  const module = await loadKernel({ relaxed: relaxed!, plain: plain! });
  const piano = await fetchPiano();
  return () => new Engine({ module, ...piano, sampleRate: RATE });
}

/** Strikes all keys under the pedal and lets the strikes pass. */
function strikeAll(engine: Engine, count: number): void {
  engine.reset();
  engine.control(64, 127);
  for (const note of keysFor(count)) engine.noteOn(note, 0.9, 0);
  const block = new Float32Array(BLOCK);
  for (let i = 0; i < count; i += 8) engine.render(block);
}

function timeSlice(engine: Engine, block: Float32Array): number {
  const start = performance.now();
  for (let i = 0; i < BLOCKS_A_SLICE; i++) engine.render(block);
  return (performance.now() - start) / 1000;
}

/** Loads by number of notes. All engines take turns, slice by slice, so that all meet the same machine. */
export async function waveNetLoads(counts: readonly number[]): Promise<Record<number, WaveNetLoad>> {
  const create = await engineMaker();
  const pairs = new Map(counts.map((count) => [count, new Pair(create)]));
  const block = new Float32Array(BLOCK);
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    for (const [count, { whole, without }] of pairs) {
      strikeAll(whole, count);
      strikeAll(without, count);
    }
    for (let slice = 0; slice < SLICES; slice++) {
      for (const { whole, without, leastWhole, leastWithout } of pairs.values()) {
        leastWhole[slice] = Math.min(leastWhole[slice]!, timeSlice(whole, block));
        leastWithout[slice] = Math.min(leastWithout[slice]!, timeSlice(without, block));
      }
    }
  }
  const seconds = (SLICES * BLOCKS_A_SLICE * BLOCK) / RATE;
  const share = (times: Float64Array): number => times.reduce((sum, time) => sum + time, 0) / seconds;
  const loads: Record<number, WaveNetLoad> = {};
  for (const [count, { whole, leastWhole, leastWithout }] of pairs) {
    const [all, rest] = [share(leastWhole), share(leastWithout)];
    loads[count] = { whole: all, withoutWaveNet: rest, waveNet: all - rest, voices: whole.voices };
  }
  return loads;
}
