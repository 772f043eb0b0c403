import { describe, expect, it } from 'vitest';
import { MonoReader } from '../../../model/audio/mono-reader.ts';
import { toMono, type Recording } from '../../../model/audio/recording.ts';
import { resample } from '../../../model/audio/resample.ts';
import { soundOf, type Sound } from '../../../model/audio/sound.ts';
import { Random } from '../../../model/random.ts';

const random = new Random(2);
const recording: Recording = { sampleRate: 44100, channels: [0, 1].map(() => Float32Array.from({ length: 50_000 }, () => random.normal())) };

/** Counts the samples that were taken of a recording. */
function inBlocks({ sampleRate, channels }: Recording, size: number): { sound: Sound; taken: () => number } {
  let taken = 0;
  return {
    taken: () => taken,
    sound: {
      ...soundOf({ sampleRate, channels }),
      async *blocks() {
        for (let at = 0; at < channels[0]!.length; at += size) {
          taken = at + size;
          yield await Promise.resolve({ sampleRate, channels: channels.map((channel) => channel.slice(at, at + size)) });
        }
      },
    },
  };
}

describe('a sound that is read piece by piece', () => {
  it.each([
    [22050, 100],
    [44100, 777],
    [48000, 7001],
    [16000, 50_000],
  ])('is at %i Hz, in blocks of %i, what the whole is', async (rate, size) => {
    const whole = resample(toMono(recording), recording.sampleRate, rate);
    const reader = new MonoReader(inBlocks(recording, size).sound, recording.sampleRate, rate);
    expect(reader.length).toBe(whole.length);
    // Windows that overlap, leave a gap, and reach beyond the end.
    for (const [from, to] of [[0, 3000], [1000, 5000], [9000, 9001], [9000, 12_000], [12_000, 99_000], [98_000, 99_000]] as const) {
      expect(await reader.read(from, to)).toEqual(whole.slice(from, to));
    }
  });

  it('is not read much further than somebody listens', async () => {
    const { sound, taken } = inBlocks(recording, 1000);
    const reader = new MonoReader(sound, 44100, 22050);
    await reader.read(0, 4000);
    expect(taken()).toBeLessThan(8000 + 2000);
  });
});
