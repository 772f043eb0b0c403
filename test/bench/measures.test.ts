import { describe, expect, test } from 'vitest';
import { highEnergy, measureLoudness } from '../../bench/quality/brightness.ts';
import { pitchError } from '../../bench/quality/pitch.ts';
import { releaseExcess, startRoughness } from '../../bench/quality/transients.ts';
import { fundamental, partialFrequency, typicalTuning, type Tuning } from '../../model/tuning.ts';

const RATE = 48000;
const ONSET = 480;
const tuning = typicalTuning();

/** A struck string of ten partials, `cents` above the tuning. */
function note(midi: number, { cents = 0, seconds = 1.2, attack = 0.002 } = {}): Float32Array {
  const raised: Tuning = { ...tuning, cents: tuning.cents.map((c) => c + cents) };
  const f0 = fundamental(raised, midi);
  return Float32Array.from({ length: ONSET + seconds * RATE }, (_, n) => {
    const t = (n - ONSET) / RATE;
    if (t < 0) return 0;
    let sum = 0;
    for (let k = 1; k <= 10; k++) {
      const frequency = partialFrequency(f0, tuning.inharmonicity[midi - 21]!, k);
      if (frequency < 20000) sum += (Math.exp(-(1 + k) * t) / k) * Math.sin(2 * Math.PI * frequency * t);
    }
    return 0.1 * sum * (1 - Math.exp(-t / attack));
  });
}

describe('pitch', () => {
  test.each([28, 60, 96])('a note %i played 4 cents sharp is found 4 cents sharp', (midi) => {
    const real = { audio: note(midi), onset: ONSET };
    const played = { audio: note(midi, { cents: 4 }), onset: ONSET };
    expect(pitchError(real, played, RATE, midi, tuning)).toBeCloseTo(4, 0);
    expect(pitchError(real, real, RATE, midi, tuning)).toBe(0);
  });

  test('there is none where nothing sounds', () => {
    const silence = { audio: new Float32Array(RATE), onset: 0 };
    expect(pitchError(silence, { audio: note(60), onset: ONSET }, RATE, 60, tuning)).toBeUndefined();
  });
});

describe('clicks', () => {
  test('a sample that jumps at the start is rougher than a string that starts from rest', () => {
    const soft = note(48);
    const click = Float32Array.from(soft);
    click[ONSET]! += 0.2;
    expect(startRoughness(click, RATE, ONSET) - startRoughness(soft, RATE, ONSET)).toBeGreaterThan(6);
  });

  test('a damper that falls smoothly adds nothing, and a cut does', () => {
    const held = note(48);
    const release = ONSET + RATE / 2;
    const damped = held.map((x, n) => (n < release ? x : x * Math.exp(-(n - release) / 2400)));
    const cut = held.map((x, n) => (n < release + 37 ? x : 0));
    expect(releaseExcess(held, damped, RATE, release)).toBeLessThan(0.1);
    expect(releaseExcess(held, cut, RATE, release)).toBeGreaterThan(12);
  });
});

describe('brightness', () => {
  test('twice the amplitude is 6 dB louder and as bright', () => {
    const plain = measureLoudness(note(60), RATE, ONSET);
    const louder = measureLoudness(note(60).map((x) => 2 * x), RATE, ONSET);
    expect(louder.level - plain.level).toBeCloseTo(6.02, 2);
    expect(louder.centroid / plain.centroid).toBeCloseTo(1, 6);
  });

  test('a tone above 12 kHz counts as such, and one below does not', () => {
    const tone = (frequency: number): Float32Array =>
      Float32Array.from({ length: RATE }, (_, n) => (n < ONSET ? 0 : Math.sin((2 * Math.PI * frequency * (n - ONSET)) / RATE)));
    expect(highEnergy(tone(14000), RATE, ONSET, 12000)).toBeGreaterThan(-0.1);
    expect(highEnergy(tone(500), RATE, ONSET, 12000)).toBeLessThan(-50);
  });
});
