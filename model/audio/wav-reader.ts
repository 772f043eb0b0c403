/** Reads RIFF WAVE files, and RF64 beyond 4 GB (EBU Tech 3306): PCM of 8 to 32 bits and floating point, any number of channels. */
import { InputError } from '../input-error.ts';
import type { ByteSource } from './byte-source.ts';
import type { Recording } from './recording.ts';

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** Programs that write to a pipe leave this as the length of the data, or another that no such file reaches. */
const UNKNOWN_LENGTH = 0xffffffff;
const LEAST_UNKNOWN = 0x7fff0000;
const CHUNK_HEADER_BYTES = 8;
/** As much of an extensible format as is read. */
const FORMAT_BYTES = 40;
const BLOCK_FRAMES = 65536;

interface Format {
  readonly kind: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

type ReadSample = (at: number) => number;

/** @throws InputError if the file is truncated, damaged or of a format that is not read */
export async function* readWav(bytes: ByteSource, source: string): AsyncGenerator<Recording> {
  let format: Format | undefined;
  /** Of the data, where the file is larger than 32 bits can say. */
  let longLength: number | undefined;
  for (let at = 12; at + CHUNK_HEADER_BYTES <= bytes.size; ) {
    const chunk = await bytes.read(at, CHUNK_HEADER_BYTES + FORMAT_BYTES);
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const id = String.fromCharCode(...chunk.subarray(0, 4));
    const length = view.getUint32(4, true);
    const start = at + CHUNK_HEADER_BYTES;
    if (id === 'ds64' && length >= 16) longLength = Number(view.getBigUint64(CHUNK_HEADER_BYTES + 8, true));
    const unknown = length === UNKNOWN_LENGTH || (length >= LEAST_UNKNOWN && start + length > bytes.size);
    const known = length === UNKNOWN_LENGTH && id === 'data' ? longLength : unknown ? undefined : length;
    const stop = known === undefined ? bytes.size : start + known;
    if (stop > bytes.size) throw new InputError(source, 'is truncated');
    if (id === 'fmt ') format = readFormat(view, CHUNK_HEADER_BYTES, length, source);
    if (id === 'data') {
      if (format === undefined) throw new InputError(source, 'has sound before it says of what format');
      yield* readData(bytes, start, stop, format);
      return;
    }
    // Chunks begin at even offsets.
    at = stop + (length & 1);
  }
  throw new InputError(source, 'has no sound: it is truncated or damaged');
}

function readFormat(view: DataView, start: number, length: number, source: string): Format {
  const tag = length >= 16 ? view.getUint16(start, true) : 0;
  // An extensible format keeps its kind in the first two bytes of a GUID.
  const kind = tag === EXTENSIBLE && length >= 40 ? view.getUint16(start + 24, true) : tag;
  const bits = length >= 16 ? view.getUint16(start + 14, true) : 0;
  const readable = kind === PCM ? [8, 16, 24, 32].includes(bits) : kind === FLOAT && [32, 64].includes(bits);
  if (!readable) throw new InputError(source, `is a WAV file of a format that is not read (kind ${kind}, ${bits} bits)`);
  return { kind, channels: view.getUint16(start + 2, true), sampleRate: view.getUint32(start + 4, true), bits };
}

async function* readData(bytes: ByteSource, start: number, stop: number, format: Format): AsyncGenerator<Recording> {
  const { channels, sampleRate, bits } = format;
  const sampleBytes = bits / 8;
  const frameBytes = sampleBytes * channels;
  const end = frameBytes === 0 ? start : start + Math.floor((stop - start) / frameBytes) * frameBytes;
  for (let at = start; at < end; at += BLOCK_FRAMES * frameBytes) {
    const piece = await bytes.read(at, Math.min(BLOCK_FRAMES * frameBytes, end - at));
    const read = sampleReader(new DataView(piece.buffer, piece.byteOffset, piece.byteLength), format);
    const block = Array.from({ length: channels }, (_, channel) => {
      const samples = new Float32Array(piece.length / frameBytes);
      for (let i = 0; i < samples.length; i++) samples[i] = read((i * channels + channel) * sampleBytes);
      return samples;
    });
    yield { sampleRate, channels: block };
  }
}

function sampleReader(view: DataView, { kind, bits }: Format): ReadSample {
  if (kind === FLOAT) return bits === 32 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true);
  switch (bits) {
    // Only 8-bit samples are unsigned.
    case 8: return (at) => (view.getUint8(at) - 128) / 2 ** 7;
    case 16: return (at) => view.getInt16(at, true) / 2 ** 15;
    case 24: return (at) => (view.getInt8(at + 2) * 2 ** 16 + view.getUint16(at, true)) / 2 ** 23;
    default: return (at) => view.getInt32(at, true) / 2 ** 31;
  }
}
