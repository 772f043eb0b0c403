/** Gathers what was measured of all banks into one report. */
import { medianOf } from '../../model/corpus/median.ts';
import { meanDistances, type Distances } from './distances.ts';
import { keysReport, type KeysReport } from './keys-report.ts';
import type { Comparison } from './left-out.ts';
import type { ChordLevel, Release } from './level.ts';
import type { Measured } from './measure.ts';
import type { Morph } from './morph.ts';
import type { MonoLoss } from './stereo.ts';
import { STAGES, type Stage } from './strike.ts';
import { toldApart, type ToldApart, type ToldApartByBank } from './told-apart.ts';

/** Highest note of each register. */
export const REGISTERS = { bass: 47, middle: 71, treble: 95, top: 108 } as const;

export interface MedianAndWorst {
  readonly median: number;
  /** The one farthest from 0, or the highest. */
  readonly worst: number;
}

/** How far something is from the recordings, and how well it is told from them. */
export interface Score extends Distances, ToldApart {}

/** One bank; its own figures are those of the shipped model. */
export interface BankReport extends Score {
  readonly name: string;
  /** Strikes that training never saw. */
  readonly strikes: number;
  readonly withoutWaveNet: Score;
  readonly strings: Score;
  /** The model by register, low to high; those without strikes are missing. */
  readonly registers: Readonly<Record<string, Distances>>;
  /** Size of the pitch error in cents. */
  readonly cents: MedianAndWorst & { readonly worstNote: number };
  /** dB that the start is rougher than the recording's. */
  readonly startClick: MedianAndWorst;
  /** Mean energy above 12 kHz in dB of all, over the first 60 ms. */
  readonly highEnergy: { readonly played: number; readonly recorded: number };
  /** What the quick measurement leaves out. */
  readonly more?: {
    /** A sampler with the trained recordings of this bank. */
    readonly sampler: Score;
    /** Mel distance of the mean of the two neighbouring keys; missing where no key was left out. */
    readonly neighbours?: number;
    /** dB of roughness that a release adds. */
    readonly releaseClick: MedianAndWorst;
    readonly keys: KeysReport;
    readonly chord: ChordLevel;
    readonly releases: readonly Release[];
    readonly mono: readonly MonoLoss[];
  };
}

export interface Report {
  readonly banks: Readonly<Record<string, BankReport>>;
  /** Distances: each bank counts once. Answers of the classifier: each strike does. */
  readonly means: Readonly<Record<Stage, Score>> & { readonly sampler?: Score };
  readonly morphs: readonly Morph[];
  /** One strike before two microphones. */
  readonly microphones?: ToldApart;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function medianAndWorst(values: readonly number[]): MedianAndWorst {
  return { median: medianOf(values), worst: Math.max(...values) };
}

function registersOf(comparisons: readonly Comparison[]): Record<string, Distances> {
  const found: Record<string, Distances> = {};
  let lowest = 0;
  for (const [name, highest] of Object.entries(REGISTERS)) {
    const own = comparisons.filter(({ sample: { note } }) => note > lowest && note <= highest);
    if (own.length > 0) found[name] = meanDistances(own.map((c) => c.stages.model.distances));
    lowest = highest;
  }
  return found;
}

interface Told {
  readonly stages: Readonly<Record<Stage, ToldApartByBank>>;
  readonly sampler: ToldApartByBank | undefined;
}

function reportBank({ id, name, comparisons, thorough }: Measured, told: Told): BankReport {
  const stage = (which: Stage): Score => ({ ...meanDistances(comparisons.map((c) => c.stages[which].distances)), ...told.stages[which].banks.get(id)! });
  const pitched = comparisons
    .flatMap(({ cents, sample }) => (cents === undefined ? [] : [{ size: Math.abs(cents), note: sample.note }]))
    .sort((a, b) => a.size - b.size);
  const more = comparisons.flatMap((c) => c.more ?? []);
  const neighbours = more.flatMap((m) => m.neighbours ?? []);
  return {
    name,
    strikes: comparisons.length,
    ...stage('model'),
    withoutWaveNet: stage('withoutWaveNet'),
    strings: stage('strings'),
    registers: registersOf(comparisons),
    cents: {
      median: medianOf(pitched.map((p) => p.size)),
      worst: pitched.at(-1)?.size ?? 0,
      worstNote: pitched.at(-1)?.note ?? 0,
    },
    startClick: medianAndWorst(comparisons.map((c) => c.startClick)),
    highEnergy: { played: mean(comparisons.map((c) => c.highEnergy[0])), recorded: mean(comparisons.map((c) => c.highEnergy[1])) },
    ...(thorough && {
      more: {
        sampler: { ...meanDistances(more.map((m) => m.sampler.distances)), ...told.sampler!.banks.get(id)! },
        ...(neighbours.length > 0 && { neighbours: mean(neighbours) }),
        releaseClick: medianAndWorst(more.map((m) => m.releaseClick)),
        keys: keysReport(thorough.keys.comparisons, thorough.touch),
        chord: thorough.chord,
        releases: thorough.releases,
        mono: thorough.mono,
      },
    }),
  };
}

/** @param microphones what the same classifier tells of two real recordings of one strike */
export function reportAll(measured: readonly Measured[], microphones?: ToldApart): Report {
  const comparisons = new Map(measured.map((bank) => [bank.id, bank.comparisons]));
  const stages = Object.fromEntries(STAGES.map((stage) => [stage, toldApart(comparisons, (c) => c.stages[stage].fingerprint)])) as Record<Stage, ToldApartByBank>;
  const thorough = measured.every((bank) => bank.thorough !== undefined);
  const told: Told = { stages, sampler: thorough ? toldApart(comparisons, (c) => c.more!.sampler.fingerprint) : undefined };
  const banks = Object.fromEntries(measured.map((bank) => [bank.id, reportBank(bank, told)]));
  const all = Object.values(banks);
  return {
    banks,
    means: {
      strings: { ...meanDistances(all.map((bank) => bank.strings)), ...stages.strings.all },
      withoutWaveNet: { ...meanDistances(all.map((bank) => bank.withoutWaveNet)), ...stages.withoutWaveNet.all },
      model: { ...meanDistances(all), ...stages.model.all },
      ...(told.sampler && { sampler: { ...meanDistances(all.flatMap((bank) => bank.more?.sampler ?? [])), ...told.sampler.all } }),
    },
    morphs: measured.flatMap((bank) => bank.thorough?.morphs ?? []),
    ...(microphones && { microphones }),
  };
}
