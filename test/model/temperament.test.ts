import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { parseStyle, type Style } from '../../model/style.ts';
import { concertCents, evenTuning } from '../../model/temperament.ts';
import { equalTemperament, fundamental, partialFrequency, typicalInharmonicity, type Tuned, type Tuning } from '../../model/tuning.ts';

const NOTES = Array.from({ length: 88 }, (_, key) => 21 + key);
const FOLDER = new URL('../../model/pretrained/styles/', import.meta.url);
const STYLES: Style[] = readdirSync(FOLDER)
  .filter((name) => name !== 'index.json')
  .map((name) => parseStyle(readFileSync(new URL(name, FOLDER), 'utf8'), name));

/** Cents of each key's first partial above equal temperament at 440 Hz. */
const heard = (tuning: Tuned): number[] =>
  NOTES.map((note) => 1200 * Math.log2(partialFrequency(fundamental(tuning, note), tuning.inharmonicity[note - 21]!, 1) / equalTemperament(note)));

/** A stretched piano whose keys lie beside its curve, some of them far. */
function mistuned(): { tuning: Tuning; stretch: number[] } {
  const random = new Random(3);
  const inharmonicity = NOTES.map(typicalInharmonicity);
  const stretch = NOTES.map((note) => 20 * ((note - 69) / 44) ** 3 + 4 * ((note - 69) / 44));
  const cents = stretch.map((value, key) => 11 + value - 600 * Math.log2(1 + inharmonicity[key]!) + 1.5 * random.normal() + (key % 17 === 5 ? 60 : 0));
  return { tuning: { cents, inharmonicity }, stretch };
}

describe('a piano in tune', () => {
  it('is the piano as it is tuned at 0', () => {
    const { tuning } = mistuned();
    expect(evenTuning(tuning, 0)).toBe(tuning);
  });

  it('has the stretch of the piano, A4 at 440 Hz, and no key beside it', () => {
    const { tuning, stretch } = mistuned();
    const even = heard(evenTuning(tuning, 1));
    expect(even[48]).toBeCloseTo(0, 9);
    even.forEach((cents, key) => expect(Math.abs(cents - stretch[key]!), `key ${key}`).toBeLessThan(key < 6 || key > 81 ? 3 : 1.5));
  });

  it('lies on the way between both in between', () => {
    const { tuning } = mistuned();
    const [own, half, even] = [0, 0.5, 1].map((share) => evenTuning(tuning, share).cents) as [number[], number[], number[]];
    half.forEach((cents, key) => expect(cents).toBeCloseTo((own[key]! + even[key]!) / 2, 9));
  });

  it.each(STYLES.map((style) => [style.id, style] as const))('%s: neighbours are a semitone apart within 3 cents, and within 8 at both ends', (_, { tuning }) => {
    const even = heard(evenTuning(tuning, 1));
    for (let key = 1; key < 88; key++) expect(Math.abs(even[key]! - even[key - 1]!), `key ${key}`).toBeLessThan(key < 8 || key > 80 ? 8 : 3);
    expect(even[48]).toBeCloseTo(0, 9);
  });
});

describe('concert pitch', () => {
  it('of 415 Hz lies a semitone below 440', () => {
    expect(concertCents(440)).toBe(0);
    expect(concertCents(415.3047)).toBeCloseTo(-100, 3);
    expect(concertCents(466.1638)).toBeCloseTo(100, 3);
  });
});
