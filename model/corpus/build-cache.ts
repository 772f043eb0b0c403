/** Decodes, aligns and tunes all banks into one corpus cache. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { tuneBank, type NoteClip } from './bank-tuning.ts';
import { CacheWriter } from './cache.ts';
import { readCorpus, type Bank } from './corpus.ts';
import { loadBank, type Clip } from './notes.ts';
import { measurePhases } from './partial-phases.ts';
import { readSalamander } from './salamander.ts';
import { leftOut } from './split.ts';

export interface BuildProgress {
  /** Notes read so far, of `total`. */
  readonly done: number;
  readonly total: number;
  /** Name of the bank that is being read. */
  readonly bank: string;
}

export interface BuildOptions {
  /** Paths of corpus.json files. */
  readonly corpora: readonly string[];
  /** Folder of the Salamander packages; left out without it. */
  readonly salamander?: string;
  /** Path of the .bin file to write. */
  readonly out: string;
  readonly onProgress?: (progress: BuildProgress) => void;
}

const noteClip = ({ sample: { note }, audio }: Clip): NoteClip => ({ note, audio });

/** All banks that the options name, Salamander first. */
export async function readBanks(options: Pick<BuildOptions, 'corpora' | 'salamander'>): Promise<Bank[]> {
  const salamander = options.salamander === undefined ? [] : [await readSalamander(options.salamander)];
  const others = await Promise.all(options.corpora.map(readCorpus));
  return [...salamander, ...others.flat()];
}

/**
 * Builds the cache; takes a few minutes and about 400 kB a note on disk.
 *
 * @throws InputError naming the corpus or sample that cannot be used
 */
export async function buildCorpusCache(options: BuildOptions): Promise<void> {
  const banks = await readBanks(options);
  const total = banks.reduce((sum, bank) => sum + bank.samples.length, 0);
  let done = 0;
  await mkdir(dirname(options.out), { recursive: true });
  const writer = await CacheWriter.create(options.out);
  try {
    for (const bank of banks) {
      const clips = await loadBank(bank, () => options.onProgress?.({ done: ++done, total, bank: bank.name }));
      const isLeftOut = leftOut(bank);
      const tuning = tuneBank(clips.map(noteClip));
      const phases = measurePhases(clips.filter(({ sample }) => !isLeftOut(sample)).map(noteClip), tuning);
      const { id, name, kind, licence, credit, source } = bank;
      writer.addBank({ id, name, kind, licence, credit, source, tuning: { ...tuning, phases } });
      for (const { sample, onsetSeconds, gain, audio } of clips) {
        const { note, layer } = sample;
        const velocity = sample.velocity / 127;
        await writer.addNote({ note, layer, velocity, trained: !isLeftOut(sample), gain, onsetSeconds }, audio);
      }
    }
  } catch (error) {
    await writer.discard();
    throw error;
  }
  await writer.finish();
}
