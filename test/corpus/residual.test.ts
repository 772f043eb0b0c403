import { describe, expect, it } from 'vitest';
import { stringResidual } from '../../model/corpus/residual.ts';
import { Random } from '../../model/random.ts';
import { FIRST_NOTE } from '../../model/spec.ts';
import { fundamental, partialFrequency, typicalTuning } from '../../model/tuning.ts';

const RATE = 24000;
const ONSET = 200;
const tuning = typicalTuning();

/** A strike of known parts: stiff, decaying, beating partials with phases of their own, and a knock of noise. */
function strike(note: number): { strings: Float32Array; knock: Float32Array } {
  const random = new Random(note);
  const length = RATE + ONSET;
  const strings = new Float32Array(length);
  const f0 = fundamental(tuning, note);
  for (let k = 1; ; k++) {
    const frequency = partialFrequency(f0, tuning.inharmonicity[note - FIRST_NOTE]!, k);
    if (frequency > 0.45 * RATE) break;
    for (const [level, rate, beat] of [[1, 4 + k / 3, 0], [0.25, 0.7 + k / 20, 0.4]] as const) {
      const phase = 2 * Math.PI * random.uniform();
      for (let n = ONSET; n < length; n++) {
        const t = (n - ONSET) / RATE;
        strings[n]! += ((0.2 * level) / k) * Math.exp(-rate * t) * Math.sin(2 * Math.PI * (frequency + beat) * t + phase);
      }
    }
  }
  const knock = Float32Array.from({ length }, (_, n) => (n < ONSET ? 0 : 0.03 * Math.exp(-(n - ONSET) / (0.03 * RATE)) * random.normal()));
  return { strings, knock };
}

const energy = (samples: Float32Array, from: number, to: number): number => samples.subarray(from, to).reduce((sum, x) => sum + x * x, 0);
const decibels = (a: number, b: number): number => 10 * Math.log10(a / b);

describe('what the strings leave', () => {
  it.each([33, 48, 60, 72, 84])('is the knock: the strings of note %i are gone', (note) => {
    const { strings, knock } = strike(note);
    const rest = stringResidual(strings.map((x, n) => x + knock[n]!), ONSET, note, tuning, RATE);
    const ofStrings = rest.map((x, n) => x - knock[n]!);
    const later = ONSET + Math.round(0.1 * RATE);
    expect(decibels(energy(ofStrings, ONSET, later), energy(strings, ONSET, later))).toBeLessThan(-15);
    expect(decibels(energy(rest, later, rest.length), energy(strings, later, rest.length))).toBeLessThan(-30);
  });

  it('keeps most of a knock that has no strings', () => {
    const { knock } = strike(60);
    const rest = stringResidual(knock, ONSET, 60, tuning, RATE);
    expect(decibels(energy(rest, ONSET, rest.length), energy(knock, ONSET, knock.length))).toBeGreaterThan(-2);
  });

  it('has nothing before the strike', () => {
    const { strings, knock } = strike(48);
    expect(energy(stringResidual(strings.map((x, n) => x + knock[n]!), ONSET, 48, tuning, RATE), 0, ONSET)).toBe(0);
  });
});
