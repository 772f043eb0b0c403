import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resample } from '../../model/audio/resample.ts';
import { parseStyle } from '../../model/style.ts';
import { startBackend } from '../../model/train/backend.ts';
import { RATE, type BasicPitch } from '../../model/transcribe/basic-pitch.ts';
import { hearNotes } from '../../model/transcribe/notes.ts';
import { loadBasicPitch } from '../../model/transcribe/package-model.ts';
import { transcribe } from '../../model/transcribe/transcribe.ts';
import { parseWeights } from '../../model/weights.ts';
import { Engine } from '../../worklet/engine/engine.ts';
import { kernelBuilds } from '../worklet/fixtures.ts';

/** A small piece: a line above chords, no two strikes alike in velocity. */
const PIECE = Array.from({ length: 24 }, (_, i) => [
  { note: [72, 74, 76, 79, 77, 76, 74, 71][i % 8]!, start: 0.5 + 0.4 * i, velocity: 0.25 + 0.6 * ((i * 7) % 24) / 24 },
  ...(i % 4 === 0 ? [48, 55, 64].map((note) => ({ note: note + (i % 8 === 0 ? 0 : -1), start: 0.5 + 0.4 * i, velocity: 0.3 + (0.4 * ((i * 5) % 24)) / 24 })) : []),
]).flat();
const SECONDS = 11;
const PLAYER_RATE = 48000;

function play(piano: string): Float32Array {
  const pretrained = new URL('../../model/pretrained/', import.meta.url);
  const weights = parseWeights(readFileSync(new URL('model.safetensors', pretrained)), 'model.safetensors');
  const style = parseStyle(readFileSync(new URL(`styles/${piano}.json`, pretrained), 'utf8'), piano);
  const engine = new Engine({ module: kernelBuilds()[0]!.module, weights, style, sampleRate: PLAYER_RATE });
  for (const { note, start, velocity } of PIECE) {
    engine.noteOn(note, velocity, Math.round(start * PLAYER_RATE));
    engine.noteOff(note, Math.round((start + 0.35) * PLAYER_RATE));
  }
  const sound = new Float32Array(SECONDS * PLAYER_RATE);
  engine.render(sound);
  return resample(sound, PLAYER_RATE, RATE);
}

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (i: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[i], 0) / pairs.length;
  const [x, y] = [mean(0), mean(1)];
  const sum = (term: (pair: readonly [number, number]) => number): number => pairs.reduce((total, pair) => total + term(pair), 0);
  return sum(([a, b]) => (a - x) * (b - y)) / Math.sqrt(sum(([a]) => (a - x) ** 2) * sum(([, b]) => (b - y) ** 2));
}

let network: BasicPitch;
beforeAll(async () => {
  await startBackend('wasm');
  network = await loadBasicPitch();
});
afterAll(() => network.dispose());

describe('transcription', () => {
  it.each(['salamander-c5', 'upright-kw'])('hears the notes of %s, when they begin and how hard they were struck', async (piano) => {
    const tensors = tf.memory().numTensors;
    const { events } = await transcribe(network, play(piano), piano);
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
    expect(correlation(found.map(({ truth, match }) => [truth.velocity, match.velocity] as const))).toBeGreaterThan(0.7);
  });

  it('gives keys that end before they are struck again, in order of time', async () => {
    const { events, seconds } = await transcribe(network, play('salamander-c5'), 'piece');
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
    const sound = play('salamander-c5');
    const whole = await hearNotes(network, sound);
    const parts = await hearNotes(network, sound, { stretch: 2 });
    const starts = (notes: typeof whole): string[] => notes.map(({ note, start }) => `${note} at ${start.toFixed(3)}`);
    expect(starts(parts)).toEqual(starts(whole));
  });

  it('says where there is nothing to hear', async () => {
    await expect(transcribe(network, new Float32Array(3 * RATE), 'silence.wav')).rejects.toThrow('silence.wav: has no notes that could be heard');
  });

  it('stops where it is told to', async () => {
    await expect(transcribe(network, new Float32Array(3 * RATE), 'silence.wav', { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});
