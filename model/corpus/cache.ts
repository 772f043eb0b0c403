/**
 * The whole corpus decoded, aligned and tuned in one file, so that training
 * starts at once and all its threads share one copy.
 *
 * `NAME.bin` holds the clips as 16-bit integers, one after the other;
 * `NAME.json` beside it is the index.
 */
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { InputError } from '../input-error.ts';
import type { Tuning } from '../tuning.ts';
import { CLIP_ONSET, CLIP_RATE } from './notes.ts';

/** Version tag of cache indexes; readers refuse any other. */
export const CACHE_FORMAT = 'anypiano-corpus-cache/1';

/** A bank as training sees it. */
export interface CachedBank {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly licence: string;
  readonly credit: string;
  readonly source: string;
  readonly tuning: Tuning;
  /** What its partials do that the network in training does not say: see `withModes`. Never in the file. */
  readonly modes?: readonly (readonly number[])[];
}

/** One clip; its strike starts at sample `CorpusIndex.onset`. */
export interface CachedNote {
  /** Index into `CorpusIndex.banks`. */
  readonly bank: number;
  /** MIDI note. */
  readonly note: number;
  readonly layer: number;
  /** 0..1, as the note network takes it. */
  readonly velocity: number;
  /** False for strikes that training must not see. */
  readonly trained: boolean;
  /** dB that were applied to bring the banks together; already in `scale`. */
  readonly gain: number;
  /** Start of the strike in the original recording, seconds. */
  readonly onsetSeconds: number;
  /** First sample in the .bin file and number of samples. */
  readonly offset: number;
  readonly samples: number;
  /** Amplitude of one integer step. */
  readonly scale: number;
}

export interface CorpusIndex {
  readonly format: typeof CACHE_FORMAT;
  readonly sampleRate: number;
  readonly onset: number;
  readonly banks: readonly CachedBank[];
  readonly notes: readonly CachedNote[];
}

/** Path of the index that belongs to a .bin file. */
export function indexPath(path: string): string {
  return path.replace(/(\.bin)?$/, '.json');
}

/**
 * An open cache. `index` and `samples` may be posted to a worker thread, which
 * makes its own `CorpusCache` from them and reads the same memory.
 */
export class CorpusCache {
  readonly index: CorpusIndex;
  readonly samples: Int16Array;

  constructor(index: CorpusIndex, samples: Int16Array) {
    this.index = index;
    this.samples = samples;
  }

  get banks(): readonly CachedBank[] {
    return this.index.banks;
  }

  get notes(): readonly CachedNote[] {
    return this.index.notes;
  }

  /**
   * The same without the other banks, over the same samples.
   *
   * @param ids of the banks that stay; all without it
   * @throws InputError if one of them is not here
   */
  only(ids: readonly string[] | undefined): CorpusCache {
    if (ids === undefined) return this;
    const missing = ids.filter((id) => !this.banks.some((bank) => bank.id === id));
    if (missing.length > 0) throw new InputError('--banks', `the corpus has no ${missing.join(', ')}, but ${this.banks.map(({ id }) => id).join(', ')}`);
    const banks = this.banks.filter(({ id }) => ids.includes(id));
    const notes = this.notes.filter((note) => ids.includes(this.bankOf(note).id)).map((note) => ({ ...note, bank: banks.indexOf(this.bankOf(note)) }));
    return new CorpusCache({ ...this.index, banks, notes }, this.samples);
  }

  /**
   * The same, whose banks have the modes and phases of styles that were measured for a model: outlines and knocks know them,
   * sound that is made to be compared does not.
   *
   * @param styles by the banks' ids
   */
  withModes(styles: ReadonlyMap<string, Pick<CachedBank, 'tuning' | 'modes'>>): CorpusCache {
    const banks = this.banks.map((bank) => {
      const { modes, tuning } = styles.get(bank.id) ?? bank;
      return modes === undefined ? bank : { ...bank, modes, tuning: { ...bank.tuning, ...(tuning.phases && { phases: tuning.phases }) } };
    });
    return new CorpusCache({ ...this.index, banks }, this.samples);
  }

