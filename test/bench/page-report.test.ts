import { expect, test } from 'vitest';
import { linesOf, reportOf, type Visit } from '../../bench/page/report.ts';

function visit(change: Partial<Visit> = {}): Visit {
  return {
    asleep: true,
    clickToSound: 10,
    ready: 200,
    firstContentfulPaintMs: 100,
    largestContentfulPaintMs: 110,
    totalBlockingTimeMs: 0,
    cumulativeLayoutShift: 0,
    arrivals: [
      { path: '/demo/', bytes: 800 },
      { path: '/anypiano.js', bytes: 60_000 },
      { path: '/onset.js', bytes: 5_000_000 },
      { path: '/pretrained/model.safetensors', bytes: 1_600_000 },
    ],
    ...change,
  };
}

test('the page weighs what its own files weigh, and weights are no code', () => {
  const report = reportOf([visit()]);
  expect(report.bytesBeforeFirstNote).toBe(1_660_800);
  expect(report.codeBytesCompressed).toBe(60_800);
});

test('times are medians, and bytes are those of the heaviest visit', () => {
  const heavy = visit({ clickToSound: 500, arrivals: [{ path: '/anypiano.js', bytes: 3_000_000 }] });
  const report = reportOf([visit(), heavy, visit({ clickToSound: 20 })]);
  expect(report.clickToSoundMs).toBe(20);
  expect(report.bytesBeforeFirstNote).toBe(3_000_000);
  const lines = linesOf(report);
  expect(lines.filter((line) => line.includes('MISSED'))).toHaveLength(2);
  expect(lines.filter((line) => line.includes(' ok '))).toHaveLength(1);
});
