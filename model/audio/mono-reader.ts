/** Windows of a sound, mono and at the rate that a listener wants. */
import { toMono, type Recording } from './recording.ts';
import { Resampler } from './resample.ts';
import type { Sound } from './sound.ts';

/** Reads forwards: no window begins before the last one did. */
export interface SoundReader {
  /** Samples of the whole. */
  readonly length: number;
  /** Samples `from` to `to`, or to the end of the sound. */
  read(from: number, to: number): Promise<Float32Array>;
}

export function readerOf(samples: Float32Array): SoundReader {
  return { length: samples.length, read: (from, to) => Promise.resolve(samples.subarray(from, to)) };
}

/** Has to be closed. */
export class MonoReader implements SoundReader {
  readonly length: number;
  readonly #blocks: AsyncIterator<Recording>;
  readonly #resampler: Resampler;
  /** What was read of the sound and may still be asked for, piece by piece from sample `#start` on. */
  #pieces: Float32Array[] = [];
  #start = 0;
  #end = 0;
  #finished = false;

  /** @param from rate in Hz that the sound is taken to have, @param to wanted rate in Hz */
  constructor(sound: Sound, from: number, to: number) {
    this.length = from === to ? sound.frames : Math.round((sound.frames * to) / from);
    this.#blocks = sound.blocks()[Symbol.asyncIterator]();
    this.#resampler = new Resampler(from, to);
  }

  async read(from: number, to: number): Promise<Float32Array> {
    this.#forget(from);
    const end = Math.min(to, this.length);
    while (this.#end < end && !this.#finished) await this.#pull(from);
    const window = new Float32Array(Math.max(0, end - from));
    let at = this.#start - from;
    for (const piece of this.#pieces) {
      const known = piece.subarray(Math.max(0, -at), Math.max(0, window.length - at));
      window.set(known, Math.max(0, Math.min(at, window.length)));
      at += piece.length;
    }
    return window;
  }

  /** Lets go of the sound, and of the file behind it. */
  async close(): Promise<void> {
    await this.#blocks.return?.();
  }

  async #pull(from: number): Promise<void> {
    const next = await this.#blocks.next();
    this.#finished = next.done === true;
    const piece = next.done === true ? this.#resampler.end() : this.#resampler.push(toMono(next.value));
    this.#pieces.push(piece);
    this.#end += piece.length;
    this.#forget(from);
  }

  #forget(until: number): void {
    while (this.#pieces.length > 0 && this.#start + this.#pieces[0]!.length <= until) this.#start += this.#pieces.shift()!.length;
  }
}
