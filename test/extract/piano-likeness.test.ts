import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { soundOf } from '../../model/audio/sound.ts';
import { LIKELY, hearPiano } from '../../model/extract/extract.ts';
import { Random } from '../../model/random.ts';
import { startBackend } from '../../model/train/backend.ts';
import { loadBasicPitch } from '../../model/transcribe/package-model.ts';
import { transcribe } from '../../model/transcribe/transcribe.ts';
import type { Transcriber } from '../../model/transcribe/transcriber.ts';
import { PIECE_RATE, playPiece } from '../transcribe/piece.ts';

const SECONDS = 12;
const sound = (sample: (seconds: number, n: number) => number): Float32Array => Float32Array.from({ length: SECONDS * PIECE_RATE }, (_, n) => sample(n / PIECE_RATE, n));
const random = new Random(5);
const noise = (): number => 2 * random.uniform() - 1;

/** A source whose pitch glides from syllable to syllable, through two resonances, with pauses. */
function speech(): Float32Array {
  let phase = 0;
  const out = sound((t) => {
    const syllable = Math.floor(4 * t);
    const within = 4 * t - syllable;
    phase += (110 + 40 * Math.sin(2.1 * syllable) + 45 * Math.cos(3 * within + syllable)) / PIECE_RATE;
    return syllable % 5 === 4 ? 0 : Math.sin(Math.PI * within) * (2 * (phase % 1) - 1 + 0.1 * noise());
  });
  for (const [frequency, width] of [[600, 90], [1500, 120]] as const) {
    const r = Math.exp((-Math.PI * width) / PIECE_RATE);
    const c = 2 * r * Math.cos((2 * Math.PI * frequency) / PIECE_RATE);
    for (let n = 2; n < out.length; n++) out[n] = (1 - r) * out[n]! + c * out[n - 1]! - r * r * out[n - 2]!;
  }
  const peak = out.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return out.map((sample) => (0.7 * sample) / peak);
}

/** Bass drum, snare and hi-hat. */
function drums(): Float32Array {
  return sound((t) => {
    const beat = Math.floor(4 * t);
    const s = t - beat / 4;
    const bass = beat % 4 === 0 ? Math.sin(2 * Math.PI * (50 * s + (1 - Math.exp(-30 * s)))) * Math.exp(-9 * s) : 0;
    const snare = beat % 4 === 2 ? (noise() + Math.sin(2 * Math.PI * 190 * s)) * Math.exp(-18 * s) : 0;
    return 0.5 * bass + 0.3 * snare + 0.1 * noise() * Math.exp(-50 * s);
  });
}

/** Chords that stand as long as they are held. */
function organ(): Float32Array {
  return sound((t) => {
    const chord = Math.floor(t);
    const edge = Math.min(1, 12 * (t - chord), 12 * (chord + 1 - t));
    return edge * [0, 4, 7].reduce((sum, interval) => {
      const f0 = 220 * 2 ** ((interval + 2 * (chord % 4)) / 12);
      return sum + Array.from({ length: 8 }, (_, k) => Math.sin(2 * Math.PI * f0 * (k + 1) * t) / (k + 1)).reduce((a, b) => a + b, 0) / 12;
    }, 0);
  });
}

let network: Transcriber;
beforeAll(async () => {
  await startBackend('wasm');
  network = await loadBasicPitch();
});
afterAll(() => network.dispose());

/** 0 also where no note is heard. */
async function likelihood(recording: Float32Array): Promise<number> {
  const sound = { sampleRate: PIECE_RATE, channels: [recording] };
  const performance = await transcribe(network, soundOf(sound), 'recording').catch(() => undefined);
  return performance === undefined ? 0 : hearPiano(sound, performance).likelihood;
}

describe('the likelihood of a piano', () => {
  it.each(['salamander-c5', 'upright-kw', 'cp80', 'steinhoff-upright'])('is high for %s, also under noise', async (piano) => {
    const recording = playPiece(piano);
    expect(await likelihood(recording)).toBeGreaterThan(0.9);
    const peak = recording.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(await likelihood(recording.map((sample) => sample + peak * 10 ** (-45 / 20) * noise()))).toBeGreaterThan(0.9);
  });

  it('is high for a single note', async () => {
    const one = playPiece('salamander-c5').subarray(0, Math.round(0.85 * PIECE_RATE));
    expect(await likelihood(one)).toBeGreaterThan(LIKELY);
  });

  it.each([
    ['speech', speech],
    ['drums', drums],
    ['noise', () => sound(noise)],
    ['clipping noise', () => sound(() => Math.max(-1, Math.min(1, 6 * noise())))],
    ['an organ', organ],
    ['a sine', () => sound((t) => 0.5 * Math.sin(2 * Math.PI * 440 * t))],
  ] as const)('is low for %s', async (_, make) => {
    expect(await likelihood(make())).toBeLessThan(0.2);
  });
});
