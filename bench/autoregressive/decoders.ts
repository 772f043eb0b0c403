/** All decoders on the same left-out strikes and the same performances. */
import type { Bank } from '../../model/corpus/corpus.ts';
import { medianOf } from '../../model/corpus/median.ts';
import { findOnset } from '../../model/corpus/onset.ts';
import { readMono } from '../../model/corpus/source-audio.ts';
import { leftOut } from '../../model/corpus/split.ts';
import type { Performance } from '../../model/performance.ts';
import type { Style } from '../../model/style.ts';
import { startBackend } from '../../model/train/backend.ts';
import { loadBasicPitch } from '../../model/transcribe/package-model.ts';
import { cutClip } from '../quality/clip.ts';
import { distances, meanDistances, type Distances } from '../quality/distances.ts';
import { hear, playOnModel } from '../quality/listening.ts';
import { scoreNotes } from '../quality/note-score.ts';
import { pitchError } from '../quality/pitch.ts';
import { STRIKE_LEAD, STRIKE_RATE, playStrike, type Player } from '../quality/strike.ts';

/** A recording may hold some of this before the strike. */
const RECORDING_SECONDS = 1.6;
const PLAYED_SECONDS = 1.2;

export interface DecoderFigures extends Distances {
  /** Median of the absolute pitch errors in cents; undefined where no pitch was heard. */
  readonly cents: number | undefined;
  /** Of the notes that a transcriber hears; undefined without performances. */
  readonly f1: number | undefined;
}

export interface Decoder {
  readonly name: string;
  readonly player: Player;
}

export interface Decoded {
  readonly bank: Bank;
  readonly style: Style;
  readonly performances: readonly Performance[];
  onStep(what: string): void;
}

/** Distances, pitch and notes heard of each decoder, in their order. */
export async function compareDecoders(decoders: readonly Decoder[], given: Decoded): Promise<DecoderFigures[]> {
  const scores = given.performances.length === 0 ? undefined : await notesHeard(decoders.map(({ player }) => player), given);
  const { bank, style } = given;
  const results = decoders.map(() => ({ distances: [] as Distances[], cents: [] as number[] }));
  for (const { path, note, velocity } of bank.samples.filter(leftOut(bank))) {
    const recording = await readMono(path, STRIKE_RATE, RECORDING_SECONDS);
    const onset = Math.round(findOnset(recording, STRIKE_RATE) * STRIKE_RATE);
    const target = cutClip(recording, STRIKE_RATE);
    for (const [i, { player }] of decoders.entries()) {
      const sound = playStrike(player, { style, note, velocity: velocity / 127, seconds: PLAYED_SECONDS });
      results[i]!.distances.push(distances(target, cutClip(sound, STRIKE_RATE)));
      const cents = pitchError({ audio: recording, onset }, { audio: sound, onset: STRIKE_LEAD }, STRIKE_RATE, note, style.tuning);
      if (cents !== undefined) results[i]!.cents.push(Math.abs(cents));
    }
    given.onStep('left-out strikes');
  }
  return results.map(({ distances: all, cents }, i) => ({ ...meanDistances(all), cents: cents.length === 0 ? undefined : medianOf(cents), f1: scores?.[i] }));
}

/** Mean F1 of each player. */
async function notesHeard(players: readonly Player[], { style, performances, onStep }: Decoded): Promise<number[]> {
  await startBackend('wasm');
  const transcriber = await loadBasicPitch();
  const sums = players.map(() => 0);
  for (const performance of performances) {
    for (const [i, player] of players.entries()) {
      sums[i]! += scoreNotes(performance, await hear(transcriber, playOnModel(player, style, performance), performance.name)).f1;
      onStep('notes heard');
    }
  }
  transcriber.dispose();
  return sums.map((sum) => sum / performances.length);
}
