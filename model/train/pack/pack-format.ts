/**
 * A packed corpus: a JSON header behind its length (32 bits, little-endian),
 * then the notes as Ogg Vorbis, one after the other.
 */
import type { CachedBank, CachedNote } from '../../corpus/cache.ts';

/** Version tag of packed corpora; readers refuse any other. */
export const PACK_FORMAT = 'anypiano-corpus-pack/1';

export interface PackedNote extends Omit<CachedNote, 'offset' | 'scale'> {
  /** Largest amplitude of the clip before `gain`; the encoded clip's is `PACKED_PEAK`. */
  readonly peak: number;
  /** Bytes of Ogg Vorbis. */
  readonly bytes: number;
}

export interface PackHeader {
  readonly format: typeof PACK_FORMAT;
  readonly banks: readonly CachedBank[];
  /** In file order. */
  readonly notes: readonly PackedNote[];
}

/** Leaves room for what Vorbis adds to a peak. */
export const PACKED_PEAK = 0.8;
