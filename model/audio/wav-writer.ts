/** Writes RIFF WAVE files, in one piece or as a stream of blocks. */
import { Random } from '../random.ts';
import type { Recording } from './recording.ts';

/** Bits a sample: 16 and 24 are PCM, 32 is floating point. */
export type WavBits = 16 | 24 | 32;

const HEADER_BYTES = 44;
const PCM = 1;
const FLOAT = 3;

/** Encodes blocks of one recording whose length is known from the start. */
export class WavWriter {
  readonly #channels: number;
  readonly #bits: WavBits;
  /** One seed, so that the same recording always gives the same file. */
  readonly #random = new Random(1);

  constructor(channels: number, bits: WavBits) {
    this.#channels = channels;
    this.#bits = bits;
  }

  /** Most frames that one file can hold: its lengths are 32-bit counts of bytes. */
  get mostFrames(): number {
    return Math.floor((2 ** 32 - 1 - HEADER_BYTES) / this.#frameBytes);
  }

  /** What stands before the samples. @throws RangeError above `mostFrames` */
  header(sampleRate: number, frames: number): Uint8Array {
    if (frames > this.mostFrames) throw new RangeError(`${frames} frames do not fit into a WAV file`);
    const dataBytes = frames * this.#frameBytes;
    const view = new DataView(new ArrayBuffer(HEADER_BYTES));
    const id = (at: number, text: string): void => {
      for (let i = 0; i < 4; i++) view.setUint8(at + i, text.charCodeAt(i));
    };
    id(0, 'RIFF');
    view.setUint32(4, HEADER_BYTES - 8 + dataBytes + (dataBytes & 1), true);
    id(8, 'WAVE');
    id(12, 'fmt ');
    view.setUint32(16, 16, true);
    view.setUint16(20, this.#bits === 32 ? FLOAT : PCM, true);
    view.setUint16(22, this.#channels, true);
    view.setUint32(24, sampleRate, true);
    view.setUint32(28, sampleRate * this.#frameBytes, true);
    view.setUint16(32, this.#frameBytes, true);
    view.setUint16(34, this.#bits, true);
    id(36, 'data');
    view.setUint32(40, dataBytes, true);
    return new Uint8Array(view.buffer);
  }

  /**
   * The bytes of one block. Samples beyond +-1 are clipped in PCM.
   *
   * @param channels one array for each channel, all of one length
   */
  encode(channels: readonly Float32Array[]): Uint8Array {
    const frames = channels[0]!.length;
    const view = new DataView(new ArrayBuffer(frames * this.#frameBytes));
    let at = 0;
    for (let i = 0; i < frames; i++) {
      for (let channel = 0; channel < this.#channels; channel++) {
        this.#put(view, at, channels[channel]![i]!);
        at += this.#bits / 8;
      }
    }
    return new Uint8Array(view.buffer);
  }

  /** Chunks are of even length: the last byte of a file whose samples take an odd number of bytes. */
  padding(frames: number): Uint8Array {
    return new Uint8Array((frames * this.#frameBytes) & 1);
  }

  get #frameBytes(): number {
    return (this.#channels * this.#bits) / 8;
  }

  #put(view: DataView, at: number, sample: number): void {
    if (this.#bits === 32) {
      view.setFloat32(at, sample, true);
    } else if (this.#bits === 24) {
      const value = quantise(sample, 2 ** 23);
      view.setUint16(at, value & 0xffff, true);
      view.setInt8(at + 2, value >> 16);
    } else {
      view.setInt16(at, quantise(sample, 2 ** 15, this.#dither()), true);
    }
  }

  /** Triangular noise of one step either way, so that a fading 16-bit tail turns into hiss and not into distortion. */
  #dither(): number {
    return this.#random.uniform() - this.#random.uniform();
  }
}

/** A whole recording as the bytes of a WAV file. @throws RangeError if it does not fit */
export function encodeWav({ sampleRate, channels }: Recording, bits: WavBits): Uint8Array {
  const writer = new WavWriter(channels.length, bits);
  const frames = channels[0]!.length;
  const parts = [writer.header(sampleRate, frames), writer.encode(channels), writer.padding(frames)];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function quantise(sample: number, steps: number, dither = 0): number {
  return Math.max(-steps, Math.min(steps - 1, Math.round(sample * steps + dither)));
}
