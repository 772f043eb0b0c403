/** Runs in the browser: makes the contenders, says what they compute, and lets each take its turn. */
import { KernelNetwork, type Mode } from './kernel-network.ts';
import { outputOf, type Network } from './network.ts';
import { RingingStrings } from './strings.ts';
import { prepareTurns, wakeUp } from './turns.ts';
import { benchmarkShape, benchmarkSignal } from './workload.ts';
import { WorkletRendering, workletOutput } from './worklet/rendering.ts';

export type Build = 'relaxed' | 'plain';
export type Ceiling = `fma-${Build}` | `rotation-${Build}`;
/** Peers that run in the browser; the module of each creates its network. */
export type WebPeer = 'tfjs' | 'onnxruntime-web';

/** A module of `peers/` for the browser. */
export interface WebPeerModule {
  createNetwork(channels: number): Promise<Network>;
}

/** Calls of a ceiling's function last about as long as a turn. */
const CEILING_ROUNDS = 1_000_000;
const LANES = 4;
/** Ticks of the strings in one turn. */
const STRING_TICKS = 30;

/** A pause between turns after which the processor has to be woken up. */
const IDLE_MILLISECONDS = 3;

const turns = new Map<string, () => number | Promise<number>>();
let rendering: WorkletRendering | undefined;
let lastTurn = -Infinity;

async function load(path: string): Promise<ArrayBuffer> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.arrayBuffer();
}

const loadKernel = (build: Build): Promise<ArrayBuffer> => load(`/anypiano-${build}.wasm`);

/** Builds of the kernel that this browser can run, the faster one first. */
async function builds(): Promise<Build[]> {
  const all: Build[] = ['relaxed', 'plain'];
  const valid = await Promise.all(all.map(async (build) => WebAssembly.validate(await loadKernel(build))));
  return all.filter((_, i) => valid[i]);
}

const seconds = (run: () => void): number => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
};

/** A turn gives the seconds of one operation: a multiply-add of one lane counts as two, a rotation of one lane as one. */
async function addCeiling(name: Ceiling): Promise<void> {
  const { instance } = await WebAssembly.instantiate(await load(`/${name}.wasm`), { env: {} });
  const { multiplyAdd, rotate, SUMS, STATES } = instance.exports as Record<string, unknown>;
  const run = (multiplyAdd ?? rotate) as (rounds: number, x: number, y: number) => number;
  const width = ((SUMS ?? STATES) as WebAssembly.Global).value as number;
  const operations = CEILING_ROUNDS * width * LANES * (multiplyAdd ? 2 : 1);
  const [x, y] = multiplyAdd ? [0.999, 1e-3] : [Math.cos(0.1), Math.sin(0.1)];
  turns.set(name, () => seconds(() => run(CEILING_ROUNDS, x!, y!)) / operations);
}

/** Makes a network, warms it up for its turns under `name`, and gives what it makes of the signal. */
async function addNetwork(name: string, channels: number, network: Network): Promise<number[]> {
  const signal = benchmarkSignal(benchmarkShape(channels));
  const output = Array.from(await outputOf(network, signal));
  turns.set(name, await prepareTurns(network, signal));
  return output;
}

async function addKernel(name: string, channels: number, build: Build, mode: Mode): Promise<number[]> {
  const module = await WebAssembly.compile(await loadKernel(build));
  return addNetwork(name, channels, new KernelNetwork(module, benchmarkShape(channels), mode));
}

async function addPeer(name: WebPeer, channels: number): Promise<number[]> {
  const path = `/peers/${name}.js`;
  const { createNetwork } = (await import(path)) as WebPeerModule;
  return addNetwork(name, channels, await createNetwork(channels));
}

/** The kernel in an audio worklet, for `rounds` turns under `name`. */
async function addWorklet(name: string, channels: number, build: Build, rounds: number): Promise<number[]> {
  const options = { kernel: await loadKernel(build), channels };
  const output = Array.from(await workletOutput(options));
  rendering = await WorkletRendering.start(options, rounds);
  turns.set(name, () => rendering!.turn());
  return output;
}

/** The strings, whose turns give the seconds of one tick of all notes. */
async function addStrings(name: string, build: Build): Promise<number[]> {
  const strings = new RingingStrings(await WebAssembly.compile(await loadKernel(build)));
  const output = Array.from(strings.output());
  const run = (): void => {
    for (let tick = 0; tick < STRING_TICKS; tick++) strings.ring();
  };
  turns.set(name, () => seconds(run) / STRING_TICKS);
  return output;
}

/** One turn of each of `names`, in this order. */
async function takeTurns(names: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  if (performance.now() - lastTurn > IDLE_MILLISECONDS) await wakeUp(turns.get(names[0]!)!);
  for (const name of names) times.push(await turns.get(name)!());
  lastTurn = performance.now();
  return times;
}

/** @throws Error where the worklet went silent: its speed would mean nothing */
async function finish(): Promise<void> {
  await rendering?.finish();
}

const kernelPage = { builds, addCeiling, addKernel, addPeer, addWorklet, addStrings, takeTurns, finish };
export type KernelPage = typeof kernelPage;
Object.assign(globalThis, { kernelPage });
