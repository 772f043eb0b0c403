/** Sound into a WAV file, block by block. */
import { WavWriter, type WavBits } from '../audio/wav-writer.ts';
import { InputError } from '../input-error.ts';
import { writeOutputFile } from './output-file.ts';

const BLOCK_SECONDS = 0.1;

export interface WavFile {
  readonly path: string;
  /** Hz. */
  readonly rate: number;
  readonly bits: WavBits;
  readonly channels: 1 | 2;
  readonly frames: number;
}

/** Left and right of a block, to be filled again and again. @param rate in Hz */
export function stereoBlock(rate: number): [left: Float32Array, right: Float32Array] {
  const frames = Math.round(BLOCK_SECONDS * rate);
  return [new Float32Array(frames), new Float32Array(frames)];
}

/**
 * @param nextBlock gives the channels of the next block, until there are `frames` of them
 * @param source of the sound, for errors
 * @throws InputError where it is too long for a WAV file or cannot be written, the signal's reason where it aborts
 */
export async function writeWavFile(
  { path, rate, bits, channels, frames }: WavFile,
  nextBlock: () => readonly Float32Array[],
  source: string,
  signal: AbortSignal,
): Promise<void> {
  const wav = new WavWriter(channels, bits);
  if (frames > wav.mostFrames) throw new InputError(source, 'is too long for a WAV file; choose fewer bits or a lower rate');
  await writeOutputFile(path, async (write) => {
    await write(wav.header(rate, frames));
    for (let written = 0; written < frames; ) {
      signal.throwIfAborted();
      const block = nextBlock();
      await write(wav.encode(block));
      written += block[0]!.length;
    }
    await write(wav.padding(frames));
  });
}
