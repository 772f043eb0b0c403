/** Makes one report of the kernel benchmark's figures, and prints it. */
import { NATIVE, WORKLET, type Figures, type NetworkTimes, type StringFigures } from './measure.ts';
import type { Mode } from './kernel-network.ts';
import type { Build } from './page.ts';

type ByMode = Readonly<Record<Mode, number>>;

/** What networks of one number of channels reach; the first fields are of the build that the browser prefers. */
export interface NetworkReport {
  readonly channels: number;
  readonly shareOfFma: ByMode;
  readonly nanosecondsPerRow: ByMode;
  readonly gigaflops: ByMode;
  /** All figures by name: each build and mode, the worklet, the peers. */
  readonly contenders: Readonly<Record<string, Figures>>;
  /** How many times as long as each of our modes each contender takes. */
  readonly timesOurs: Readonly<Record<Mode, Readonly<Record<string, number>>>>;
}

export interface KernelReport {
  readonly build: Build;
  /** Operations in 1e-9 s of the loop of multiply-adds: the highest of the run. */
  readonly gigaflops: number;
  readonly ceilings: Readonly<Partial<Record<Build, number>>>;
  readonly networks: readonly NetworkReport[];
}

/** A figure that the kernel should reach. */
export interface Bar {
  readonly name: string;
  readonly least: number;
  readonly value: number;
  readonly reached: boolean;
}

export function reportNetworks(channels: readonly number[], times: readonly NetworkTimes[]): KernelReport {
  const { build } = times[0]!;
  const networks = times.map(({ figures }, i): NetworkReport => {
    const ours = { block: figures.get(`${build} block`)!, sample: figures.get(`${build} sample`)! };
    const byMode = (field: keyof Figures): ByMode => ({ block: ours.block[field], sample: ours.sample[field] });
    const timesOurs = (mode: Mode): Record<string, number> =>
      Object.fromEntries(Array.from(figures, ([name, { nanosecondsPerRow }]) => [name, nanosecondsPerRow / ours[mode].nanosecondsPerRow]));
    return {
      channels: channels[i]!,
      shareOfFma: byMode('shareOfFma'),
      nanosecondsPerRow: byMode('nanosecondsPerRow'),
      gigaflops: byMode('gigaflops'),
      contenders: Object.fromEntries(figures),
      timesOurs: { block: timesOurs('block'), sample: timesOurs('sample') },
    };
  });
  const ceilings: Partial<Record<Build, number>> = {};
  for (const time of times) {
    for (const [name, value] of Object.entries(time.ceilings) as [Build, number][]) ceilings[name] = Math.max(ceilings[name] ?? 0, value);
  }
  return { build, gigaflops: ceilings[build]!, ceilings, networks };
}

/** The bars of one network, as far as their contenders took part. */
export function barsOf({ shareOfFma, timesOurs }: NetworkReport): Bar[] {
  const bars: [name: string, least: number, value: number | undefined][] = [
    ['share of the multiply-adds, block mode', 0.75, shareOfFma.block],
    ['share of the multiply-adds, sample mode', 0.65, shareOfFma.sample],
    ['times as fast as onnxruntime-web', 3, timesOurs.block['onnxruntime-web']],
    ['times as fast as tfjs', 7, timesOurs.block['tfjs']],
    [`times as fast as ${NATIVE}, native`, 1, timesOurs.block[NATIVE]],
  ];
  return bars.flatMap(([name, least, value]) => (value === undefined ? [] : [{ name, least, value, reached: value >= least }]));
}

const LABELS: Readonly<Record<string, string>> = {
  [WORKLET]: 'in an audio worklet',
  tfjs: 'tfjs-backend-wasm',
  [NATIVE]: 'onnxruntime-node, native',
};

const cell = (value: number, digits: number, width: number): string => value.toFixed(digits).padStart(width);

/** Lines of a report for people. */
export function describeNetworks({ ceilings, networks }: KernelReport): string[] {
  const loops = Object.entries(ceilings).map(([build, gigaflops]) => `${gigaflops.toFixed(0)} GFLOP/s (${build} SIMD)`);
  const lines = [
    'The WaveNet: 20 layers, blocks of 128 rows, a row a sample, one core, in Chromium; all agree with the float64 reference',
    'Single rows (sample) read their weights as pairs of 16 bits; all others have the same weights as floats',
    `A loop of multiply-adds on registers makes ${loops.join(', ')}`,
  ];
  for (const { channels, contenders, timesOurs } of networks) {
    lines.push('', `${`${channels} channels`.padEnd(28)}ns/sample   GFLOP/s  of the loop   times our block  times our sample`);
    for (const [name, { nanosecondsPerRow, gigaflops, shareOfFma }] of Object.entries(contenders)) {
      const share = `${cell(100 * shareOfFma, 0, 9)} %`;
      lines.push(`${(LABELS[name] ?? name).padEnd(28)}${cell(nanosecondsPerRow, 0, 9)}${cell(gigaflops, 1, 10)}${share}${cell(timesOurs.block[name]!, 2, 18)}${cell(timesOurs.sample[name]!, 2, 18)}`);
    }
  }
  return lines;
}

/** Lines about the bars of the network with `channels` channels. */
export function describeBars(channels: number, bars: readonly Bar[]): string[] {
  const lines = bars.map(({ name, least, value, reached }) => `  ${name.padEnd(42)}${cell(value, 2, 7)}, at least ${least}: ${reached ? 'reached' : 'missed'}`);
  return [`Bars, ${channels} channels`, ...lines];
}

/** Lines about the strings. */
export function describeStrings({ modeSamplesPerSecond, rotationsPerSecond }: StringFigures): string[] {
  const giga = (value: number): string => (value / 1e9).toFixed(2);
  return [
    `Strings: 64 notes of 256 modes make ${giga(modeSamplesPerSecond)} G mode-samples/s, ${(1e9 / modeSamplesPerSecond).toFixed(3)} ns each`,
    `  a loop of complex rotations on registers makes ${giga(rotationsPerSecond)} G/s: ratio ${(modeSamplesPerSecond / rotationsPerSecond).toFixed(2)}`,
    '  (a rotation is 4 multiplications and 2 additions; the strings recur with 2 and 1, and add up, so 1 is no limit to them)',
  ];
}
