/** All of a sound, for whoever has to look at it more than once. */
import { joinBlocks, toMono, type Recording } from './recording.ts';
import { Resampler } from './resample.ts';
import type { Sound } from './sound.ts';

const STEREO = 2;

/**
 * All of a sound at the rate of `rate` Hz: both channels of stereo, one where they are the same, and the mean of any
 * other number.
 *
 * @throws InputError where the file behind it is damaged
 */
export async function wholeSound(sound: Sound, rate: number): Promise<Recording> {
  const stereo = sound.channels === STEREO;
  const resamplers = Array.from({ length: stereo ? STEREO : 1 }, () => new Resampler(sound.sampleRate, rate));
  const blocks: Recording[] = [];
  for await (const block of sound.blocks()) {
    const channels = stereo ? block.channels : [toMono(block)];
    blocks.push({ sampleRate: rate, channels: channels.map((channel, i) => resamplers[i]!.push(channel)) });
  }
  blocks.push({ sampleRate: rate, channels: resamplers.map((resampler) => resampler.end()) });
  const whole = joinBlocks(blocks);
  const [left, right] = whole.channels;
  return right?.every((sample, i) => sample === left![i]) ? { ...whole, channels: [left!] } : whole;
}
