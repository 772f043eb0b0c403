/** What several visits of the page say together. */
import { medianOf } from '../../model/corpus/median.ts';
import { tableOf } from '../engine/table.ts';
import type { Loading } from './loading.ts';
import { LISTENER, type PageTimes } from './visit-news.ts';

/** One file as it came over the network. */
export interface Arrival {
  readonly path: string;
  /** Of its body, compressed where servers do so. */
  readonly bytes: number;
}

export interface Visit extends PageTimes, Loading {
  /** All that had come when the first note was heard. */
  readonly arrivals: readonly Arrival[];
}

const BARS = { bytes: 2_500_000, code: 250_000, clickToSound: 300 };
const CODE = /\.(?:js|wasm|css|html|webmanifest|json)$|\/$/;

export interface PageReport extends Loading {
  /** Of all files of the page that had come when the first note was heard; weights as they are, all else compressed. */
  readonly bytesBeforeFirstNote: number;
  /** Of these, scripts, WebAssembly, markup, style sheets and lists. */
  readonly codeBytesCompressed: number;
  readonly clickToSoundMs: number;
  /** From the navigation until the piano can be played. */
  readonly readyMs: number;
  readonly files: readonly Arrival[];
}

/** Medians of the visits; bytes of the heaviest. */
export function reportOf(visits: readonly Visit[]): PageReport {
  const sum = (files: readonly Arrival[]): number => files.reduce((bytes, file) => bytes + file.bytes, 0);
  const own = visits.map(({ arrivals }) => arrivals.filter(({ path }) => path !== LISTENER));
  const files = own.reduce((a, b) => (sum(b) > sum(a) ? b : a));
  const median = (name: Exclude<keyof (PageTimes & Loading), 'asleep'>): number => medianOf(visits.map((each) => each[name]));
  return {
    bytesBeforeFirstNote: sum(files),
    codeBytesCompressed: sum(files.filter(({ path }) => CODE.test(path))),
    clickToSoundMs: median('clickToSound'),
    readyMs: median('ready'),
    firstContentfulPaintMs: median('firstContentfulPaintMs'),
    largestContentfulPaintMs: median('largestContentfulPaintMs'),
    totalBlockingTimeMs: median('totalBlockingTimeMs'),
    cumulativeLayoutShift: median('cumulativeLayoutShift'),
    files: [...files].sort((a, b) => b.bytes - a.bytes),
  };
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
const milliseconds = (time: number): string => `${time.toFixed(0)} ms`;

/** Lines for people. */
export function linesOf(report: PageReport): string[] {
  const { bytesBeforeFirstNote, codeBytesCompressed, clickToSoundMs } = report;
  return tableOf([
    {
      title: 'Weight, until the first note is heard',
      rows: [
        { what: 'all files', measured: kilobytes(bytesBeforeFirstNote), bar: { text: `at most ${kilobytes(BARS.bytes)}`, met: bytesBeforeFirstNote <= BARS.bytes } },
        { what: 'code, compressed', measured: kilobytes(codeBytesCompressed), bar: { text: `at most ${kilobytes(BARS.code)}`, met: codeBytesCompressed <= BARS.code } },
        ...report.files.slice(0, 6).map(({ path, bytes }) => ({ what: `  ${path}`, measured: kilobytes(bytes) })),
      ],
    },
    {
      title: 'Time',
      rows: [
        { what: 'from the click on a key to its first block of sound', measured: milliseconds(clickToSoundMs), bar: { text: `at most ${BARS.clickToSound} ms`, met: clickToSoundMs <= BARS.clickToSound } },
        { what: 'from the navigation until the piano is ready', measured: milliseconds(report.readyMs) },
        { what: '… to the first contentful paint', measured: milliseconds(report.firstContentfulPaintMs) },
        { what: '… to the largest contentful paint', measured: milliseconds(report.largestContentfulPaintMs) },
        { what: 'total blocking time, beyond 50 ms a task', measured: milliseconds(report.totalBlockingTimeMs) },
        { what: 'cumulative layout shift', measured: report.cumulativeLayoutShift.toFixed(3) },
      ],
    },
  ]);
}
