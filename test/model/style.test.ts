import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../model/input-error.ts';
import { Random } from '../../model/random.ts';
import { assertStyleFits, parseStyle, parseStyleIndex, serialiseStyle, serialiseStyleIndex } from '../../model/style.ts';
import { USUAL_ROOM } from '../../model/room.ts';
import { typicalTuning } from '../../model/tuning.ts';
import { PLAIN_VOICING } from '../../model/voicing.ts';
import { randomVoicing } from '../worklet/fixtures.ts';
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

  it('keeps the voicing of a style that has one', () => {
    const voicing = randomVoicing(1);
    expect(parseStyle(serialiseStyle(plainStyle({ voicing })), 'a.json').voicing).toEqual(voicing);
    expect('voicing' in parseStyle(serialiseStyle(style), 'a.json')).toBe(false);
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
    ['a voicing of nine octaves', plainStyle({ voicing: { ...PLAIN_VOICING, body: PLAIN_VOICING.body.map((row) => row.slice(1)) } }), 'voicing.body.0'],
    ['a voicing that is too loud', plainStyle({ voicing: { ...PLAIN_VOICING, tones: PLAIN_VOICING.tones.map((row) => row.map(() => 30)) } }), 'voicing.tones.0.0'],
    ['modes of half a partial', plainStyle({ modes: [[1, 2, 3], ...Array.from({ length: 87 }, () => [])] }), 'modes.0'],
    ['modes known more than wholly', plainStyle({ modes: [[2, 0, 0, 0, 0, 0, 0, 0], ...Array.from({ length: 87 }, () => [])] }), 'modes.0'],
    ['modes of 87 keys', plainStyle({ modes: Array.from({ length: 87 }, () => []) }), 'modes'],
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
    const { id, name, model, embedding, kind, credit, licence } = plainStyle();
    expect(parseStyleIndex(serialiseStyleIndex([plainStyle()]), 'index.json')).toEqual([{ id, name, model, embedding, kind, credit, licence }]);
    expect(() => parseStyleIndex('[{}]', 'index.json')).toThrow('index.json: 0.id');
  });

  it('of the shipped pianos says what their files say', () => {
    const folder = 'model/pretrained/styles';
    const list = readFileSync(`${folder}/index.json`, 'utf8');
    const styles = parseStyleIndex(list, 'index.json').map(({ id }) => parseStyle(readFileSync(`${folder}/${id}.json`, 'utf8'), id));
    expect(list).toBe(serialiseStyleIndex(styles));
  });
});

describe('assertStyleFits', () => {
  it('accepts a style of the model and refuses others', () => {
    expect(() => assertStyleFits(plainStyle(), SMALL_SPEC, 'a.json')).not.toThrow();
    expect(() => assertStyleFits(plainStyle({ model: 'other-1' }), SMALL_SPEC, 'a.json')).toThrow('a.json: was made for the model other-1, not for small-1');
    expect(() => assertStyleFits(plainStyle({ embedding: [1] }), SMALL_SPEC, 'a.json')).toThrow('has an embedding of 1 numbers where the model needs 3');
  });
});
