import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decayChart, noteName } from '../../bench/quality/page/charts.ts';
import { qualityPage } from '../../bench/quality/page/page.ts';
import { encodePng, type Colour } from '../../bench/quality/page/png.ts';
import { PICTURE_COLUMNS, PICTURE_ROWS, PICTURE_SECONDS, pictureOf, rowFrequency } from '../../bench/quality/pictures.ts';
import type { BankReport, Report, Score } from '../../bench/quality/report.ts';
import { judge } from '../../bench/quality/bars.ts';

const RATE = 48000;

/** The remainder of the division by the polynomial, bit by bit. */
function slowCrc(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (((remainder ^ (byte >>> bit)) & 1) === 1 ? 0xedb88320 : 0);
  }
  return ~remainder >>> 0;
}

describe('PNG', () => {
  const palette: Colour[] = [[0, 0, 0], [255, 128, 0]];
  const png = encodePng(Uint8Array.of(0, 1, 1, 1, 0, 0), 3, palette);

  test('holds its rows, each behind a filter of none', () => {
    const view = Buffer.from(png);
    const at = view.indexOf('IDAT');
    const length = view.readUInt32BE(at - 4);
    expect([...inflateSync(view.subarray(at + 4, at + 4 + length))]).toEqual([0, 0, 1, 1, 0, 1, 0, 0]);
    expect([view.readUInt32BE(16), view.readUInt32BE(20)]).toEqual([3, 2]);
  });

  test('has the checksum of each chunk behind it', () => {
    const view = Buffer.from(png);
    for (const type of ['IHDR', 'PLTE', 'IDAT', 'IEND']) {
      const at = view.indexOf(type);
      const end = at + 4 + view.readUInt32BE(at - 4);
      expect(view.readUInt32BE(end)).toBe(slowCrc(view.subarray(at, end)));
    }
  });

  test('refuses rows that are not whole', () => {
    expect(() => encodePng(new Uint8Array(7), 3, palette)).toThrow('whole rows');
  });
});

test('a picture shows a tone in its row, from the strike on', () => {
  const onset = RATE / 10;
  const tone = Float32Array.from({ length: 2 * RATE }, (_, n) => (n < onset ? 0 : Math.sin((2 * Math.PI * 1000 * n) / RATE)));
  const { levels } = pictureOf(tone, RATE, onset);
  const column = Math.round((0.5 / PICTURE_SECONDS) * PICTURE_COLUMNS);
  const values = Array.from({ length: PICTURE_ROWS }, (_, row) => levels[row * PICTURE_COLUMNS + column]!);
  const brightest = values.indexOf(Math.max(...values));
  expect(rowFrequency(brightest)).toBeLessThan(1030);
  expect(rowFrequency(brightest + 1)).toBeGreaterThan(970);
  expect(values[brightest]).toBeGreaterThan(245);
  expect(values[5]).toBe(0);
});

test('middle C is C4, and a curve that lies above the other is drawn above it', () => {
  expect([noteName(60), noteName(21), noteName(108)]).toEqual(['C4', 'A0', 'C8']);
  const flat = new Float64Array(20);
  const falling = flat.map((_, i) => -i);
  const [recorded, played] = [...decayChart(falling, flat, 0.02, 1).matchAll(/class="(?:recorded|played)" d="([^"]*)"/g)].map((match) => Number(match[1]!.split(' ').at(-1)));
  expect(recorded).toBeGreaterThan(played!);
});

const score = (mel: number): Score => ({ lsd: 3.6, mss: 0.4, mel, attack: 3.4, c2st: 0.6, c2stAttack: 0.7 });
const bank = (name: string, mel: number): BankReport => ({
  ...score(mel),
  name,
  strikes: 3,
  withoutWaveNet: { ...score(mel), attack: 3.8 },
  strings: score(9),
  registers: {},
  cents: { median: 0, worst: 1, worstNote: 60 },
  startClick: { median: 0, worst: 1 },
  highEnergy: { played: -60, recorded: -60 },
});
const report: Report = {
  banks: { 'salamander-c5': bank('Salamander', 1.9), 'a-bank': bank('<b>A & "bank"</b>', 4.5) },
  means: { strings: score(9), withoutWaveNet: { ...score(3), attack: 3.8 }, model: score(3) },
  morphs: [],
};

test('verdicts say of each bar whether it is met', () => {
  const met = Object.fromEntries(judge(report, []).map((verdict) => [verdict.what, verdict.met]));
  expect(met).toEqual({
    'Salamander, mel': true,
    'Salamander, lsd': false,
    'Salamander, attack': true,
    'mean of other pianos, mel': false,
    'mean of other pianos, attack': true,
    'worst of them, mel (a-bank)': false,
    // 0.4 dB nearer in the attack, and told apart as well.
    'the WaveNet earns its place: with it': false,
  });
  const better = { ...report, means: { ...report.means, withoutWaveNet: { ...score(3), c2st: 0.71 } } };
  expect(judge(better, []).find(({ what }) => what.includes('WaveNet'))!.met).toBe(true);
});

test('the page stands alone, and shows names as they are', () => {
  const html = qualityPage(report, [], [], judge(report, []));
  expect(html).not.toMatch(/(?:src|href)="(?!data:)/);
  expect(html).not.toContain('<script');
  expect(html).not.toContain('NaN');
  expect(html).toContain('3 are met and 4 missed');
});
