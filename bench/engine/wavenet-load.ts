/** Runs in the page: what the WaveNet costs, by playing the same notes with it and without it. */
import { Engine } from '../../worklet/engine/engine.ts';
import { loadKernel } from '../../worklet/engine/kernel.ts';
import { fetchPiano, keysFor } from './shipped-piano.ts';

const RATE = 48000;
const SLICES = 40;
const SLICE_FRAMES = 48 * 50;
const BLOCK = 128;
/** Each slice's least time of these counts: what disturbs hits another slice each time. */
const REPETITIONS = 6;

/** Shares of real time. */
export interface WaveNetLoad {
  readonly whole: number;
  readonly withoutWaveNet: number;
  readonly waveNet: number;
  /** Voices that sounded at the end. */
  readonly voices: number;
}

async function createEngines(): Promise<{ whole: Engine; without: Engine }> {
  const [relaxed, plain] = await Promise.all(
    ['/anypiano-relaxed.wasm', '/anypiano-plain.wasm'].map(async (path) => (await fetch(path)).arrayBuffer()),
  );
  const module = await loadKernel({ relaxed: relaxed!, plain: plain! });
  const piano = await fetchPiano();
  const create = (): Engine => new Engine({ module, ...piano, sampleRate: RATE });
  const engines = { whole: create(), without: create() };
  engines.without.setWaveNet(false);
  return engines;
}

/** Strikes all keys under the pedal and lets the strikes pass. */
function strikeAll(engine: Engine, count: number): void {
  engine.reset();
  engine.control(64, 127);
  for (const note of keysFor(count)) engine.noteOn(note, 0.9, 0);
  const block = new Float32Array(BLOCK);
  for (let i = 0; i < count; i += 8) engine.render(block);
}

/** Loads by number of notes. The two engines take turns, slice by slice, so that both meet the same machine. */
export async function waveNetLoads(counts: readonly number[]): Promise<Record<number, WaveNetLoad>> {
  const { whole, without } = await createEngines();
  const block = new Float32Array(BLOCK);
  const time = (engine: Engine): number => {
    const start = performance.now();
    for (let frame = 0; frame < SLICE_FRAMES; frame += BLOCK) engine.render(block);
    return (performance.now() - start) / 1000;
  };
  const loads: Record<number, WaveNetLoad> = {};
  for (const count of counts) {
    const least = { whole: new Float64Array(SLICES).fill(Infinity), without: new Float64Array(SLICES).fill(Infinity) };
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      strikeAll(whole, count);
      strikeAll(without, count);
      for (let slice = 0; slice < SLICES; slice++) {
        least.whole[slice] = Math.min(least.whole[slice]!, time(whole));
        least.without[slice] = Math.min(least.without[slice]!, time(without));
      }
    }
    const seconds = (SLICES * Math.ceil(SLICE_FRAMES / BLOCK) * BLOCK) / RATE;
    const share = (times: Float64Array): number => times.reduce((sum, t) => sum + t, 0) / seconds;
    const [all, rest] = [share(least.whole), share(least.without)];
    loads[count] = { whole: all, withoutWaveNet: rest, waveNet: all - rest, voices: whole.voices };
  }
  return loads;
}
