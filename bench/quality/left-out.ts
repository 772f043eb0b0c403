/** Compares each left-out recording of a bank with what the engine, and a sampler, play instead. */
import { findOnset } from '../../model/corpus/onset.ts';
import type { Bank, Sample } from '../../model/corpus/corpus.ts';
import { readMono } from '../../model/corpus/source-audio.ts';
import { leftOut } from '../../model/corpus/split.ts';
import { crc32 } from '../../model/crc32.ts';
import type { Style } from '../../model/style.ts';
import { highEnergy } from './brightness.ts';
import { cutClip } from './clip.ts';
import { distances, type Distances } from './distances.ts';
import { fingerprint, type Fingerprint } from './fingerprint.ts';
import { pitchError } from './pitch.ts';
import { Rivals } from './rivals.ts';
import { STAGES, STRIKE_LEAD, STRIKE_RATE, playStrike, type Player, type Stage } from './strike.ts';
import { releaseExcess, startRoughness } from './transients.ts';

/** A recording may hold this much before the strike. */
const RECORDING_SECONDS = 1.6;
const PLAYED_SECONDS = 1.2;
const RELEASE_SECONDS = 0.5;
/** What sounds above this in the first 60 ms shows whether the treble is there. */
const HIGH_FREQUENCY = 12000;

/** How far something that plays a strike is from its recording. */
export interface Likeness {
  readonly distances: Distances;
  readonly fingerprint: Fingerprint;
}

/** What one left-out strike says. */
export interface Comparison {
  readonly sample: Sample;
  readonly recorded: Fingerprint;
  readonly stages: Readonly<Record<Stage, Likeness>>;
  /** Cents above the recording; undefined where no partial stands out of it. */
  readonly cents: number | undefined;
  /** Roughness of the first 2 ms over that of the recording, in dB. */
  readonly startClick: number;
  /** Energy above 12 kHz in the first 60 ms, in dB of all: played, then recorded. */
  readonly highEnergy: readonly [number, number];
  /** What the quick measurement leaves out. */
  readonly more?: {
    /** A sampler that has the recordings that training saw. */
    readonly sampler: Likeness;
    /** Mel distance of the mean of the two neighbouring keys; undefined where this key was trained. */
    readonly neighbours: number | undefined;
    /** Largest excess of the released over the held note, in dB. */
    readonly releaseClick: number;
  };
}

/** Every strike draws noise of its own, always the same one: a classifier would know a draw that all have in common. */
function seedOf(bank: string, { note, velocity }: Sample): number {
  return crc32(new TextEncoder().encode(`${bank} ${note} ${velocity}`));
}

async function compare(player: Player, bank: string, style: Style, rivals: Rivals | undefined, sample: Sample): Promise<Comparison> {
  const { note } = sample;
  const recording = await readMono(sample.path, STRIKE_RATE, RECORDING_SECONDS);
  const onset = Math.round(findOnset(recording, STRIKE_RATE) * STRIKE_RATE);
  const target = cutClip(recording, STRIKE_RATE);
  const likeness = (clip: Float64Array): Likeness => ({ distances: distances(target, clip), fingerprint: fingerprint(clip, note, sample.velocity) });
  const strike = { style, note, velocity: sample.velocity / 127, seconds: PLAYED_SECONDS, seed: seedOf(bank, sample) };
  const sounds = STAGES.map((stage) => [stage, playStrike(player, { ...strike, stage })] as const);
  const model = Object.fromEntries(sounds)['model']!;
  const stages = Object.fromEntries(sounds.map(([stage, sound]) => [stage, likeness(cutClip(sound, STRIKE_RATE))])) as Record<Stage, Likeness>;
  const release = STRIKE_LEAD + RELEASE_SECONDS * STRIKE_RATE;
  return {
    sample,
    recorded: fingerprint(target, note, sample.velocity),
    stages,
    cents: pitchError({ audio: recording, onset }, { audio: model, onset: STRIKE_LEAD }, STRIKE_RATE, note, style.tuning),
    startClick: startRoughness(model, STRIKE_RATE, STRIKE_LEAD) - startRoughness(recording, STRIKE_RATE, onset),
    highEnergy: [
      highEnergy(model, STRIKE_RATE, STRIKE_LEAD, HIGH_FREQUENCY),
      highEnergy(recording, STRIKE_RATE, onset, HIGH_FREQUENCY),
    ],
    ...(rivals && {
      more: {
        sampler: likeness(await rivals.sampler(sample)),
        neighbours: await rivals.neighbours(sample, target),
        releaseClick: releaseExcess(model, playStrike(player, { ...strike, releaseSeconds: RELEASE_SECONDS }), STRIKE_RATE, release),
      },
    }),
  };
}

/** Compares every left-out strike of a bank; `onStrike` is called after each. @param quick without rivals and releases */
export async function compareBank(player: Player, bank: Bank, style: Style, quick: boolean, onStrike: () => void): Promise<Comparison[]> {
  const rivals = quick ? undefined : new Rivals(bank, style.tuning);
  const comparisons: Comparison[] = [];
  for (const sample of bank.samples.filter(leftOut(bank))) {
    comparisons.push(await compare(player, bank.id, style, rivals, sample));
    onStrike();
  }
  return comparisons;
}
