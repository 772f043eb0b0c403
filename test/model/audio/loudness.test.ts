import { describe, expect, it } from 'vitest';
import { LOUDNESS_STEP, LoudnessMeter, SILENT, loudnessLevels } from '../../../model/audio/loudness.ts';
import { sine } from './fixtures.ts';

const seconds = 6;

function loudness(channels: readonly Float32Array[], rate: number, block = 4096): number[] {
  const meter = new LoudnessMeter(rate, channels.length);
  for (let at = 0; at < channels[0]!.length; at += block) meter.add(channels.map((channel) => channel.subarray(at, at + block)));
  return loudnessLevels(meter.powers, 3);
}
const middle = (levels: readonly number[]): number => levels[levels.length >> 1]!;

describe('loudness', () => {
  // EBU Tech 3341, test signals 1 and 2: 1 kHz in both channels at -23 and -33 dBFS; the fixture's sine has half of full scale.
  it.each([
    [-23, 48000],
    [-33, 48000],
    [-23, 44100],
    [-23, 96000],
    [-23, 22050],
  ])('is %f LUFS for a stereo tone of that peak at %i Hz', (level, rate) => {
    const tone = sine(1000, rate, seconds * rate).map((sample) => 2 * sample * 10 ** (level / 20));
    expect(Math.abs(middle(loudness([tone, tone], rate)) - level)).toBeLessThan(0.1);
  });

  it('counts low sounds less', () => {
    const at = (frequency: number): number => middle(loudness([sine(frequency, 48000, seconds * 48000)], 48000));
    expect(at(1000) - at(30)).toBeGreaterThan(5);
  });

  it('is the same for any blocks, one value each step', () => {
    const tone = sine(440, 44100, 44100);
    expect(loudness([tone], 44100, 7)).toEqual(loudness([tone], 44100, 44100));
    expect(loudness([tone], 44100)).toHaveLength(Math.round(1 / LOUDNESS_STEP));
  });

  it('is finite for silence', () => {
    expect(new Set(loudness([new Float32Array(48000)], 48000))).toEqual(new Set([SILENT]));
  });
});
