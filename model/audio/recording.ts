/** Sound that came from a file, as samples. */

export interface Recording {
  /** Hz. */
  readonly sampleRate: number;
  /** Samples within about +-1, at least one channel, all of one length. */
  readonly channels: readonly Float32Array[];
}

/** Readers refuse more samples than this over all channels: a GiB, 97 minutes of stereo at 48 kHz. */
export const MOST_SAMPLES = 2 ** 28;

/** Mean of the channels. A recording of one channel gives that channel itself. */
export function toMono({ channels }: Recording): Float32Array {
  if (channels.length === 1) return channels[0]!;
  const mono = new Float32Array(channels[0]!.length);
  for (const channel of channels) {
    for (let i = 0; i < mono.length; i++) mono[i]! += channel[i]!;
  }
  const scale = 1 / channels.length;
  for (let i = 0; i < mono.length; i++) mono[i]! *= scale;
  return mono;
}

/** Blocks of one rate, one after the other; at least one. */
export function joinBlocks(blocks: readonly Recording[]): Recording {
  const [first] = blocks as [Recording];
  if (blocks.length === 1) return first;
  const frames = blocks.reduce((sum, { channels }) => sum + channels[0]!.length, 0);
  const channels = first.channels.map((_, channel) => {
    const samples = new Float32Array(frames);
    let at = 0;
    for (const block of blocks) {
      samples.set(block.channels[channel]!, at);
      at += block.channels[channel]!.length;
    }
    return samples;
  });
  return { sampleRate: first.sampleRate, channels };
}
