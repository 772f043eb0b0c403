/** Takes turns of all contenders, page and Node by turns, and makes figures of the times. */
import type { Page } from 'playwright-core';
import { outputOf, type Network } from './network.ts';
import type { Build, WebPeer } from './page.ts';
import { checkAgainst, expectedOutput } from './reference-check.ts';
import type { InPage } from './site.ts';
import { MODE_SAMPLES_PER_TICK, expectedStrings } from './strings.ts';
import { prepareTurns, undisturbed, wakeUp } from './turns.ts';
import { BLOCK_ROWS, benchmarkShape, benchmarkSignal, operationsPerRow } from './workload.ts';

const ROUNDS = 150;

/** What one contender reaches. */
export interface Figures {
  readonly nanosecondsPerRow: number;
  /** Operations of the matrices in 1e-9 s. */
  readonly gigaflops: number;
  /** Of the loop of multiply-adds that took turns with it, of the same build. */
  readonly shareOfFma: number;
  /** Largest error against the float64 reference, as a share of its rms. */
  readonly error: number;
}

export interface Contenders {
  /** Both builds, and the audio worklet; else only the build that the browser prefers, on the page. */
  readonly everywhere: boolean;
  readonly webPeers: readonly WebPeer[];
  /** Creates the peer that runs in this process. */
  readonly native?: (channels: number) => Promise<Network>;
}

export interface NetworkTimes {
  /** The build that the browser prefers. */
  readonly build: Build;
  /** Operations in 1e-9 s of the loop of multiply-adds, for each build that took part. */
  readonly ceilings: Readonly<Partial<Record<Build, number>>>;
  /** By name: `relaxed block`, `plain sample`, `worklet`, and the peers. */
  readonly figures: ReadonlyMap<string, Figures>;
}

export const NATIVE = 'onnxruntime-node';
export const WORKLET = 'worklet';

/** Seconds of each turn by name. */
class Turns {
  readonly #times = new Map<string, number[]>();

  add(name: string, seconds: number): void {
    const times = this.#times.get(name) ?? [];
    times.push(seconds);
    this.#times.set(name, times);
  }

  undisturbed(name: string): number {
    return undisturbed(this.#times.get(name)!);
  }
}

/**
 * Times networks of `channels` channels on a fresh page.
 *
 * @throws WrongResult where a network differs from the float64 reference
 */
export async function measureNetworks(page: Page, channels: number, { everywhere, webPeers, native }: Contenders): Promise<NetworkTimes> {
  const expected = expectedOutput(channels);
  const errors = new Map<string, number>();
  const check = (name: string, output: ArrayLike<number>): void =>
    void errors.set(name, checkAgainst(expected, output, `${name} with ${channels} channels`));

  const valid = await page.evaluate(() => (globalThis as InPage).kernelPage.builds());
  const build = valid[0];
  if (build === undefined) throw new Error('this browser has no SIMD in WebAssembly');
  const builds = everywhere ? valid : [build];
  /** In the order of their turns, and which build's ceiling comes before each. */
  const order: [name: string, ceiling: Build][] = [];
  for (const own of builds) {
    await page.evaluate((name) => (globalThis as InPage).kernelPage.addCeiling(`fma-${name}`), own);
    for (const mode of ['block', 'sample'] as const) {
      const name = `${own} ${mode}`;
      check(name, await page.evaluate(([n, c, b, m]) => (globalThis as InPage).kernelPage.addKernel(n, c, b, m), [name, channels, own, mode] as const));
      order.push([name, own]);
    }
  }
  if (everywhere) {
    check(WORKLET, await page.evaluate(([n, c, b, r]) => (globalThis as InPage).kernelPage.addWorklet(n, c, b, r), [WORKLET, channels, build, ROUNDS] as const));
    order.push([WORKLET, build]);
  }
  for (const name of webPeers) {
    check(name, await page.evaluate(([n, c]) => (globalThis as InPage).kernelPage.addPeer(n, c), [name, channels] as const));
    order.push([name, build]);
  }
  let nativeTurn: (() => Promise<number>) | undefined;
  if (native) {
    const network = await native(channels);
    const signal = benchmarkSignal(benchmarkShape(channels));
    check(NATIVE, await outputOf(network, signal));
    nativeTurn = await prepareTurns(network, signal);
  }

  const turns = new Turns();
  const names = order.flatMap(([name, ceiling]) => [`fma-${ceiling}`, name]);
  for (let round = 0; round < ROUNDS; round++) {
    const times = await page.evaluate((n) => (globalThis as InPage).kernelPage.takeTurns(n), names);
    times.forEach((time, i) => turns.add(names[i]!, time));
    if (nativeTurn) {
      await wakeUp(nativeTurn);
      turns.add(NATIVE, await nativeTurn());
    }
  }
  await page.evaluate(() => (globalThis as InPage).kernelPage.finish());

  const operations = operationsPerRow(benchmarkShape(channels));
  if (nativeTurn) order.push([NATIVE, build]);
  const figures = order.map(([name, ceiling]): [string, Figures] => {
    const seconds = turns.undisturbed(name) / BLOCK_ROWS;
    const error = errors.get(name)!;
    const shareOfFma = (operations / seconds) * turns.undisturbed(`fma-${ceiling}`);
    return [name, { nanosecondsPerRow: seconds * 1e9, gigaflops: operations / seconds / 1e9, shareOfFma, error }];
  });
  const ceilings = Object.fromEntries(builds.map((own) => [own, 1e-9 / turns.undisturbed(`fma-${own}`)]));
  return { build, ceilings, figures: new Map(figures) };
}

export interface StringFigures {
  /** Samples of single modes in a second, of the strings and of a loop of rotations on registers. */
  readonly modeSamplesPerSecond: number;
  readonly rotationsPerSecond: number;
  readonly error: number;
}

/** Times the strings on a fresh page. @throws WrongResult where they differ from the closed form */
export async function measureStrings(page: Page): Promise<StringFigures> {
  const [build] = await page.evaluate(() => (globalThis as InPage).kernelPage.builds());
  const output = await page.evaluate((b) => (globalThis as InPage).kernelPage.addStrings('strings', b!), build);
  const error = checkAgainst(expectedStrings(), output, 'strings');
  await page.evaluate((b) => (globalThis as InPage).kernelPage.addCeiling(`rotation-${b!}`), build);
  const turns = new Turns();
  for (let round = 0; round < ROUNDS; round++) {
    const [rotation, strings] = await page.evaluate((b) => (globalThis as InPage).kernelPage.takeTurns([`rotation-${b!}`, 'strings']), build);
    turns.add('rotation', rotation!);
    turns.add('strings', strings!);
  }
  return {
    modeSamplesPerSecond: MODE_SAMPLES_PER_TICK / turns.undisturbed('strings'),
    rotationsPerSecond: 1 / turns.undisturbed('rotation'),
    error,
  };
}
