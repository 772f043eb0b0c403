/** Reads RIFF WAVE files: PCM of 8 to 32 bits and floating point, any number of channels. */
import { InputError } from '../input-error.ts';
import { MOST_SAMPLES, type Recording } from './recording.ts';

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** Programs that write to a pipe leave this as the length of the data. */
const UNKNOWN_LENGTH = 0xffffffff;

interface Format {
  readonly kind: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

type ReadSample = (at: number) => number;

/** @throws InputError if the file is truncated, damaged or of a format that is not read */
export function readWav(bytes: Uint8Array, source: string): Recording {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = String.fromCharCode(...bytes.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    const start = at + 8;
    const stop = length === UNKNOWN_LENGTH ? bytes.length : start + length;
    if (stop > bytes.length) throw new InputError(source, 'is truncated');
    if (id === 'fmt ') format = readFormat(view, start, length, source);
    if (id === 'data') {
      if (format === undefined) throw new InputError(source, 'has sound before it says of what format');
      return readData(view, start, stop, format, source);
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

function readData(view: DataView, start: number, stop: number, format: Format, source: string): Recording {
  const { channels, sampleRate, bits } = format;
  const sampleBytes = bits / 8;
  const frames = Math.floor((stop - start) / (sampleBytes * channels));
  if (frames * channels > MOST_SAMPLES) throw new InputError(source, 'is too long');
  const read = sampleReader(view, format);
  return {
    sampleRate,
    channels: Array.from({ length: channels }, (_, channel) => {
      const samples = new Float32Array(frames);
      for (let i = 0; i < frames; i++) samples[i] = read(start + (i * channels + channel) * sampleBytes);
      return samples;
    }),
  };
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
