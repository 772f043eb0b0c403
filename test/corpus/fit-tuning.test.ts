import { describe, expect, it } from 'vitest';
import { fillKeyboard, fitTuning } from '../../model/corpus/fit-tuning.ts';
import { fitStiffness } from '../../model/corpus/stiffness-curve.ts';
import type { StringMeasurement } from '../../model/corpus/tuning-analysis.ts';
import { equalTemperament, partialFrequency, typicalInharmonicity, typicalTuning } from '../../model/tuning.ts';
import { Random } from '../../model/random.ts';

/** What a perfect analysis of one key would say. */
function key(note: number, cents: number, inharmonicity: number, partials = 20): StringMeasurement {
  const f0 = equalTemperament(note) * 2 ** (cents / 1200);
  const peaks = Array.from({ length: partials }, (_, i) => ({
    k: i + 1,
    frequency: partialFrequency(f0, inharmonicity, i + 1),
    weight: 1,
    level: -i,
  }));
  return { note, cents, inharmonicity, peaks };
}

const stretch = (note: number): number => 0.003 * (note - 64) * Math.abs(note - 64) * 0.2;

describe('the tuning of a keyboard', () => {
  it('is the typical one where nothing was measured', () => {
    expect(fitTuning([])).toEqual(typicalTuning());
  });

  it('keeps measured keys and lies on a line between them', () => {
    const notes = [21, 28, 36, 43, 50, 57, 64, 71, 78, 85, 92];
    const tuning = fitTuning(notes.map((note) => key(note, stretch(note), typicalInharmonicity(note))));
    for (const note of notes) expect(tuning.cents[note - 21]!).toBeCloseTo(stretch(note), 1);
    expect(tuning.cents[54 - 21]!).toBeCloseTo(stretch(50) + (4 / 7) * (stretch(57) - stretch(50)), 1);
    expect(tuning.cents[108 - 21]).toBe(tuning.cents[92 - 21]);
  });

  it('keeps a key that is out of tune to that key', () => {
    const notes = Array.from({ length: 22 }, (_, i) => 21 + 4 * i);
    const tuning = fitTuning(notes.map((note) => key(note, note === 61 ? 66 : -20, typicalInharmonicity(note))));
    expect(tuning.cents[61 - 21]!).toBeCloseTo(66, 1);
    for (const note of [58, 59, 60, 62, 63, 64]) expect(tuning.cents[note - 21]!).toBeCloseTo(-20, 1);
  });

  it('does not take the recording of another key for this one', () => {
    const measured = [24, 31, 38, 45, 52].map((note) => ({ note, cents: -16 }));
    expect(fillKeyboard(measured.map((key) => (key.note === 24 ? { note: 24, cents: -188 } : key)))[3]).toBe(-16);
    // A key that is far out of tune, and nearer to its own name than to the next, is kept.
    expect(fillKeyboard(measured.map((key) => (key.note === 38 ? { note: 38, cents: -93 } : key)))[17]).toBe(-93);
  });

  it('takes the middle of several layers, so that one wrong layer does no harm', () => {
    const right = key(60, 3, 4e-4);
    const tuning = fitTuning([right, key(60, 3, 4e-4), key(60, -90, 2e-3)]);
    expect(tuning.cents[60 - 21]!).toBeCloseTo(3, 0);
  });

  it('follows B of a piano that is twice as stiff, also where no key was measured', () => {
    const notes = [21, 24, 31, 36, 43, 48, 55, 60, 67, 72, 79, 84, 91];
    const tuning = fitTuning(notes.map((note) => key(note, 0, 2 * typicalInharmonicity(note))));
    for (const note of [27, 40, 52, 75, 88, 100]) {
      expect(tuning.inharmonicity[note - 21]! / (2 * typicalInharmonicity(note))).toBeGreaterThan(0.85);
      expect(tuning.inharmonicity[note - 21]! / (2 * typicalInharmonicity(note))).toBeLessThan(1.15);
    }
  });

  it('does not believe what is measured above C7', () => {
    const low = [24, 36, 48, 60, 72, 84, 90].map((note) => key(note, 0, typicalInharmonicity(note)));
    const tuning = fitTuning([...low, key(105, 0, 10 * typicalInharmonicity(105), 2)]);
    expect(tuning.inharmonicity[105 - 21]! / typicalInharmonicity(105)).toBeLessThan(1.2);
  });
});

describe('the curve of two bridges', () => {
  it('is found again from its own noisy values with outliers', () => {
    const random = new Random(11);
    const truth = (note: number): number => Math.exp(-0.12 * note - 5.6) + Math.exp(0.088 * note - 13.4);
    const points = Array.from({ length: 60 }, (_, i) => {
      const outlier = i % 12 === 5 ? 8 : 1;
      return { note: 22 + i, inharmonicity: truth(22 + i) * Math.exp(0.05 * random.normal()) * outlier, weight: 1 };
    });
    const curve = fitStiffness(points);
    for (const note of [25, 40, 55, 70, 85]) expect(Math.abs(Math.log(curve(note) / truth(note)))).toBeLessThan(0.15);
  });

  it('is a typical grand where nothing is known', () => {
    const curve = fitStiffness([]);
    for (const note of [21, 60, 108]) expect(curve(note)).toBeCloseTo(typicalInharmonicity(note), 8);
  });
});
