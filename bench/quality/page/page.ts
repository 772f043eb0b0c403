/** The page that shows what was measured: a whole HTML file that needs nothing else. */
import { STEP_SECONDS } from '../envelope.ts';
import { BARS, type Verdict } from '../bars.ts';
import type { KeyPicture } from '../keys.ts';
import type { Listening } from '../listening.ts';
import type { Measured, Thorough } from '../measure.ts';
import { PICTURE_COLUMNS, PICTURE_ROWS, type Picture } from '../pictures.ts';
import type { BankReport, Report, Score } from '../report.ts';
import { unevenness } from '../velocities.ts';
import { decayChart, keyboardChart, noteName, rangeChart, type Mark } from './charts.ts';
import { dataUrl, encodePng, type Colour } from './png.ts';
import { STYLE } from './style.ts';

/** Seconds of decay that are drawn. */
const DECAY_SECONDS = 2.8;

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** From black over violet and orange to a pale yellow: ever lighter, so that it reads without colour too. */
const STOPS: readonly Colour[] = [[8, 7, 20], [46, 20, 86], [118, 34, 118], [192, 58, 92], [240, 120, 58], [252, 196, 92], [255, 250, 214]];
const PALETTE: readonly Colour[] = Array.from({ length: 256 }, (_, i) => {
  const at = (i / 255) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(at));
  const mix = (c: 0 | 1 | 2): number => Math.round(STOPS[below]![c] + (at - below) * (STOPS[below + 1]![c] - STOPS[below]![c]));
  return [mix(0), mix(1), mix(2)];
});
/** Few levels suffice for the eye, and make small files. */
const QUANTUM = 8;

function image({ levels }: Picture, title: string): string {
  const pixels = new Uint8Array(levels.length);
  for (let row = 0; row < PICTURE_ROWS; row++) {
    for (let column = 0; column < PICTURE_COLUMNS; column++) {
      pixels[(PICTURE_ROWS - 1 - row) * PICTURE_COLUMNS + column] = Math.min(255, Math.round(levels[row * PICTURE_COLUMNS + column]! / QUANTUM) * QUANTUM);
    }
  }
  return `<img alt="${escape(title)}" src="${dataUrl(encodePng(pixels, PICTURE_COLUMNS, PALETTE))}">`;
}

function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ what, reached, bar, met }) => `<tr><td><span class="${met ? 'met' : 'missed'}">${met ? 'met' : 'missed'}</span></td><td>${escape(what)}</td><td>${escape(reached)}</td><td class="bar">${escape(bar)}</td></tr>`);
  return `<table class="verdicts"><thead><tr><th></th><th>what</th><th>reached</th><th>bar</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function scoreTable({ banks, means }: Report): string {
  const figures = (score: Score | undefined): string =>
    score === undefined ? '<td></td>'.repeat(4) : [score.mel.toFixed(1), score.attack.toFixed(1), score.lsd.toFixed(1), score.c2st.toFixed(2)].map((text) => `<td>${text}</td>`).join('');
  const row = (name: string, model: Score, without: Score, sampler: Score | undefined, kind = ''): string => `<tr${kind}><th>${escape(name)}</th>${figures(model)}${figures(without)}${figures(sampler)}</tr>`;
  const rows = Object.entries(banks).map(([id, bank]) => row(id, bank, bank.withoutWaveNet, bank.more?.sampler));
  const heads = '<th>mel</th><th>attack</th><th>lsd</th><th>c2st</th>'.repeat(3);
  return `<table class="scores"><thead><tr><th></th><th colspan="4">model</th><th colspan="4">without WaveNet</th><th colspan="4">sampler</th></tr><tr><th></th>${heads}</tr></thead><tbody>${rows.join('')}${row('mean', means.model, means.withoutWaveNet, means.sampler, ' class="mean"')}</tbody></table>`;
}

function marksOf(bank: BankReport, name: 'mel' | 'c2st'): Mark[] {
  const { more } = bank;
  return [
    ...(name === 'mel' && more?.neighbours !== undefined ? [{ kind: 'neighbours', value: more.neighbours }] : []),
    ...(more ? [{ kind: 'sampler', value: more.sampler[name] }] : []),
    { kind: 'model', value: bank[name] },
  ];
}

function noteCell(picture: KeyPicture, { keys }: Thorough): string {
  const name = noteName(picture.note);
  const key = keys.comparisons.find(({ note }) => note === picture.note)!;
  return `<figure${picture.leftOut ? ' class="left-out"' : ''}><figcaption>${name}</figcaption>${image(picture.recorded, `${name}, recorded`)}${image(picture.played, `${name}, played`)}${decayChart(...key.curves, STEP_SECONDS, DECAY_SECONDS)}</figure>`;
}

function bankSection(report: BankReport, { name, thorough }: Measured): string {
  if (thorough === undefined) return '';
  const { keys, touch } = thorough;
  const off = unevenness(touch.levels);
  return `<section><h2>${escape(name)}</h2>
