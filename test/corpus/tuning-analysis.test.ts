import { describe, expect, it } from 'vitest';
import { measureString } from '../../model/corpus/tuning-analysis.ts';
import { fitTuning } from '../../model/corpus/fit-tuning.ts';
import { equalTemperament, fundamental, typicalInharmonicity } from '../../model/tuning.ts';
import { Random } from '../../model/random.ts';
import { synthesise } from './synthetic-note.ts';

const RATE = 48000;
const LEAD = 240;

function measured(note: number, cents: number, stiffer: number, extra: { noise?: number; weakBass?: number } = {}) {
  const inharmonicity = stiffer * typicalInharmonicity(note);
  const f0 = equalTemperament(note) * 2 ** (cents / 1200);
  const clip = synthesise({ f0, inharmonicity, seed: note, seconds: 2, lead: LEAD, noise: 1e-5, ...extra });
  const measurement = measureString(clip, LEAD, RATE, note);
  if (!measurement) throw new Error('nothing was found');
  return { cents: measurement.cents, inharmonicity: measurement.inharmonicity / inharmonicity, measurement };
}

describe('the string of a synthetic note', () => {
  const random = new Random(5);
  for (const note of [21, 28, 36, 45, 52, 60, 67, 74, 81, 88]) {
    const cents = random.between(-60, 60);
    const stiffer = Math.exp(random.between(-0.7, 1.2));
    it(`is found within a cent and 5 % of B at note ${note}, ${cents.toFixed(0)} cents off and ${stiffer.toFixed(2)} times as stiff`, () => {
      const found = measured(note, cents, stiffer);
      expect(Math.abs(found.cents - cents)).toBeLessThan(1);
      expect(Math.abs(found.inharmonicity - 1)).toBeLessThan(0.05);
    });
  }

  it('is found where the fundamentals of the bass are missing', () => {
    const found = measured(24, -65, 5, { weakBass: 60 });
    expect(Math.abs(found.cents + 65)).toBeLessThan(1);
    expect(Math.abs(found.inharmonicity - 1)).toBeLessThan(0.05);
  });

  it('is found under loud noise', () => {
    const found = measured(48, 20, 1.3, { noise: 2e-3 });
    expect(Math.abs(found.cents - 20)).toBeLessThan(1);
    expect(Math.abs(found.inharmonicity - 1)).toBeLessThan(0.05);
  });

  it('has its first partial in place at the top, where B itself cannot be heard', () => {
    for (const note of [96, 102, 108]) {
      const { measurement } = measured(note, 30, 0.8);
      const tuning = fitTuning([measurement]);
      const first = fundamental(tuning, note) * Math.sqrt(1 + tuning.inharmonicity[note - 21]!);
      const truth = equalTemperament(note) * 2 ** (30 / 1200) * Math.sqrt(1 + 0.8 * typicalInharmonicity(note));
      expect(Math.abs(1200 * Math.log2(first / truth))).toBeLessThan(2.5);
    }
  });

  it('is not found in silence', () => {
    expect(measureString(new Float32Array(2 * RATE), LEAD, RATE, 60)).toBeUndefined();
  });
});
