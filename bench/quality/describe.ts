/** The report as lines for people. */
import { DISTANCE_NAMES, type Distances } from './distances.ts';
import type { KeysReport, Tally } from './keys-report.ts';
import { REGISTERS, type BankReport, type Report, type Score } from './report.ts';
import { STAGES } from './strike.ts';
import type { ToldApart } from './told-apart.ts';

const WIDTH = 22;
const cell = (value: number, digits = 1, width = 7): string => value.toFixed(digits).padStart(width);
const row = (d: Distances): string => DISTANCE_NAMES.map((name) => cell(d[name], name === 'mss' ? 2 : 1)).join('');
const name = (text: string): string => text.padEnd(WIDTH);
const HEADER = DISTANCE_NAMES.map((distance) => distance.padStart(7)).join('');

type More = NonNullable<BankReport['more']>;

/** Banks that were measured thoroughly. */
function thorough(banks: Report['banks']): [string, More][] {
  return Object.entries(banks).flatMap(([id, { more }]) => (more ? [[id, more] as [string, More]] : []));
}

function distanceLines({ banks, means }: Report): string[] {
  const stages = STAGES.map((stage) => `   ${stage.padEnd(27)}`).join('');
  const lines = ['Distances to left-out recordings', `${name('')}${stages}`, `${name('')}${STAGES.map(() => `${HEADER}  `).join('')}`];
  for (const [id, bank] of Object.entries(banks)) lines.push(`${name(id)}${[bank.strings, bank.withoutWaveNet, bank].map((d) => `${row(d)}  `).join('')}`);
  lines.push(`${name('mean')}${STAGES.map((stage) => `${row(means[stage])}  `).join('')}`);
  lines.push('', 'Mel distance in dB by register', `${name('')}${Object.keys(REGISTERS).map((register) => register.padStart(8)).join('')}`);
  for (const [id, { registers }] of Object.entries(banks)) {
    const cells = Object.keys(REGISTERS).map((register) => (registers[register] ? cell(registers[register].mel, 1, 8) : ''.padStart(8)));
    lines.push(`${name(id)}${cells.join('')}`);
  }
  return lines;
}

function rivalLines({ banks, means }: Report): string[] {
  if (means.sampler === undefined) return [];
  return [
    'A sampler with the trained recordings alone, and the mean of the two neighbouring keys',
    `${name('')}${HEADER}  neighbours (mel)`,
    ...thorough(banks).map(([id, { sampler, neighbours }]) => `${name(id)}${row(sampler)}${neighbours === undefined ? '' : cell(neighbours, 1, 9)}`),
    `${name('mean')}${row(means.sampler)}`,
    '',
  ];
}

function toldApartLines({ banks, means, microphones }: Report): string[] {
  const pair = (told: ToldApart | undefined): string => (told ? `${cell(told.c2st, 2, 10)}${cell(told.c2stAttack, 2, 6)}` : ''.padStart(16));
  const line = (title: string, scores: readonly (Score | undefined)[]): string => `${name(title)}${scores.map(pair).join('')}`;
  const heads = [...STAGES, 'sampler'].map((head) => `  ${head}`.padStart(16)).join('');
  return [
    'Told from the recordings by a classifier: share of right answers (0.50: not at all) in the first second, and in the first 60 ms',
    `${name('')}${heads}`,
    ...Object.entries(banks).map(([id, bank]) => line(id, [bank.strings, bank.withoutWaveNet, bank, bank.more?.sampler])),
    line('all strikes', [...STAGES.map((stage) => means[stage]), means.sampler]),
    ...(microphones ? [`${name('two microphones')}${pair(microphones)}  real against real, one strike`] : []),
  ];
}

function keyLines(banks: Report['banks']): string[] {
  const all = thorough(banks);
  if (all.length === 0) return [];
  const share = ({ keys, within, worst, worstNote }: Tally, scale: number, digits: number): string =>
    `${`${within}/${keys}`.padStart(8)}, worst ${(scale * worst).toFixed(digits)} (note ${worstNote})`.padEnd(32);
  const heads = ['decay within 20 %', 'attack within 3 ms', 'B within 10 %', 'within 3 cents', 'within 2 dB of neighbours'];
  const line = ({ decay, attack, inharmonicity, cents, even }: KeysReport): string =>
    [share(decay, 1, 2), share(attack, 1000, 1), share(inharmonicity, 1, 2), share(cents, 1, 1), share(even, 1, 1)].join('');
  return ['Keys against their recordings', `${name('')}${heads.map((head) => `  ${head}`.padEnd(32)).join('')}`, ...all.map(([id, { keys }]) => `${name(id)}${line(keys)}`), ''];
}

function soundLines(banks: Report['banks']): string[] {
  const lines = ['Pitch, clicks, treble and touch of left-out strikes'];
  for (const [id, { cents, startClick, highEnergy, more }] of Object.entries(banks)) {
    lines.push(
      `${name(id)}pitch ${cell(cents.median)} cents off, worst ${cell(cents.worst)} (note ${cents.worstNote}); ` +
        `start ${cell(startClick.median)} dB rougher, worst ${cell(startClick.worst)}; ` +
        `above 12 kHz ${cell(highEnergy.played, 0)} dB, recorded ${cell(highEnergy.recorded, 0)}`,
    );
    if (more === undefined) continue;
    const { velocities } = more.keys;
    const keys = (list: readonly number[]): string => (list.length === 0 ? 'at every key' : `not at ${list.join(' ')}`);
    const releases = more.releases.map(({ note, seconds, damper }) => `${note}: ${seconds === undefined ? 'never' : seconds.toFixed(2)} (damper ${damper.toFixed(2)})`).join(', ');
    lines.push(
      `${name('')}louder ${keys(velocities.notLouder)}; brighter ${keys(velocities.notBrighter)}; range ${velocities.range.toFixed(0)} dB; ` +
        `chord ${more.chord.peak.toFixed(1)} dBFS peak, ${more.chord.level.toFixed(1)} rms`,
      `${name('')}release adds ${more.releaseClick.worst.toFixed(1)} dB; seconds to -40 dB after it ${releases}; ` +
        `mono loses ${more.mono.map(({ width, room, worst, octave }) => `${worst.toFixed(2)} dB at ${octave} Hz (width ${width}, room ${room})`).join(', ')}`,
    );
  }
  return lines;
}

/** The longest step of the ways from each bank. */
function morphLines({ morphs }: Report): string[] {
  if (morphs.length === 0) return [];
  const worst = [...morphs].sort((a, b) => b.longest - a.longest).slice(0, 3);
  return ['', 'Longest of ten steps between two styles', ...worst.map(({ from, to, whole, longest }) => `${`${from} to ${to}`.padEnd(2 * WIDTH)}${(100 * longest).toFixed(0)} % of ${whole.toFixed(1)} dB`)];
}

/** Lines of a report for people. */
export function describeReport(report: Report): string[] {
  return [
    ...distanceLines(report), '',
    ...rivalLines(report),
    ...toldApartLines(report), '',
    ...keyLines(report.banks),
    ...soundLines(report.banks),
    ...morphLines(report),
  ];
}
