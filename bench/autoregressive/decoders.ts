/** All decoders on the same left-out strikes and the same performances. */
import type { Bank } from '../../model/corpus/corpus.ts';
import type { Performance } from '../../model/performance.ts';
import type { Style } from '../../model/style.ts';
import { startBackend } from '../../model/train/backend.ts';
import { loadBasicPitch } from '../../model/transcribe/package-model.ts';
import { meanDistances, type Distances } from '../quality/distances.ts';
import { compareBank } from '../quality/left-out.ts';
import { hear, playOnModel } from '../quality/listening.ts';
import { scoreNotes } from '../quality/note-score.ts';
import type { Player } from '../quality/strike.ts';

export interface DecoderFigures extends Distances {
  /** Median of the absolute pitch errors in cents. */
  readonly cents: number;
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
  const figures: DecoderFigures[] = [];
  for (const [i, { name, player }] of decoders.entries()) {
    const comparisons = await compareBank(player, given.bank, given.style, true, () => given.onStep(`${name}, left-out strikes`));
    const cents = comparisons.flatMap((each) => (each.cents === undefined ? [] : [Math.abs(each.cents)])).sort((a, b) => a - b);
    figures.push({ ...meanDistances(comparisons.map(({ stages }) => stages.model.distances)), cents: cents[Math.floor(cents.length / 2)] ?? NaN, f1: scores?.[i] });
  }
  return figures;
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
