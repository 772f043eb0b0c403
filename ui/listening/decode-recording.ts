/** Recordings as samples, by whatever the browser can decode. */
import type { Recording } from '../../model/audio/recording.ts';
import { InputError } from '../../model/input-error.ts';

/** Hz: what the model plays at, so that nothing is resampled twice. */
const RATE = 48000;
const LARGEST = 512 * 2 ** 20;
const SHORTEST_SECONDS = 1;
/** Peak of what holds nothing but the noise of a converter: -80 dB. */
const SILENCE = 1e-4;

/** @param name in errors. @throws InputError if it cannot be decoded, is too large, too short or silent */
export async function decodeRecording(file: Blob, name: string): Promise<Recording> {
  if (file.size > LARGEST) throw new InputError(name, `is larger than ${LARGEST / 2 ** 20} MiB`);
  const bytes = await file.arrayBuffer();
  const buffer = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes).catch(() => undefined);
  if (buffer === undefined) throw new InputError(name, 'is not a recording that this browser can read');
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, i) => buffer.getChannelData(i));
  if (buffer.duration < SHORTEST_SECONDS) throw new InputError(name, `is shorter than ${SHORTEST_SECONDS} s`);
  if (!channels.some((channel) => channel.some((sample) => Math.abs(sample) > SILENCE))) throw new InputError(name, 'is silent');
  return { sampleRate: RATE, channels };
}
