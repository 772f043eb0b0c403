import { describe, expect, it } from 'vitest';
import { InputError } from '../../model/input-error.ts';
import { Random } from '../../model/random.ts';
import { readSafetensors, writeSafetensors } from '../../model/safetensors.ts';
import { damage, readOrInputError } from './damage.ts';

/** A file put together by hand from the format's description. */
function byHand(header: string, data: readonly number[]): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, header.length, true);
  return Uint8Array.from([...length, ...Buffer.from(header), ...data]);
}

const entry = (dtype: string, shape: number[], start: number, stop: number): string =>
  `{"dtype":"${dtype}","shape":[${shape.join()}],"data_offsets":[${start},${stop}]}`;

describe('readSafetensors', () => {
  it('reads a file that was put together by hand', () => {
    const header = `{"__metadata__":{"made":"by hand"},"b":${entry('F16', [3], 8, 14)},"a":${entry('F32', [1, 2], 0, 8)}}`;
    // 1 and -2 in float32; 1.5, the smallest subnormal and -65504 in float16.
    const data = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0x00, 0x3e, 0x01, 0x00, 0xff, 0xfb];
    const { metadata, tensors } = readSafetensors(byHand(header, data), 'hand.safetensors');
    expect(metadata).toEqual({ made: 'by hand' });
    expect(tensors.get('a')).toEqual({ shape: [1, 2], data: Float32Array.of(1, -2) });
    expect(tensors.get('b')).toEqual({ shape: [3], data: Float32Array.of(1.5, 2 ** -24, -65504) });
  });

  it('reads what it writes, at any offset in memory', () => {
    const tensors = new Map([
      ['empty', { shape: [0], data: new Float32Array(0) }],
      ['scalar', { shape: [], data: Float32Array.of(3) }],
      ['matrix', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ]);
    const bytes = writeSafetensors({ metadata: { note: 'ä "quoted"' }, tensors });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(readSafetensors(shifted.subarray(3), 'a')).toEqual({ metadata: { note: 'ä "quoted"' }, tensors });
    expect(readSafetensors(Buffer.from(shifted.buffer, 3), 'a')).toEqual({ metadata: { note: 'ä "quoted"' }, tensors });
  });

  it('aligns the tensors to eight bytes', () => {
    const bytes = writeSafetensors({ metadata: {}, tensors: new Map([['t', { shape: [1], data: Float32Array.of(1) }]]) });
    expect((bytes.length - 4) % 8).toBe(0);
  });

  const four = [0, 0, 0, 0];
  it.each([
    ['nothing', new Uint8Array(0), 'too short'],
    ['text', Buffer.from('just a text that is long enough'), 'is not a safetensors file'],
    ['a header longer than the file', byHand('{}', []).fill(100, 0, 1), 'is truncated: its header is not complete'],
    ['a header that is no JSON', byHand('{', []), 'is not valid JSON'],
    ['a header that is no object', byHand('[]', []), 'hand.safetensors: '],
    ['a header that is no UTF-8', byHand('{"', []).fill(0xff, 9), 'is not a safetensors file'],
    ['metadata that is no text', byHand('{"__metadata__":{"a":1}}', []), '__metadata__'],
    ['an unknown type', byHand(`{"t":${entry('I64', [1], 0, 8)}}`, [...four, ...four]), 'tensor t: dtype'],
    ['a negative length', byHand(`{"t":${entry('F32', [-1], 0, 4)}}`, four), 'tensor t: shape.0'],
    ['a tensor that ends before it starts', byHand(`{"t":${entry('F32', [1], 0, 4)},"u":${entry('F32', [1], 4, 0)}}`, four), 'tensor u'],
    ['a tensor of the wrong size', byHand(`{"t":${entry('F32', [2], 0, 4)}}`, four), 'has 4 bytes where its shape needs 8'],
    ['missing data', byHand(`{"t":${entry('F32', [2], 0, 8)}}`, four), 'is truncated: tensor t is not complete'],
    ['overlapping tensors', byHand(`{"t":${entry('F32', [1], 0, 4)},"u":${entry('F32', [1], 2, 6)}}`, [...four, 0, 0]), 'tensor u overlaps'],
    ['a gap', byHand(`{"t":${entry('F32', [1], 2, 6)}}`, [...four, 0, 0]), 'tensor t overlaps or leaves a gap'],
    ['bytes that nobody owns', byHand(`{"t":${entry('F32', [1], 0, 4)}}`, [...four, 0, 0]), 'has 2 bytes after its last tensor'],
    ['a size beyond counting', byHand(`{"t":${entry('F32', [2 ** 52, 2 ** 52, 2 ** 52], 0, 4)}}`, four), 'tensor t has 4 bytes'],
  ])('refuses %s', (_, bytes, problem) => {
    expect(() => readSafetensors(bytes, 'hand.safetensors')).toThrow(InputError);
    expect(() => readSafetensors(bytes, 'hand.safetensors')).toThrow(problem);
  });

  it('gives tensors or an InputError for any damage', async () => {
    const tensors = new Map([
      ['one', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
      ['two', { shape: [3], data: Float32Array.of(5, 6, 7) }],
    ]);
    const bytes = writeSafetensors({ metadata: { spec: '{}' }, tensors });
    const random = new Random(3);
    for (let i = 0; i < 5000; i++) {
      const result = await readOrInputError(() => readSafetensors(damage(bytes, random), 'damaged'));
      if (result instanceof InputError) expect(result.message).toMatch(/^damaged: [^\n]+$/);
    }
  });
});

describe('writeSafetensors', () => {
  it('refuses data that does not fit its shape', () => {
    const tensors = new Map([['t', { shape: [2], data: Float32Array.of(1) }]]);
    expect(() => writeSafetensors({ metadata: {}, tensors })).toThrow('tensor t has 1 values where its shape needs 2');
  });
});
