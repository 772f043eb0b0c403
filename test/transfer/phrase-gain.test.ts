import { describe, expect, it } from 'vitest';
import { LOUDNESS_STEP, LoudnessMeter, loudnessLevels } from '../../model/audio/loudness.ts';
import { PHRASE_SECONDS, PhraseGain, phraseGains } from '../../model/transfer/phrase-gain.ts';

const RATE = 8000;
const BLOCK = 800;

const SECONDS = 8;

/** A tone of 500 Hz whose level in dB changes from phrase to phrase. */
function phrases(levels: readonly number[]): Float32Array {
  return Float32Array.from({ length: SECONDS * levels.length * RATE }, (_, n) => 10 ** (levels[Math.floor(n / (SECONDS * RATE))]! / 20) * Math.sin((2 * Math.PI * 500 * n) / RATE));
}

function powers(sound: Float32Array): readonly number[] {
  const meter = new LoudnessMeter(RATE, 1);
  meter.add([sound]);
  return meter.powers;
}

const loudness = (sound: Float32Array): number[] => loudnessLevels(powers(sound), PHRASE_SECONDS);

function follow(original: Float32Array, rendering: Float32Array): Float32Array {
  const gain = new PhraseGain(phraseGains(powers(original), powers(rendering)), RATE);
  const out = Float32Array.from(rendering);
  for (let at = 0; at < out.length; at += BLOCK) gain.apply([out.subarray(at, at + BLOCK)]);
  return out;
}

describe('the gain that follows phrases', () => {
  it('follows also through a night of music', () => {
    const night = Array.from({ length: (10 * 3600) / LOUDNESS_STEP }, (_, i) => 1 + (i % 7));
    expect(phraseGains(night, night).every((gain) => Math.abs(gain) < 1e-9)).toBe(true);
  });

  it('makes a rendering as loud as the original, phrase by phrase', () => {
    const original = phrases([-20, -14, -26, -20]);
    const followed = loudness(follow(original, phrases([-30, -30, -33, -24])));
    loudness(original).forEach((level, i) => {
      const place = (i * LOUDNESS_STEP) % SECONDS;
      // The gain was measured over three seconds, and so is its effect.
      if (Math.abs(place - SECONDS / 2) < 0.3) expect(Math.abs(level - followed[i]!)).toBeLessThan(0.3);
    });
  });

  it('does not lift what sounds where the original has a pause', () => {
    const followed = follow(phrases([-20, -80, -20]), phrases([-20, -50, -20]));
    const pause = followed.subarray((SECONDS + 2) * RATE, (2 * SECONDS - 2) * RATE);
    expect(Math.max(...pause)).toBeLessThan(2 * 10 ** (-50 / 20));
  });

  it('comes near the original also where that swells and fades within phrases', () => {
    const swelling = Float32Array.from({ length: 24 * RATE }, (_, n) => 10 ** ((-26 + 8 * Math.sin((2 * Math.PI * n) / (8 * RATE))) / 20) * Math.sin((2 * Math.PI * 500 * n) / RATE));
    const followed = loudness(follow(swelling, phrases([-30, -30, -30])));
    const apart = loudness(swelling).map((level, i) => Math.abs(level - followed[i]!));
    expect(Math.max(...apart.slice(20, -20))).toBeLessThan(1.7);
  });

  it('moves one phrase by 12 dB more than the whole at most, and by 2 for what changes within it', () => {
    const gains = phraseGains(powers(phrases([-20, -20, -20, 0, -20])), powers(phrases([-20, -20, -20, -20, -20])));
    expect(Math.max(...gains)).toBeGreaterThan(11.9);
    expect(Math.max(...gains)).toBeLessThanOrEqual(14);
    expect(Math.min(...gains)).toBeGreaterThan(-2.01);
  });

  it('glides: no two samples are further apart than in the sound itself', () => {
    const step = (sound: Float32Array): number => sound.reduce((most, sample, n) => Math.max(most, Math.abs(sample - (sound[n - 1] ?? 0))), 0);
    const rendering = phrases([-20, -20]);
    expect(step(follow(phrases([-20, -14]), rendering))).toBeLessThan(2.1 * step(rendering));
  });

  it('is 0 dB where nothing is heard, as long as the rendering', () => {
    expect(phraseGains([], [0, 0])).toEqual([0, 0]);
    expect(phraseGains(powers(phrases([-20])), powers(phrases([-20, -20])))).toHaveLength(20 * SECONDS);
  });
});
