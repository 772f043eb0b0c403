/** Sound that is read from its start to its end, as often as somebody listens: an hour needs no more memory than a minute. */
import type { Recording } from './recording.ts';

export interface Sound {
  /** Hz. */
  readonly sampleRate: number;
  /** How many channels, and samples in each. */
  readonly channels: number;
  readonly frames: number;
  /** From the start. @throws InputError where the file behind it is damaged */
  blocks(): AsyncIterable<Recording>;
}

/** A recording that is in memory anyway. */
export function soundOf(recording: Recording): Sound {
  const { sampleRate, channels } = recording;
  return {
    sampleRate,
    channels: channels.length,
    frames: channels[0]!.length,
    async *blocks() {
      yield recording;
    },
  };
}
