/** Packs the training notes into one small file: see `pack-format.ts`. */
import { createOggEncoder } from 'wasm-media-encoders';
import type { CachedNote, CorpusCache } from '../../corpus/cache.ts';
import { InputError } from '../../input-error.ts';
import { PACKED_PEAK, PACK_FORMAT, type PackHeader, type PackedNote } from './pack-format.ts';

/** Longest packed clip in seconds, faded out over the last 20 ms. */
const PACKED_SECONDS = 3;
const FADE_SECONDS = 0.02;

/** Qualities of Vorbis that are tried, best first. */
const QUALITIES = Array.from({ length: 15 }, (_, i) => 6 - i / 2);
/** Every so many notes are encoded to guess the size of all. */
const PROBE = 24;
/** The guess may be this share of the limit. */
const PROBE_SHARE = 0.96;

type Encoder = Awaited<ReturnType<typeof createOggEncoder>>;

interface Clip {
  readonly note: CachedNote;
  readonly audio: Float32Array;
  readonly peak: number;
}

function clipOf(cache: CorpusCache, note: CachedNote): Clip {
  const rate = cache.index.sampleRate;
  const audio = cache.read(note, 0, Math.min(note.samples, PACKED_SECONDS * rate));
  const fade = Math.min(audio.length, Math.round(FADE_SECONDS * rate));
  const cut = audio.length < note.samples;
  for (let i = 0; cut && i < fade; i++) audio[audio.length - 1 - i]! *= 0.5 - 0.5 * Math.cos((Math.PI * i) / fade);
  const peak = audio.reduce((highest, x) => Math.max(highest, Math.abs(x)), 1e-9);
  return { note, audio: audio.map((x) => (x / peak) * PACKED_PEAK), peak: peak / 10 ** (note.gain / 20) };
}

function encode(encoder: Encoder, audio: Float32Array, sampleRate: number, quality: number): Uint8Array {
  encoder.configure({ sampleRate, channels: 1, vbrQuality: quality });
  // Both calls return the encoder's own memory.
  const body = encoder.encode([audio]).slice();
  const end = encoder.finalize().slice();
  const bytes = new Uint8Array(body.length + end.length);
  bytes.set(body);
  bytes.set(end, body.length);
  return bytes;
}

function join(header: PackHeader, encoded: readonly Uint8Array[]): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const out = new Uint8Array(4 + json.length + encoded.reduce((sum, bytes) => sum + bytes.length, 0));
  new DataView(out.buffer).setUint32(0, json.length, true);
  out.set(json, 4);
  let at = 4 + json.length;
  for (const bytes of encoded) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

/**
 * Packs the trained notes of a cache at the best quality that fits.
 *
 * @param limit most bytes of the result
 * @param onProgress called with the share of the work that is done
 * @throws InputError where nothing is to be packed or no quality fits
 */
export async function packCorpus(
  cache: CorpusCache,
  limit: number,
  onProgress?: (share: number) => void,
): Promise<Uint8Array> {
  const notes = cache.notes.filter((note) => note.trained);
  if (notes.length === 0) throw new InputError('corpus', 'has no notes to train on');
  const encoder = await createOggEncoder();
  const { sampleRate } = cache.index;
  const probes = notes.filter((_, i) => i % PROBE === 0).map((note) => clipOf(cache, note));
  const guess = (quality: number): number =>
    (notes.length / probes.length) * probes.reduce((sum, clip) => sum + encode(encoder, clip.audio, sampleRate, quality).length, 0);
  for (const quality of QUALITIES) {
    if (guess(quality) > PROBE_SHARE * limit) continue;
    const packed: PackedNote[] = [];
    const encoded: Uint8Array[] = [];
    for (const note of notes) {
      const { audio, peak } = clipOf(cache, note);
      const bytes = encode(encoder, audio, sampleRate, quality);
      const { bank, layer, velocity, trained, gain, onsetSeconds } = note;
      packed.push({ bank, note: note.note, layer, velocity, trained, gain, onsetSeconds, samples: audio.length, peak, bytes: bytes.length });
      encoded.push(bytes);
      onProgress?.(encoded.length / notes.length);
    }
    const file = join({ format: PACK_FORMAT, banks: cache.banks, notes: packed }, encoded);
    if (file.length <= limit) return file;
  }
  throw new InputError('corpus', `does not fit into ${limit} bytes, even at the lowest quality`);
}
