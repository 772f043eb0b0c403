/** Runs in the browser: times the WaveNet kernel and the loop of multiply-adds in turns. */
import { supportedBuild } from '../../worklet/engine/kernel.ts';
import { BLOCK_ROWS, Workload, benchmarkShape, operationsPerRow } from './workload.ts';

/** What one network of `channels` channels reaches; shares are of the loop of multiply-adds. */
export interface KernelFigures {
  readonly channels: number;
  readonly shareOfFma: { readonly block: number; readonly sample: number };
  readonly nanosecondsPerRow: { readonly block: number; readonly sample: number };
}

export interface KernelReport {
  readonly build: 'relaxed' | 'plain';
  /** Operations in 1e-9 s of the loop of multiply-adds. */
  readonly gigaflops: number;
  readonly networks: readonly KernelFigures[];
}

const LOOP_ROUNDS = 1_000_000;
/** As in `bench/fma/fma-loop.ts`: twelve sums of four lanes, two operations each. */
const LOOP_OPERATIONS = LOOP_ROUNDS * 12 * 4 * 2;
/** One turn of a network lasts about this long, in seconds: short, so that most turns pass between two interruptions. */
const TURN_SECONDS = 0.004;
const TURNS = 200;

const seconds = (run: () => void): number => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
};

/** The fastest tenth of times taken in turns: on a busy machine the rest measure the neighbours. */
function undisturbed(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 10)]!;
}

async function load(path: string): Promise<ArrayBuffer> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.arrayBuffer();
}

type MultiplyAdd = (rounds: number, factor: number, term: number) => number;

/** Measures networks of each number of channels. */
export async function measureKernel(channels: readonly number[]): Promise<KernelReport> {
  const [relaxed, plain] = await Promise.all([load('/anypiano-relaxed.wasm'), load('/anypiano-plain.wasm')]);
  const build = supportedBuild({ relaxed, plain });
  const module = await WebAssembly.compile(build === 'relaxed' ? relaxed : plain);
  const { instance } = await WebAssembly.instantiate(await load(`/fma-${build}.wasm`), { env: {} });
  const multiplyAdd = instance.exports['multiplyAdd'] as MultiplyAdd;
  const loop = (): number => seconds(() => multiplyAdd(LOOP_ROUNDS, 0.999, 1e-3));
  const ceilings: number[] = [];
  const networks = channels.map((count): KernelFigures => {
    const shape = benchmarkShape(count);
    const workload = new Workload(module, shape);
    const operations = operationsPerRow(shape) * BLOCK_ROWS;
    // The first runs are slow: the browser's optimising compiler works beside them.
    const warm = (run: () => void): number => undisturbed(Array.from({ length: 60 }, () => seconds(run)));
    const turn = (run: () => void, blocks: number): number =>
      seconds(() => {
        for (let i = 0; i < blocks; i++) run();
      }) / blocks;
    const modes = { block: () => workload.block(), sample: () => workload.samples() };
    const figures = Object.entries(modes).map(([mode, run]) => {
      const blocks = Math.max(1, Math.round(TURN_SECONDS / warm(run)));
      const times: number[] = [];
      const loops: number[] = [];
      for (let i = 0; i < TURNS; i++) {
        loops.push(loop());
        times.push(turn(run, blocks));
      }
      const time = undisturbed(times);
      const ceiling = LOOP_OPERATIONS / undisturbed(loops);
      ceilings.push(ceiling);
      return [mode, { share: operations / time / ceiling, nanoseconds: (time / BLOCK_ROWS) * 1e9 }] as const;
    });
    workload.check();
    const of = Object.fromEntries(figures) as Record<'block' | 'sample', { share: number; nanoseconds: number }>;
    return {
      channels: count,
      shareOfFma: { block: of.block.share, sample: of.sample.share },
      nanosecondsPerRow: { block: of.block.nanoseconds, sample: of.sample.nanoseconds },
    };
  });
  return { build, gigaflops: Math.max(...ceilings) / 1e9, networks };
}

Object.assign(globalThis, { measureKernel });
