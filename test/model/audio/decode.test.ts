import { beforeAll, describe, expect, it } from 'vitest';
import { decodeAudio } from '../../../model/audio/decode.ts';
import { toMono } from '../../../model/audio/recording.ts';
import { InputError } from '../../../model/input-error.ts';
import { Random } from '../../../model/random.ts';
import { damage, readOrInputError } from '../damage.ts';
import { flacFile, mp3File, oggFile, sine, wavFile } from './fixtures.ts';

const RATE = 48000;
const samples = sine(440, RATE, 12288);

/** Where the chunk with the sound begins. */
const dataAt = (bytes: Uint8Array): number => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('data');

describe('decodeAudio', () => {
  it.each([
    ['8', 2 ** -7],
    ['16', 2 ** -15],
    ['24', 2 ** -23],
    ['32', 2 ** -24],
    ['32f', 0],
    ['64', 0],
  ])('reads WAV of depth %s as another library wrote it', async (depth, step) => {
    const other = sine(1000, RATE, samples.length);
    const recording = await decodeAudio(wavFile([samples, other], RATE, depth), 'a.wav');
    expect(recording.sampleRate).toBe(RATE);
    expect(largestDifference(recording.channels[0]!, samples)).toBeLessThanOrEqual(step);
    expect(largestDifference(recording.channels[1]!, other)).toBeLessThanOrEqual(step);
  });

  it.each([['SoX', 0x7ffff000], ['arecord', 0x80000000], ['ffmpeg', 0xffffffff]])('reads to its end a WAV that %s wrote to a pipe', async (_, length) => {
    const bytes = wavFile([samples], RATE, '16');
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(dataAt(bytes) + 4, length, true);
    expect((await decodeAudio(bytes, 'pipe.wav')).channels[0]).toHaveLength(samples.length);
  });

  it('reads RF64, and nothing of what follows its sound', async () => {
    const plain = wavFile([samples], RATE, '16');
    const ds64 = new Uint8Array(8 + 28);
    const view = new DataView(ds64.buffer);
    ds64.set(new TextEncoder().encode('ds64'));
    view.setUint32(4, 28, true);
    view.setBigUint64(16, BigInt(2 * samples.length), true);
    const bytes = new Uint8Array(plain.length + ds64.length + 1000);
    bytes.set(plain.subarray(0, 12));
    bytes.set(new TextEncoder().encode('RF64'));
    bytes.set(ds64, 12);
    bytes.set(plain.subarray(12), 12 + ds64.length);
    new DataView(bytes.buffer).setUint32(dataAt(bytes) + 4, 0xffffffff, true);
    expect((await decodeAudio(bytes, 'long.wav')).channels).toEqual((await decodeAudio(plain, 'plain.wav')).channels);
  });

  it('reads FLAC to the sample', async () => {
    const recording = await decodeAudio(flacFile(samples), 'a.flac');
    expect(recording.sampleRate).toBe(RATE);
    expect(largestDifference(recording.channels[0]!, samples)).toBeLessThanOrEqual(2 ** -15);
  });

  it('reads Ogg Vorbis with its timing', async () => {
    const recording = await decodeAudio(await oggFile(samples, RATE), 'a.ogg');
    expect(recording.sampleRate).toBe(RATE);
    expect(largestDifference(recording.channels[0]!, samples)).toBeLessThan(0.05);
  });

  it('reads MP3 at its pitch and level', async () => {
    const recording = await decodeAudio(await mp3File(samples, RATE), 'a.mp3');
    expect(recording.sampleRate).toBe(RATE);
    const middle = recording.channels[0]!.subarray(4000, 8800);
    expect(Math.sqrt(middle.reduce((sum, value) => sum + value * value, 0) / middle.length)).toBeCloseTo(0.5 / Math.SQRT2, 2);
    // 44 periods in 4,800 samples.
    expect(middle.filter((value, i) => i > 0 && middle[i - 1]! < 0 && value >= 0).length).toBeCloseTo(44, -0.3);
  });

  it('mixes channels to their mean', () => {
    const channels = [Float32Array.of(1, 0.5), Float32Array.of(0, -0.5)];
    expect([...toMono({ sampleRate: RATE, channels })]).toEqual([0.5, 0]);
  });

  it('refuses what is no audio file, by name', async () => {
    await expect(decodeAudio(new Uint8Array(0), 'empty.wav')).rejects.toThrow('empty.wav: is not a WAV, FLAC, Ogg Vorbis or MP3 file');
    await expect(decodeAudio(Buffer.from('MThd and so on'), 'song.mid')).rejects.toThrow(InputError);
  });

  it('refuses floating point that is not finite', async () => {
    const bytes = wavFile([Float32Array.of(0, NaN, 0)], RATE, '32f');
    await expect(decodeAudio(bytes, 'nan.wav')).rejects.toThrow('nan.wav: has samples that are no sound');
  });

  it('refuses a FLAC whose header promises too much', async () => {
    const bytes = flacFile(samples);
    bytes[22] = 1;
    await expect(decodeAudio(bytes, 'long.flac')).rejects.toThrow('is truncated or damaged');
  });
});

describe('decodeAudio and damaged files', () => {
  const files = new Map<string, Uint8Array>();
  beforeAll(async () => {
    files.set('wav', wavFile([samples.subarray(0, 500)], RATE, '16'));
    files.set('flac', flacFile(samples.subarray(0, 2048)));
    files.set('ogg', await oggFile(samples, RATE));
    files.set('mp3', await mp3File(samples, RATE));
  });

  it.each(['wav', 'flac', 'ogg', 'mp3'])('refuses a truncated %s', async (kind) => {
    const bytes = files.get(kind)!;
    for (const share of [0.1, 0.5, 0.9]) {
      const result = await readOrInputError(() => decodeAudio(bytes.subarray(0, bytes.length * share), `cut.${kind}`));
      expect(result instanceof InputError, `${share} of the file`).toBe(true);
    }
  });

  it.each([
    ['wav', 2000],
    ['flac', 150],
    ['ogg', 150],
    ['mp3', 150],
  ])('gives sound or an InputError for any damage to a %s', async (kind, tries) => {
    const random = new Random(7);
    const bytes = files.get(kind)!;
    for (let i = 0; i < tries; i++) {
      const result = await readOrInputError(() => decodeAudio(damage(bytes, random), `damaged.${kind}`));
      if (result instanceof InputError) expect(result.message).toMatch(/^damaged\.\w+: [^\n]+$/);
      else expect(result.channels.every((channel) => channel.every(Number.isFinite))).toBe(true);
    }
  });
});

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
