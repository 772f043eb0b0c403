import { describe, expect, it } from 'vitest';
import { InputError } from '../../model/input-error.ts';
import { Random } from '../../model/random.ts';
import { assertStyleFits, interpolateStyles, parseStyle, parseStyleIndex, serialiseStyle } from '../../model/style.ts';
import { USUAL_ROOM } from '../../model/room.ts';
import { typicalTuning } from '../../model/tuning.ts';
import { damage, readOrInputError } from './damage.ts';
import { SMALL_SPEC, plainStyle } from './files.ts';

const tuning = (cents: number, inharmonicity: number): { cents: number[]; inharmonicity: number[] } => ({
  cents: new Array<number>(88).fill(cents),
  inharmonicity: new Array<number>(88).fill(inharmonicity),
});

describe('parseStyle', () => {
  const style = plainStyle({ credit: 'A [very]  odd "name"' });

  it('reads what serialiseStyle writes', () => {
    expect(parseStyle(serialiseStyle(style), 'a.json')).toEqual(style);
    expect(parseStyle(JSON.parse(serialiseStyle(style)), 'a.json')).toEqual(style);
  });

  it('keeps the room of a style that has one', () => {
    const room = { decaySeconds: 0.4, highDecaySeconds: 0.05, level: 0.7 };
    expect(parseStyle(serialiseStyle(plainStyle({ room })), 'a.json').room).toEqual(room);
    expect('room' in parseStyle(serialiseStyle(style), 'a.json')).toBe(false);
  });

  it('is written a property a line', () => {
    expect(serialiseStyle(style).split('\n').length).toBeLessThan(20);
  });

  it.each([
    ['text that is no JSON', 'hello', 'is not valid JSON'],
    ['a list', '[]', 'my.json: '],
    ['another format', plainStyle({ format: 'anypiano-style/2' as never }), 'format'],
    ['an empty embedding', plainStyle({ embedding: [] }), 'embedding'],
    ['an embedding that is not finite', plainStyle({ embedding: [NaN] }), 'embedding.0'],
    ['87 keys', plainStyle({ tuning: { ...typicalTuning(), cents: new Array<number>(87).fill(0) } }), 'tuning.cents'],
    ['negative inharmonicity', plainStyle({ tuning: tuning(0, -1e-4) }), 'tuning.inharmonicity.0'],
    ['a room that rings for a minute', plainStyle({ room: { ...USUAL_ROOM, decaySeconds: 60 } }), 'room.decaySeconds'],
    ['an id that is a path', plainStyle({ id: '../../etc' }), 'id'],
  ])('refuses %s', (_, input, problem) => {
    expect(() => parseStyle(input, 'my.json')).toThrow(InputError);
    expect(() => parseStyle(input, 'my.json')).toThrow(problem);
  });

  it('gives a style or an InputError for any damage', async () => {
    const bytes = new TextEncoder().encode(serialiseStyle(style));
    const random = new Random(11);
    for (let i = 0; i < 1000; i++) {
      const text = new TextDecoder().decode(damage(bytes, random));
      const result = await readOrInputError(() => parseStyle(text, 'damaged.json'));
      if (result instanceof InputError) expect(result.message).toMatch(/^damaged\.json: [^\n]+$/);
    }
  });
});

describe('parseStyleIndex', () => {
  it('reads summaries and refuses anything else', () => {
    const { id, name, kind, credit, licence } = plainStyle();
    expect(parseStyleIndex(JSON.stringify([{ id, name, kind, credit, licence }]), 'index.json')).toEqual([{ id, name, kind, credit, licence }]);
    expect(() => parseStyleIndex('[{}]', 'index.json')).toThrow('index.json: 0.id');
  });
});

describe('assertStyleFits', () => {
  it('accepts a style of the model and refuses others', () => {
    expect(() => assertStyleFits(plainStyle(), SMALL_SPEC, 'a.json')).not.toThrow();
    expect(() => assertStyleFits(plainStyle({ model: 'other-1' }), SMALL_SPEC, 'a.json')).toThrow('a.json: was made for the model other-1, not for small-1');
    expect(() => assertStyleFits(plainStyle({ embedding: [1] }), SMALL_SPEC, 'a.json')).toThrow('has an embedding of 1 numbers where the model needs 3');
  });
});

describe('interpolateStyles', () => {
  const a = plainStyle({ embedding: [0, 1, 2], tuning: tuning(-10, 1e-4), credit: 'A' });
  const b = plainStyle({ id: 'other', embedding: [4, 1, -2], tuning: tuning(30, 4e-4), credit: 'B' });

  it('gives the two ends exactly', () => {
    expect(interpolateStyles(a, b, 0)).toEqual(a);
    expect(interpolateStyles(a, b, 1)).toEqual(b);
  });

  it('goes straight in embedding and cents, and by ratio in inharmonicity', () => {
    const half = interpolateStyles(a, b, 0.5);
    expect(half.embedding).toEqual([2, 1, 0]);
    expect(half.tuning.cents[40]).toBe(10);
    expect(half.tuning.inharmonicity[40]).toBeCloseTo(2e-4, 12);
    expect(interpolateStyles(a, b, 0.25).embedding).toEqual([1, 1, 1]);
  });

  it('names both credits and remains a style', () => {
    const half = interpolateStyles(a, b, 0.5);
    expect(half.credit).toBe('A; B');
    expect(parseStyle(serialiseStyle(half), 'half.json')).toEqual(half);
  });

  it('refuses styles of different models', () => {
    expect(() => interpolateStyles(a, plainStyle({ model: 'other-1' }), 0.5)).toThrow(RangeError);
  });
});

describe('the room between two pianos', () => {
  it('rings for a time in equal ratios, and where one piano knows no room it has the usual one', () => {
    const [small, large] = [0.3, 1.2].map((decaySeconds) => plainStyle({ room: { decaySeconds, highDecaySeconds: decaySeconds / 10, level: decaySeconds / 2 } }));
    const between = interpolateStyles(small!, large!, 0.5).room!;
    expect(between.decaySeconds).toBeCloseTo(0.6, 9);
    expect(between.highDecaySeconds).toBeCloseTo(0.06, 9);
    expect(between.level).toBeCloseTo(0.375, 9);
    expect(interpolateStyles(plainStyle({}), large!, 0.5).room!.decaySeconds).toBeCloseTo(Math.sqrt(USUAL_ROOM.decaySeconds * 1.2), 9);
    expect(interpolateStyles(plainStyle({}), plainStyle({}), 0.5).room).toBeUndefined();
  });
});
