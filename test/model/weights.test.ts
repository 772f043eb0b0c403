import { describe, expect, it } from 'vitest';
import { crc32 } from '../../model/crc32.ts';
import { InputError } from '../../model/input-error.ts';
import { Random } from '../../model/random.ts';
import { readSafetensors, writeSafetensors, type TensorFile } from '../../model/safetensors.ts';
import { DEFAULT_SPEC } from '../../model/spec.ts';
import { decoderTensors } from '../../model/tensors.ts';
import { parseWeights, serialiseWeights } from '../../model/weights.ts';
import { damage, readOrInputError } from './damage.ts';
import { SMALL_SPEC, randomWeights } from './files.ts';

const weights = randomWeights(SMALL_SPEC, 1);
const bytes = serialiseWeights(weights, { seed: '1' });

/** The file after a change to its contents. */
function changed(change: (file: TensorFile) => void): Uint8Array {
  const file = readSafetensors(bytes, 'a');
  change(file);
  return writeSafetensors(file);
}

describe('parseWeights', () => {
  it('reads what serialiseWeights writes', () => {
    expect(parseWeights(bytes, 'a')).toEqual(weights);
  });

  it('accepts the default spec', () => {
    expect(parseWeights(serialiseWeights(randomWeights(DEFAULT_SPEC, 2)), 'a').spec).toEqual(DEFAULT_SPEC);
  });

  it('leaves out tensors of others, such as the encoder', () => {
    const more = changed(({ tensors }) => tensors.set('encoder.weight', { shape: [1], data: Float32Array.of(1) }));
    expect([...parseWeights(more, 'a').tensors.keys()]).toEqual(decoderTensors(SMALL_SPEC).map(({ name }) => name));
  });

  const spec = (change: object): string => JSON.stringify({ ...SMALL_SPEC, ...change });
  it.each([
    ['no spec', (f: TensorFile) => { delete f.metadata['spec']; }, 'is not an anypiano model'],
    ['a spec that is no JSON', (f: TensorFile) => { f.metadata['spec'] = '{'; }, 'spec: is not valid JSON'],
    ['another format', (f: TensorFile) => { f.metadata['spec'] = spec({ format: 'anypiano-model/9' }); }, 'spec: format'],
    ['a size beyond reason', (f: TensorFile) => { f.metadata['spec'] = spec({ strings: { partials: 1e9, attackRange: 2 } }); }, 'spec: strings.partials'],
    ['a missing size', (f: TensorFile) => { f.metadata['spec'] = spec({ noise: {} }); }, 'spec: noise.bands'],
    ['a missing tensor', (f: TensorFile) => { f.tensors.delete('note.pitch'); }, 'has no tensor note.pitch'],
    ['another shape', (f: TensorFile) => { f.tensors.set('wavenet.gain.bias', { shape: [2], data: new Float32Array(2) }); }, 'wavenet.gain.bias has shape [2] where the spec needs [1]'],
    ['infinity', (f: TensorFile) => { f.tensors.get('note.0.bias')!.data[0] = Infinity; }, 'tensor note.0.bias is not finite'],
    ['NaN', (f: TensorFile) => { f.tensors.get('note.0.bias')!.data[0] = NaN; }, 'tensor note.0.bias is not finite'],
    ['other values than the checksum', (f: TensorFile) => { f.tensors.get('note.0.bias')!.data[0]! += 1; }, 'its checksum does not match'],
  ])('refuses %s', (_, change, problem) => {
    const file = changed(change);
    expect(() => parseWeights(file, 'my.safetensors')).toThrow(InputError);
    expect(() => parseWeights(file, 'my.safetensors')).toThrow(problem);
  });

  it('gives finite weights or an InputError for any damage', async () => {
    const random = new Random(5);
    for (let i = 0; i < 3000; i++) {
      const result = await readOrInputError(() => parseWeights(damage(bytes, random), 'damaged'));
      if (!(result instanceof InputError)) {
        expect([...result.tensors.values()].every((tensor) => tensor.every(Number.isFinite))).toBe(true);
      }
    }
  });
});

describe('crc32', () => {
  it('has the standard check value, in one piece or two', () => {
    const digits = Buffer.from('123456789');
    expect(crc32(digits)).toBe(0xcbf43926);
    expect(crc32(digits.subarray(4), crc32(digits.subarray(0, 4)))).toBe(0xcbf43926);
  });
});
