import { describe, expect, it } from 'vitest';
import { resample } from '../../../model/audio/resample.ts';
import type { Recording } from '../../../model/audio/recording.ts';
import type { Sound } from '../../../model/audio/sound.ts';
import { wholeSound } from '../../../model/audio/whole-sound.ts';

const RATE = 44100;
const FRAMES = 5000;
const tone = (hertz: number): Float32Array => Float32Array.from({ length: FRAMES }, (_, n) => Math.sin((2 * Math.PI * hertz * n) / RATE));

/** In blocks of unequal lengths. */
function inBlocks(channels: Float32Array[]): Sound {
  return {
    sampleRate: RATE,
    channels: channels.length,
    frames: FRAMES,
    async *blocks() {
      for (let from = 0, size = 700; from < FRAMES; from += size, size += 300) {
        yield { sampleRate: RATE, channels: channels.map((channel) => channel.subarray(from, from + size)) };
      }
    },
  };
}

const whole = (channels: Float32Array[], rate: number): Promise<Recording> => wholeSound(inBlocks(channels), rate);

describe('the whole of a sound', () => {
  it('has both channels of stereo, at the wanted rate', async () => {
    const [left, right] = [tone(440), tone(660)];
    expect(await whole([left, right], RATE)).toEqual({ sampleRate: RATE, channels: [left, right] });
    expect(await whole([left, right], 48000)).toEqual({ sampleRate: 48000, channels: [resample(left, RATE, 48000), resample(right, RATE, 48000)] });
  });

  it('has one channel where both are the same, or where there is one', async () => {
    expect((await whole([tone(440), tone(440)], RATE)).channels).toEqual([tone(440)]);
    expect((await whole([tone(440)], RATE)).channels).toEqual([tone(440)]);
  });

  it('is the mean of more than two channels', async () => {
    const { channels } = await whole([tone(440), tone(440).map((sample) => -sample), tone(660).map((sample) => 3 * sample)], RATE);
    expect(channels).toHaveLength(1);
    tone(660).forEach((sample, n) => expect(channels[0]![n]).toBeCloseTo(sample, 5));
  });
});
