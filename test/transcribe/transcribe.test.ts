import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../model/train/backend.ts';
import { BasicPitch, FRAMES, RATE } from '../../model/transcribe/basic-pitch.ts';
import { hearStretches } from '../../model/transcribe/notes.ts';
import type { Transcriber } from '../../model/transcribe/transcriber.ts';
import { basicPitchFiles, loadBasicPitch } from '../../model/transcribe/package-model.ts';
import { transcribe } from '../../model/transcribe/transcribe.ts';
import { readerOf, type SoundReader } from '../../model/audio/mono-reader.ts';
import { resample } from '../../model/audio/resample.ts';
import { soundOf, type Sound } from '../../model/audio/sound.ts';
import { PIECE, PIECE_RATE, playPiece } from './piece.ts';

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (i: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[i], 0) / pairs.length;
  const [x, y] = [mean(0), mean(1)];
  const sum = (term: (pair: readonly [number, number]) => number): number => pairs.reduce((total, pair) => total + term(pair), 0);
  return sum(([a, b]) => (a - x) * (b - y)) / Math.sqrt(sum(([a]) => (a - x) ** 2) * sum(([, b]) => (b - y) ** 2));
}

const played = (piano: string): Sound => soundOf({ sampleRate: PIECE_RATE, channels: [playPiece(piano)] });

let network: Transcriber;
beforeAll(async () => {
  await startBackend('wasm');
  network = await loadBasicPitch();
});
afterAll(() => network.dispose());