  bankOf(note: CachedNote): CachedBank {
    return this.index.banks[note.bank]!;
  }

  /**
   * Part of a clip as amplitudes, gain applied; zeros beyond its end.
   *
   * @param start first sample, 0 is `index.onset` samples before the strike
   */
  read(note: CachedNote, start = 0, length: number = note.samples - start): Float32Array {
    const out = new Float32Array(length);
    const end = Math.min(note.samples, start + length);
    for (let n = start; n < end; n++) out[n - start] = this.samples[note.offset + n]! * note.scale;
    return out;
  }
}

/** Writes a cache clip by clip; nothing appears under the final name before `finish`. */
export class CacheWriter {
  readonly #path: string;
  readonly #file: Awaited<ReturnType<typeof open>>;
  readonly #banks: CachedBank[] = [];
  readonly #notes: CachedNote[] = [];
  #offset = 0;

  private constructor(path: string, file: Awaited<ReturnType<typeof open>>) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string): Promise<CacheWriter> {
    return new CacheWriter(path, await open(`${path}.part`, 'w'));
  }

  /** Starts the next bank. */
  addBank(bank: CachedBank): void {
    this.#banks.push(bank);
  }

  /** Appends a clip of the bank added last. `audio` is without `gain`. */
  async addNote(
    note: Omit<CachedNote, 'bank' | 'offset' | 'samples' | 'scale'>,
    audio: Float32Array,
  ): Promise<void> {
    const peak = audio.reduce((highest, x) => Math.max(highest, Math.abs(x)), 1e-9);
    const integers = Int16Array.from(audio, (x) => Math.round((x / peak) * 32767));
    await this.#file.write(new Uint8Array(integers.buffer));
    const scale = (peak / 32767) * 10 ** (note.gain / 20);
    const bank = this.#banks.length - 1;
    this.#notes.push({ ...note, bank, offset: this.#offset, samples: audio.length, scale });
    this.#offset += audio.length;
  }

  /** Leaves nothing behind; to be called instead of `finish` where the work failed. */
  async discard(): Promise<void> {
    await this.#file.close();
    await rm(`${this.#path}.part`, { force: true });
  }

  /** Writes the index and gives the cache its name. */
  async finish(): Promise<void> {
    await this.#file.close();
    const index: CorpusIndex = {
      format: CACHE_FORMAT,
      sampleRate: CLIP_RATE,
      onset: CLIP_ONSET,
      banks: this.#banks,
      notes: this.#notes,
    };
    await writeFile(`${indexPath(this.#path)}.part`, JSON.stringify(index));
    await rename(`${this.#path}.part`, this.#path);
    await rename(`${indexPath(this.#path)}.part`, indexPath(this.#path));
  }
}

/** Most bytes that one read call asks for. */
const READ_BYTES = 2 ** 26;

/**
 * Reads a cache into memory that worker threads can share.
 *
 * @throws InputError where it is missing, of another version or cut short
 */
export async function openCorpusCache(path: string): Promise<CorpusCache> {
  let index: CorpusIndex;
  try {
    index = JSON.parse(await readFile(indexPath(path), 'utf8')) as CorpusIndex;
  } catch {
    throw new InputError(indexPath(path), 'cannot be read as the index of a corpus cache');
  }
  if (index.format !== CACHE_FORMAT) throw new InputError(indexPath(path), `is not ${CACHE_FORMAT}; build it again`);
  const last = index.notes.at(-1);
  const total = last ? last.offset + last.samples : 0;
  const bytes = new Uint8Array(new SharedArrayBuffer(2 * total));
  const file = await open(path, 'r').catch(() => {
    throw new InputError(path, 'cannot be read');
  });
  try {
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(READ_BYTES, bytes.length - at), at);
      if (bytesRead === 0) throw new InputError(path, 'is shorter than its index says');
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return new CorpusCache(index, new Int16Array(bytes.buffer));
}
