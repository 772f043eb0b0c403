/** Compares each left-out recording of a bank with what the engine plays instead. */
import { findOnset } from '../../model/corpus/onset.ts';
import type { Bank, Sample } from '../../model/corpus/corpus.ts';
import { readMono } from '../../model/corpus/source-audio.ts';
import { leftOut } from '../../model/corpus/split.ts';
import type { Style } from '../../model/style.ts';
import { highEnergy } from './brightness.ts';
import { cutClip } from './clip.ts';
import { distances, type Distances } from './distances.ts';
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

/** What one left-out strike says. */
export interface Comparison {
  readonly sample: Sample;
  readonly distances: Readonly<Record<Stage, Distances>>;
  /** Of a sampler that has the recordings that training saw. */
  readonly sampler: Distances;
  /** Mel distance of the mean of the two neighbouring keys; undefined where this key was trained. */
  readonly neighbours: number | undefined;
  /** Cents above the recording; undefined where no partial stands out of it. */
  readonly cents: number | undefined;
  /** Roughness of the first 2 ms over that of the recording, in dB. */
  readonly startClick: number;
  /** Largest excess of the released over the held note, in dB. */
  readonly releaseClick: number;
  /** Energy above 12 kHz in the first 60 ms, in dB of all: played, then recorded. */
  readonly highEnergy: readonly [number, number];
}

async function compare(player: Player, style: Style, rivals: Rivals, sample: Sample): Promise<Comparison> {
  const { note } = sample;
  const recording = await readMono(sample.path, STRIKE_RATE, RECORDING_SECONDS);
  const onset = Math.round(findOnset(recording, STRIKE_RATE) * STRIKE_RATE);
  const target = cutClip(recording, STRIKE_RATE);
  const strike = { style, note, velocity: sample.velocity / 127, seconds: PLAYED_SECONDS };
  const sounds = {} as Record<Stage, Float32Array>;
  const measured = {} as Record<Stage, Distances>;
  for (const stage of STAGES) {
    sounds[stage] = playStrike(player, { ...strike, stage });
    measured[stage] = distances(target, cutClip(sounds[stage], STRIKE_RATE));
  }
  const released = playStrike(player, { ...strike, releaseSeconds: RELEASE_SECONDS });
  const release = STRIKE_LEAD + RELEASE_SECONDS * STRIKE_RATE;
  const played = { audio: sounds.model, onset: STRIKE_LEAD };
  return {
    sample,
    distances: measured,
    sampler: distances(target, await rivals.sampler(sample)),
    neighbours: await rivals.neighbours(sample, target),
    cents: pitchError({ audio: recording, onset }, played, STRIKE_RATE, note, style.tuning),
    startClick: startRoughness(sounds.model, STRIKE_RATE, STRIKE_LEAD) - startRoughness(recording, STRIKE_RATE, onset),
    releaseClick: releaseExcess(sounds.model, released, STRIKE_RATE, release),
    highEnergy: [
      highEnergy(sounds.model, STRIKE_RATE, STRIKE_LEAD, HIGH_FREQUENCY),
      highEnergy(recording, STRIKE_RATE, onset, HIGH_FREQUENCY),
    ],
  };
}

/** Compares every left-out strike of a bank; `onStrike` is called after each. */
export async function compareBank(player: Player, bank: Bank, style: Style, onStrike: () => void): Promise<Comparison[]> {
  const rivals = new Rivals(bank, style.tuning);
  const comparisons: Comparison[] = [];
  for (const sample of bank.samples.filter(leftOut(bank))) {
    comparisons.push(await compare(player, style, rivals, sample));
    onStrike();
  }
  return comparisons;
}