<p>Mel distance ${report.mel.toFixed(1)} dB, attack ${report.attack.toFixed(1)} dB, told apart ${report.c2st.toFixed(2)}, over ${report.strikes} left-out strikes.</p>
<div class="notes">${keys.pictures.map((picture) => noteCell(picture, thorough)).join('')}</div>
<h3>Level of each key at velocity 90, in dBFS</h3>${keyboardChart(touch.levels, off, BARS.even)}</section>`;
}

function listeningLine(listening: readonly Listening[]): string {
  if (listening.length === 0) return '';
  const mean = (value: (each: Listening) => number): string => (listening.reduce((sum, each) => sum + value(each), 0) / listening.length).toFixed(2);
  return `<p>Of ${listening.length} performances a transcriber finds notes with an F1 of ${mean((each) => each.sampler.f1)} on the sampler, ${mean((each) => each.model.f1)} on the model.</p>`;
}

/** @returns HTML; with a quick measurement it has the tables alone */
export function qualityPage(report: Report, measured: readonly Measured[], listening: readonly Listening[], verdicts: readonly Verdict[]): string {
  const met = verdicts.filter((verdict) => verdict.met).length;
  const names = Object.entries(report.banks);
  const told = report.microphones && `Two microphones on one strike: ${report.microphones.c2st.toFixed(2)}.`;
  const pictured = measured.some(({ thorough }) => thorough !== undefined);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>anypiano: how near the sound comes</title>
<style>${STYLE}</style>
<main><h1>How near the sound comes</h1>
<p class="lead">Strikes that training never saw, played by the engine and held against their recordings. Of ${verdicts.length} bars ${met} are met and ${verdicts.length - met} missed.</p>
${verdictTable(verdicts)}
<section><h2>Distance to the recordings</h2>
<p class="legend"><i class="model"></i>model <i class="sampler"></i>sampler with the trained recordings <i class="neighbours"></i>mean of the two neighbouring keys</p>
<h3>Mel distance in dB; two velocity layers of one piano lie 1.3 apart, two microphones on one strike 5.8</h3>
${rangeChart(names.map(([name, bank]) => ({ name, marks: marksOf(bank, 'mel') })), ' dB', 2)}
<h3>Told from the recordings by a classifier; 0.5 is not at all, 1 is always. ${told ?? ''}</h3>
${rangeChart(names.map(([name, bank]) => ({ name, marks: marksOf(bank, 'c2st') })), '', 0.1, Math.min(0.4, ...names.map(([, bank]) => Math.floor(10 * Math.min(bank.c2st, bank.more?.sampler.c2st ?? 1)) / 10)))}
<div class="wide">${scoreTable(report)}</div>${listeningLine(listening)}</section>
${pictured ? '<p class="legend">In each column the recording is above and the model below: 1.5 seconds, 40 Hz to 16 kHz, 80 dB from black to white. Under them the level over 2.8 seconds, 60 dB high: <i class="recorded"></i>recorded <i class="played"></i>played. Notes in <b>bold</b> are strikes that training never saw.</p>' : ''}
${measured.map((bank) => bankSection(report.banks[bank.id]!, bank)).join('')}
</main></html>
`;
}
