/** The corpus cache as training wants it: trained notes only, banks weighted. */
import type { CorpusCache } from '../../corpus/cache.ts';
import type { TrainingBank } from './corpus-view.ts';

/** Banks of a cache with the notes that may be trained on; each gets steps by the number of its recordings. */
export function trainingBanks(cache: CorpusCache): TrainingBank[] {
  const banks = cache.banks
    .map((bank, index) => {
      const notes = cache.notes
        .filter((note) => note.bank === index && note.trained)
        .map((note) => ({
          note: note.note,
          velocity: note.velocity,
          samples: note.samples,
          onset: cache.index.onset,
          audio: () => cache.read(note),
        }));
      return { id: bank.id, row: index, tuning: bank.tuning, ...(bank.modes && { modes: bank.modes }), notes };
    })
    .filter((bank) => bank.notes.length > 0);
  const mean = banks.reduce((sum, { notes }) => sum + notes.length, 0) / banks.length;
  return banks.map((bank) => ({ ...bank, weight: bank.notes.length, prior: mean / bank.notes.length }));
}
