/** Recordings that the user names, read from the disk piece by piece, as often as somebody listens. */
import { open } from 'node:fs/promises';
import { decodeBlocks } from '../audio/decode.ts';
import type { Recording } from '../audio/recording.ts';
import type { Sound } from '../audio/sound.ts';
import { InputError } from '../input-error.ts';
import { fileProblem } from './file-problem.ts';

/** Peak of a recording that holds nothing but the noise of a converter: -80 dB. */
const SILENCE = 1e-4;

export class SoundFile implements Sound {
  readonly path: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly frames: number;
  /** Whether it holds nothing but the noise of a converter. */
  readonly silent: boolean;
  readonly #most: number;

  private constructor(path: string, most: number, { sampleRate, channels }: Recording, frames: number, peak: number) {
    this.path = path;
    this.#most = most;
    this.sampleRate = sampleRate;
    this.channels = channels.length;
    this.frames = frames;
    this.silent = peak <= SILENCE;
  }

  /**
   * Reads all of it once, so that nothing is wrong with it later.
   *
   * @param shortest seconds that it has to last, @param most seconds of it that count
   * @throws InputError if it cannot be read, is no recording, damaged or too short
   */
  static async open(path: string, shortest: number, signal: AbortSignal, most = Infinity): Promise<SoundFile> {
    let first: Recording | undefined;
    let [frames, peak] = [0, 0];
    for await (const block of blocksOf(path, most)) {
      signal.throwIfAborted();
      first ??= block;
      frames += block.channels[0]!.length;
      for (const channel of block.channels) for (const sample of channel) peak = Math.max(peak, Math.abs(sample));
    }
    const file = new SoundFile(path, most, first!, frames, peak);
    if (file.seconds < shortest) throw new InputError(path, `is shorter than ${shortest} s`);
    return file;
  }

  get seconds(): number {
    return this.frames / this.sampleRate;
  }

  blocks(): AsyncIterable<Recording> {
    return blocksOf(this.path, this.#most);
  }
}

async function* blocksOf(path: string, most: number): AsyncGenerator<Recording> {
  try {
    const handle = await open(path);
    try {
      const info = await handle.stat();
      if (!info.isFile()) throw new InputError(path, 'is not a file');
      const read = async (at: number, length: number): Promise<Uint8Array> => {
        const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, at);
        return buffer.subarray(0, bytesRead);
      };
      let frames = 0;
      for await (const { sampleRate, channels } of decodeBlocks({ size: info.size, read }, path)) {
        const left = Math.round(Math.min(most * sampleRate, Number.MAX_SAFE_INTEGER)) - frames;
        yield { sampleRate, channels: channels.map((channel) => channel.subarray(0, left)) };
        frames += channels[0]!.length;
        if (channels[0]!.length >= left) return;
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileProblem(path, error);
  }
}
