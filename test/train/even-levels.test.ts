import { describe, expect, it } from 'vitest';
import { ControlMap, createControls } from '../../model/controls.ts';
import { Random } from '../../model/random.ts';
import { noteNetwork } from '../../model/reference/note-network.ts';
import { renderReference } from '../../model/reference/render.ts';
import { FIRST_NOTE } from '../../model/spec.ts';
import { evenLevels, evening, strikeLevel } from '../../model/train/even-levels.ts';
import { fundamental } from '../../model/tuning.ts';
import { SMALL_SPEC as spec, randomFlat, randomStyle, referenceModel } from './small-model.ts';

const model = referenceModel(spec, randomFlat(spec, 5));
const random = new Random(1);
/** A piano with keys that differ a great deal. */
const style = { ...randomStyle(spec, 6), keys: Array.from({ length: 88 }, () => Array.from({ length: spec.style.size }, () => 12 * random.normal())) };

/** dBFS of the first 0.3 s of what the float64 reference plays, without its WaveNet. */
function heard(note: number, velocity: number, levels?: readonly number[]): number {
  const length = 0.3 * spec.sampleRate;
  const played = { ...style, ...(levels && { levels }) };
  const { strings, knocks, noise } = renderReference(model, played, [{ sample: 0, type: 'noteOn', note, velocity }], { length, seed: 1 });
  return 10 * Math.log10(strings.reduce((sum, x, n) => sum + (x + knocks[n]! + noise[n]!) ** 2, 0) / length);
}

/** dB that each key is off the mean of its neighbours, the outermost aside. */
const unevenness = (levels: readonly number[]): number[] => levels.slice(1, -1).map((level, i) => level - (levels[i]! + levels[i + 2]!) / 2);

describe('the expected level of a strike', () => {
  it.each([33, 57, 81])('is that of what the float64 reference plays, note %i', (note) => {
    const controls = createControls(spec);
    const own = style.embedding.map((value, i) => value + style.keys![note - FIRST_NOTE]![i]!);
    const raw = noteNetwork(spec, model.tensors, note, 0.65, own);
    new ControlMap(spec).apply(raw, fundamental(style.tuning, note), style.tuning.inharmonicity[note - FIRST_NOTE]!, 0.65, controls);
    expect(Math.abs(strikeLevel(spec, model.tensors, controls) - heard(note, 0.65))).toBeLessThan(1);
  });
});

describe('evening', () => {
  const slope = Array.from({ length: 88 }, (_, key) => -20 - 0.1 * key);

  it('leaves no key more than 2 dB off its neighbours, and the mean where pianos have it', () => {
    const levels = slope.map((level) => level + 4 * random.normal());
    expect(Math.max(...unevenness(levels).map(Math.abs))).toBeGreaterThan(6);
    const even = levels.map((level, key) => level + evening(levels)[key]!);
    expect(Math.max(...unevenness(even).map(Math.abs))).toBeLessThan(2);
    expect(even.reduce((sum, level) => sum + level, 0) / 88).toBeCloseTo(-28, 1);
  });

  it('keeps a keyboard as it is that is even, up to its edges', () => {
    const shift = evening(slope);
    for (const decibels of shift) expect(decibels).toBeCloseTo(shift[40]!, 1);
  });
});

describe('the levels of a style', () => {
  it('make what is played even', () => {
    const levels = evenLevels(spec, model.tensors, style);
    const keys = [40, 41, 42, 43, 44, 45, 46, 47, 48];
    const [before, after] = [undefined, levels].map((used) => unevenness(keys.map((note) => heard(note, 0.65, used))).map(Math.abs));
    expect(Math.max(...before!)).toBeGreaterThan(3);
    expect(Math.max(...after!)).toBeLessThan(2.5);
  });
});
