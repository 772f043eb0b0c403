import { expect, test } from 'vitest';
import { barsOf, describeBars, describeNetworks, reportNetworks } from '../../bench/kernel/report.ts';
import type { Figures } from '../../bench/kernel/measure.ts';

const figures = (nanosecondsPerRow: number, shareOfFma: number): Figures => ({ nanosecondsPerRow, shareOfFma, gigaflops: 60 * shareOfFma, error: 1e-6 });

const report = reportNetworks(
  [24],
  [
    {
      build: 'relaxed',
      ceilings: { relaxed: 60 },
      figures: new Map([
        ['relaxed block', figures(2000, 0.8)],
        ['relaxed sample', figures(2500, 0.64)],
        ['tfjs', figures(20000, 0.08)],
        ['onnxruntime-node', figures(1000, 1.6)],
      ]),
    },
  ],
);
const [network] = report.networks;

test('a report says how many times as long as each of our modes a peer takes', () => {
  expect(network!.timesOurs.block).toEqual({ 'relaxed block': 1, 'relaxed sample': 1.25, tfjs: 10, 'onnxruntime-node': 0.5 });
  expect(network!.timesOurs.sample['tfjs']).toBe(8);
});

test('bars stand for what was measured alone, and say which are missed', () => {
  const reached = Object.fromEntries(barsOf(network!).map((bar) => [bar.name, bar.reached]));
  expect(reached).toEqual({
    'share of the multiply-adds, block mode': true,
    'share of the multiply-adds, sample mode': false,
    'times as fast as tfjs': true,
    'times as fast as onnxruntime-node, native': false,
  });
});

test('what is printed has a line for each contender and each bar', () => {
  const lines = [...describeNetworks(report), ...describeBars(24, barsOf(network!))];
  expect(lines.filter((line) => /^(?:relaxed|tfjs|onnxruntime)/.test(line))).toHaveLength(4);
  expect(lines.filter((line) => line.endsWith('missed'))).toHaveLength(2);
});
