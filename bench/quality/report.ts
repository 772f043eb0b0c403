/** Gathers comparisons into one report, and prints it. */
import { medianOf } from '../../model/corpus/median.ts';
import { DISTANCE_NAMES, meanDistances, type Distances } from './distances.ts';
import type { Comparison } from './left-out.ts';
import { STAGES, type Stage } from './strike.ts';
import type { VelocityResponse } from './velocities.ts';

/** Highest note of each register. */
const REGISTERS = { bass: 47, middle: 71, treble: 95, top: 108 } as const;

interface MedianAndWorst {
  readonly median: number;
  /** The one farthest from 0, or the highest. */
  readonly worst: number;
}

/** One bank; its own four distances are those of the shipped model. */
export interface BankReport extends Distances {
  readonly name: string;
  /** Strikes that training never saw. */
  readonly strikes: number;
  readonly withoutWaveNet: Distances;
  readonly strings: Distances;
  /** A sampler with the trained recordings of this bank. */
  readonly sampler: Distances;
  /** Mel distance of the mean of the two neighbouring keys; missing where no key was left out. */
  readonly neighbours?: number;
  /** The model by register, low to high; those without strikes are missing. */
  readonly registers: Readonly<Record<string, Distances>>;
  /** Size of the pitch error in cents. */
  readonly cents: MedianAndWorst & { readonly worstNote: number };
  /** dB that the start is rougher than the recording's, and that a release adds. */
  readonly startClick: MedianAndWorst;
  readonly releaseClick: MedianAndWorst;
  /** Mean energy above 12 kHz in dB of all, over the first 60 ms. */
  readonly highEnergy: { readonly played: number; readonly recorded: number };
  readonly velocities?: VelocityResponse;
}

export interface Report {
  readonly banks: Readonly<Record<string, BankReport>>;
  readonly means: Readonly<Record<Stage | 'sampler', Distances>>;
}

function medianAndWorst(values: readonly number[]): MedianAndWorst {
  return { median: medianOf(values), worst: Math.max(...values) };
}

function registersOf(comparisons: readonly Comparison[]): Record<string, Distances> {
  const found: Record<string, Distances> = {};
  let lowest = 0;
  for (const [name, highest] of Object.entries(REGISTERS)) {
    const own = comparisons.filter(({ sample: { note } }) => note > lowest && note <= highest);
    if (own.length > 0) found[name] = meanDistances(own.map((c) => c.distances.model));
    lowest = highest;
  }
  return found;
}

export function reportBank(name: string, comparisons: readonly Comparison[], velocities?: VelocityResponse): BankReport {
  const stage = (which: Stage): Distances => meanDistances(comparisons.map((c) => c.distances[which]));
  const pitched = comparisons
    .flatMap(({ cents, sample }) => (cents === undefined ? [] : [{ size: Math.abs(cents), note: sample.note }]))
    .sort((a, b) => a.size - b.size);
  const neighbours = comparisons.flatMap((c) => c.neighbours ?? []);
  const mean = (which: 0 | 1): number => comparisons.reduce((sum, c) => sum + c.highEnergy[which], 0) / comparisons.length;
  return {
    name,
    strikes: comparisons.length,
    ...stage('model'),
    withoutWaveNet: stage('withoutWaveNet'),
    strings: stage('strings'),
    sampler: meanDistances(comparisons.map((c) => c.sampler)),
    ...(neighbours.length > 0 && { neighbours: neighbours.reduce((sum, mel) => sum + mel, 0) / neighbours.length }),
    registers: registersOf(comparisons),
    cents: {
      median: medianOf(pitched.map((p) => p.size)),
      worst: pitched.at(-1)?.size ?? 0,
      worstNote: pitched.at(-1)?.note ?? 0,
    },
    startClick: medianAndWorst(comparisons.map((c) => c.startClick)),
    releaseClick: medianAndWorst(comparisons.map((c) => c.releaseClick)),
    highEnergy: { played: mean(0), recorded: mean(1) },
    ...(velocities && { velocities }),
  };
}

/** Means over banks, each bank counting once. */
export function reportAll(banks: Readonly<Record<string, BankReport>>): Report {
  const all = Object.values(banks);
  return {
    banks,
    means: {
      strings: meanDistances(all.map((bank) => bank.strings)),
      withoutWaveNet: meanDistances(all.map((bank) => bank.withoutWaveNet)),
      model: meanDistances(all),
      sampler: meanDistances(all.map((bank) => bank.sampler)),
    },
  };
}

const cell = (value: number, digits = 1, width = 7): string => value.toFixed(digits).padStart(width);
const row = (d: Distances): string => DISTANCE_NAMES.map((name) => cell(d[name], name === 'mss' ? 2 : 1)).join('');
const HEADER = DISTANCE_NAMES.map((name) => name.padStart(7)).join('');
const WIDTH = 22;

/** Lines of a report for people. */
export function describeReport({ banks, means }: Report): string[] {
  const stages = STAGES.map((stage) => `   ${stage.padEnd(27)}`).join('');
  const lines = ['Distances to left-out recordings', `${''.padEnd(WIDTH)}${stages}`, `${''.padEnd(WIDTH)}${STAGES.map(() => `${HEADER}  `).join('')}`];
  for (const [id, bank] of Object.entries(banks)) {
    lines.push(`${id.padEnd(WIDTH)}${[bank.strings, bank.withoutWaveNet, bank].map((d) => `${row(d)}  `).join('')}`);
  }
  lines.push(`${'mean'.padEnd(WIDTH)}${STAGES.map((stage) => `${row(means[stage])}  `).join('')}`);
  lines.push('', 'A sampler with the trained recordings alone, and the mean of the two neighbouring keys', `${''.padEnd(WIDTH)}${HEADER}  neighbours (mel)`);
  for (const [id, { sampler, neighbours }] of Object.entries(banks)) {
    lines.push(`${id.padEnd(WIDTH)}${row(sampler)}${neighbours === undefined ? '' : cell(neighbours, 1, 9)}`);
  }
  lines.push(`${'mean'.padEnd(WIDTH)}${row(means.sampler)}`);
  lines.push('', 'Mel distance in dB by register', `${''.padEnd(WIDTH)}${Object.keys(REGISTERS).map((name) => name.padStart(8)).join('')}`);
  for (const [id, { registers }] of Object.entries(banks)) {
    const cells = Object.keys(REGISTERS).map((name) => (registers[name] ? cell(registers[name].mel, 1, 8) : ''.padStart(8)));
    lines.push(`${id.padEnd(WIDTH)}${cells.join('')}`);
  }
  lines.push('', 'Pitch, clicks, treble and touch');
  for (const [id, bank] of Object.entries(banks)) {
    const { cents, startClick, releaseClick, highEnergy, velocities } = bank;
    lines.push(
      `${id.padEnd(WIDTH)}pitch ${cell(cents.median)} cents off, worst ${cell(cents.worst)} (note ${cents.worstNote}); ` +
        `start ${cell(startClick.median)} dB rougher, worst ${cell(startClick.worst)}; release adds ${cell(releaseClick.worst)} dB; ` +
        `above 12 kHz ${cell(highEnergy.played, 0)} dB, recorded ${cell(highEnergy.recorded, 0)}`,
    );
    if (velocities) {
      const keys = (list: readonly number[]): string => (list.length === 0 ? 'at every key' : `not at ${list.join(' ')}`);
      lines.push(
        `${''.padEnd(WIDTH)}louder ${keys(velocities.notLouder)}; brighter ${keys(velocities.notBrighter)}; ` +
          `range ${velocities.range.toFixed(0)} dB`,
      );
    }
  }
  return lines;
}
