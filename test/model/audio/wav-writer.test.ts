import { describe, expect, it } from 'vitest';
import wavefile from 'wavefile';
import { decodeAudio } from '../../../model/audio/decode.ts';
import { WavWriter, encodeWav } from '../../../model/audio/wav-writer.ts';
import { sine } from './fixtures.ts';

const left = sine(440, 44100, 1001);
const right = sine(660, 44100, 1001);

describe('encodeWav', () => {
  it.each([
    [16, 1.51 * 2 ** -15],
    [24, 2 ** -23],
    [32, 0],
  ] as const)('returns %i bits through its own reader', async (bits, step) => {
    const recording = await decodeAudio(encodeWav({ sampleRate: 44100, channels: [left, right] }, bits), 'a.wav');
    expect(recording.sampleRate).toBe(44100);
    for (const [channel, expected] of [[recording.channels[0]!, left], [recording.channels[1]!, right]] as const) {
      expect(channel.length).toBe(expected.length);
      channel.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(step));
    }
  });

  it.each([16, 24, 32] as const)('writes %i bits that another library reads', (bits) => {
    const wav = new wavefile.WaveFile();
    wav.fromBuffer(encodeWav({ sampleRate: 44100, channels: [left, right] }, bits));
    const [first] = wav.getSamples(false) as unknown as Float64Array[];
    const scale = bits === 32 ? 1 : 2 ** (bits - 1);
    expect(first!.length).toBe(left.length);
    first!.forEach((value, i) => expect(Math.abs(value / scale - left[i]!)).toBeLessThanOrEqual(1.51 / (bits === 32 ? 2 ** 24 : scale)));
  });

  it('clips instead of wrapping round', async () => {
    const recording = await decodeAudio(encodeWav({ sampleRate: 44100, channels: [Float32Array.of(3, -3)] }, 24), 'a.wav');
    expect(recording.channels[0]![0]).toBeCloseTo(1, 6);
    expect(recording.channels[0]![1]).toBe(-1);
  });

  it('pads an odd number of bytes', () => {
    const bytes = encodeWav({ sampleRate: 44100, channels: [Float32Array.of(0.5)] }, 24);
    expect(bytes.length).toBe(44 + 3 + 1);
    expect(new DataView(bytes.buffer).getUint32(4, true)).toBe(bytes.length - 8);
  });
});

describe('WavWriter', () => {
  it('writes the same bytes in blocks as in one piece', () => {
    const writer = new WavWriter(1, 16);
    const blocks = [writer.encode([left.subarray(0, 400)]), writer.encode([left.subarray(400)])];
    const whole = encodeWav({ sampleRate: 44100, channels: [left] }, 16);
    expect(Buffer.concat([writer.header(44100, left.length), ...blocks]).equals(whole)).toBe(true);
  });

  it('refuses more than four GiB', () => {
    const writer = new WavWriter(1, 32);
    expect(() => writer.header(48000, writer.mostFrames + 1)).toThrow(RangeError);
  });
});