describe('transcription', () => {
  /** How the velocities that were heard go with those that were played. */
  const hardness: number[] = [];

  it.each(['salamander-c5', 'splendid-steinway', 'upright-kw'])('hears the notes of %s, and when they begin', async (piano) => {
    const tensors = tf.memory().numTensors;
    const { events } = await transcribe(network, played(piano), piano);
    expect(tf.memory().numTensors).toBe(tensors);
    const heard = events.flatMap((event) => (event.type === 'noteOn' ? [event] : []));
    const found = PIECE.flatMap((truth) => {
      const match = heard.find(({ note, seconds }) => note === truth.note && Math.abs(seconds - truth.start) < 0.05);
      return match ? [{ truth, match }] : [];
    });
    const f1 = (2 * found.length) / (PIECE.length + heard.length);
    expect(f1).toBeGreaterThan(0.85);
    const late = found.map(({ truth, match }) => Math.abs(match.seconds - truth.start)).sort((a, b) => a - b);
    expect(late[late.length >> 1]).toBeLessThan(0.012);
    hardness.push(correlation(found.map(({ truth, match }) => [truth.velocity, match.velocity] as const)));
  });

  it('hears how hard they were struck: on both grands, and on the mean of all three', () => {
    expect(hardness).toHaveLength(3);
    for (const grand of hardness.slice(0, 2)) expect(grand).toBeGreaterThan(0.7);
    expect(hardness.reduce((sum, value) => sum + value, 0) / 3).toBeGreaterThan(0.7);
  });

  it('hears a piano that lies a quarter tone low, at its own speed', async () => {
    const low = { sampleRate: PIECE_RATE * 2 ** (-50 / 1200), channels: [playPiece('salamander-c5')] };
    const slow = resample(low.channels[0]!, low.sampleRate, PIECE_RATE);
    const { events } = await transcribe(network, soundOf({ sampleRate: PIECE_RATE, channels: [slow] }), 'low.wav');
    const ratio = PIECE_RATE / low.sampleRate;
    // Half-way between two keys, either is right, but the same for all.
    const off = Math.abs(events.flatMap((event) => (event.type === 'noteOn' && PIECE.some(({ note, start }) => note === event.note && Math.abs(start * ratio - event.seconds) < 0.05) ? [event] : [])).length);
    const below = events.flatMap((event) => (event.type === 'noteOn' && PIECE.some(({ note, start }) => note === event.note + 1 && Math.abs(start * ratio - event.seconds) < 0.05) ? [event] : [])).length;
    expect(Math.max(off, below)).toBeGreaterThan(0.85 * PIECE.length);
  });

  it('gives keys that end before they are struck again, in order of time', async () => {
    const { events, seconds } = await transcribe(network, played('salamander-c5'), 'piece');
    const down = new Set<number>();
    let last = 0;
    for (const event of events) {
      expect(event.seconds).toBeGreaterThanOrEqual(last);
      last = event.seconds;
      if (event.type === 'noteOn') {
        expect(down).not.toContain(event.note);
        expect(event.velocity).toBeGreaterThan(0);
        expect(event.velocity).toBeLessThanOrEqual(1);
        down.add(event.note);
      } else if (event.type === 'noteOff') down.delete(event.note);
    }
    expect([down.size, last]).toEqual([0, seconds]);
  });

  it('hears the same in short stretches as in one', async () => {
    const sound = resample(playPiece('salamander-c5'), PIECE_RATE, RATE);
    const hearing = await BasicPitch.create(await basicPitchFiles());
    const hear = async (options: { stretch?: number }): Promise<string[]> => {
      const starts: string[] = [];
      for await (const { notes } of hearStretches(hearing, readerOf(sound), options)) starts.push(...notes.map(({ note, start }) => `${note} at ${start.toFixed(3)}`));
      return starts;
    };
    const whole = await hear({});
    const parts = await hear({ stretch: 2 });
    hearing.dispose();
    expect(parts).toEqual(whole);
  });

  it('asks for little more than a minute at a time of a long recording', async () => {
    const long = 900 * RATE;
    const spans: (readonly [number, number])[] = [];
    const reader: SoundReader = { length: long, read: (from, to) => (spans.push([from, Math.min(to, long)]), Promise.resolve(new Float32Array(0))) };
    const nothing = (frames: number): number[][] => Array.from({ length: frames }, () => new Array<number>(88).fill(0));
    const deaf = { listen: (_: Float32Array, __: number, from: number, to: number) => Promise.resolve({ frames: nothing((to - from) * FRAMES), onsets: nothing((to - from) * FRAMES) }) };
    for await (const { notes } of hearStretches(deaf as unknown as BasicPitch, reader)) expect(notes).toEqual([]);
    expect(Math.max(...spans.map(([from, to]) => to - from))).toBeLessThan(70 * RATE);
    // Forwards, and nothing is left out.
    spans.forEach(([from], i) => expect(from).toBeLessThanOrEqual(i === 0 ? 0 : spans[i - 1]![1]));
    expect(spans.at(-1)![1]).toBe(long);
    expect(spans.map(([from]) => from)).toEqual(spans.map(([from]) => from).sort((a, b) => a - b));
  });

  it('hears the same in a sound that comes in blocks, and reads it without holding it', async () => {
    const recording = { sampleRate: PIECE_RATE, channels: [playPiece('salamander-c5')] };
    const [samples] = recording.channels as [Float32Array];
    const sound: Sound = {
      ...soundOf(recording),
      async *blocks() {
        for (let at = 0; at < samples.length; at += 4321) yield await Promise.resolve({ sampleRate: PIECE_RATE, channels: [samples.slice(at, at + 4321)] });
      },
    };
    expect(await transcribe(network, sound, 'piece')).toEqual(await transcribe(network, soundOf(recording), 'piece'));
  });

  it('says where there is nothing to hear', async () => {
    await expect(transcribe(network, soundOf({ sampleRate: RATE, channels: [new Float32Array(3 * RATE)] }), 'silence.wav')).rejects.toThrow('silence.wav: has no notes that could be heard');
  });

  it('stops where it is told to', async () => {
    await expect(transcribe(network, soundOf({ sampleRate: RATE, channels: [new Float32Array(3 * RATE)] }), 'silence.wav', { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});
