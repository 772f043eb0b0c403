/** Measures the modes of all keys of a bank, and sets its keyboard even again. */
import type { CorpusCache } from '../../corpus/cache.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../../spec.ts';
import type { Style } from '../../style.ts';
import type { Weights } from '../../weights.ts';
import { evenLevels } from '../even-levels.ts';
import { measureKey } from './measure-key.ts';

/**
 * The style with the modes, phases and levels of its bank.
 *
 * @param bank row in the cache, @param onProgress called with the share of the keys that are done
 */
export async function measureModes({ spec, tensors }: Weights, cache: CorpusCache, bank: number, style: Style, onProgress: (share: number) => void): Promise<Style> {
  const { tuning } = cache.banks[bank]!;
  const modes: number[][] = [];
  const phases: number[][] = [];
  for (let key = 0; key < NOTE_COUNT; key++) {
    onProgress(key / NOTE_COUNT);
    const strikes = cache.notes.filter((note) => note.bank === bank && note.trained && note.note === FIRST_NOTE + key);
    const measured = measureKey(spec, tensors, { ...style, tuning }, FIRST_NOTE + key, strikes.map((note) => ({ velocity: note.velocity, audio: cache.read(note), onset: cache.index.onset })));
    modes.push(measured.modes);
    phases.push(measured.phases);
    // Lets the bar be drawn, and Ctrl-C be heard.
    await new Promise(setImmediate);
  }
  const done = { ...style, tuning: { ...style.tuning, phases }, modes };
  return { ...done, levels: evenLevels(spec, tensors, done) };
}
