import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ControlMap, createControls } from '../../model/controls.ts';
import type { CorpusCache } from '../../model/corpus/cache.ts';
import { Random } from '../../model/random.ts';
import { noteNetwork } from '../../model/reference/note-network.ts';
import { startBackend } from '../../model/train/backend.ts';
import { exportModel } from '../../model/train/export.ts';
import { importModel } from '../../model/train/import.ts';
import { BANK_EMBEDDINGS, KEY_OFFSETS, parameterCount, parameterLayout, view } from '../../model/train/parameters.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../../model/spec.ts';
import { roundToHalf } from '../../model/half.ts';
import { typicalTuning } from '../../model/tuning.ts';
import { SMALL_SPEC } from './small-model.ts';

const layout = parameterLayout(SMALL_SPEC);
const random = new Random(3);
const trained = Float32Array.from({ length: parameterCount(layout) }, () => random.normal());
// As they are shipped.
for (const slice of layout.filter(({ name }) => /^(?:note|knock)\./.test(name))) view(trained, slice).set(view(trained, slice).map(roundToHalf));
const bank = (id: string): Record<string, unknown> => ({ id, name: id, kind: 'grand', licence: 'CC0-1.0', credit: 'Nobody', source: 'here', tuning: typicalTuning() });
const strikes = (row: number, count: number): Record<string, unknown>[] => Array.from({ length: count }, (_, i) => ({ bank: row, trained: true, note: 40 + i }));
const cache = { banks: [bank('grand'), bank('upright')], notes: [...strikes(0, 9), ...strikes(1, 3), { bank: 1, trained: false, note: 90 }] } as unknown as CorpusCache;

let folder: string;
let weights: string;
beforeAll(() => startBackend('cpu'));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anypiano-import-'));
  weights = join(folder, 'model.safetensors');
  await exportModel(SMALL_SPEC, cache, trained, (tensors) => tensors, { weights, folder }, {});
});
afterEach(() => rm(folder, { recursive: true }));

describe('a finished model to start from', () => {
  it('gives back decoder and encoder to the bit, and each bank by its id the embedding that it had learned', async () => {
    const parameters = new Float32Array(trained.length).fill(7);
    await importModel(SMALL_SPEC, [{ id: 'upright', recordings: 3 }, { id: 'new', recordings: 5 }, { id: 'grand', recordings: 9 }], weights, parameters);
    for (const slice of layout) {
      const got = [...view(parameters, slice)];
      if (slice.name === KEY_OFFSETS) {
        const size = SMALL_SPEC.style.size;
        const keyOf = (values: ArrayLike<number>, row: number, note: number): number[] =>
          Array.from({ length: size }, (_, i) => values[(row * NOTE_COUNT + note - FIRST_NOTE) * size + i]!);
        const learned = view(trained, slice);
        // Three of the upright's keys were trained on, nine of the grand's.
        for (const note of [40, 42]) keyOf(got, 0, note).forEach((value, i) => expect(value).toBeCloseTo(keyOf(learned, 1, note)[i]!, 3));
        keyOf(got, 2, 48).forEach((value, i) => expect(value).toBeCloseTo(keyOf(learned, 0, 48)[i]!, 3));
        expect(keyOf(got, 0, 90)).toEqual(new Array(size).fill(7));
        continue;
      }
      if (slice.name !== BANK_EMBEDDINGS) {
        expect(got, slice.name).toEqual([...view(trained, slice)]);
        continue;
      }
      const size = SMALL_SPEC.style.size;
      const learned = (row: number): unknown[] => [...view(trained, slice).subarray(row * size, (row + 1) * size)].map((value) => expect.closeTo(value, 5));
      expect(got.slice(0, size)).toEqual(learned(1));
      expect(got.slice(size, 2 * size)).toEqual(new Array(size).fill(7));
      expect(got.slice(2 * size, 3 * size)).toEqual(learned(0));
    }
  });

  it('leaves the embedding of a bank without a strike to train on as it is, and makes no other of it', async () => {
    const [empty, alone] = [new Float32Array(trained.length).fill(7), new Float32Array(trained.length)];
    await importModel(SMALL_SPEC, [{ id: 'upright', recordings: 0 }, { id: 'grand', recordings: 9 }], weights, empty);
    await importModel(SMALL_SPEC, [{ id: 'grand', recordings: 9 }], weights, alone);
    const slice = layout.find(({ name }) => name === BANK_EMBEDDINGS)!;
    const { size } = SMALL_SPEC.style;
    expect([...view(empty, slice).subarray(0, size)]).toEqual(new Array(size).fill(7));
    expect([...view(empty, slice).subarray(size, 2 * size)]).toEqual([...view(alone, slice).subarray(0, size)]);
  });

  it.each(['model.safetensors', 'encoder.safetensors', 'styles/index.json', 'styles/upright.json'])('names %s where it is missing or cut short', async (file) => {
    const path = join(folder, file);
    const load = (): Promise<void> => importModel(SMALL_SPEC, [{ id: 'grand', recordings: 9 }], weights, new Float32Array(trained.length));
    await writeFile(path, (await readFile(path)).subarray(0, 40));
    await expect(load()).rejects.toThrow(`${file}: `);
    await rm(path);
    await expect(load()).rejects.toThrow(`${file}: cannot be read`);
  });

  it('is cut to a smaller tier, of which every output is that of the larger one', async () => {
    const smaller = { ...SMALL_SPEC, tier: 'small', strings: { ...SMALL_SPEC.strings, partials: 10 }, waveNet: { ...SMALL_SPEC.waveNet, channels: 4 } } as const;
    const small = parameterLayout(smaller);
    const parameters = new Float32Array(parameterCount(small));
    await importModel(smaller, [{ id: 'grand', recordings: 9 }], weights, parameters);
    const tensors = (flat: Float32Array, of: typeof layout): Map<string, Float32Array> => new Map(of.map((slice) => [slice.name, view(flat, slice)]));
    const embedding = [0.1, -0.4, 0.3, 0.9];
    const controls = ([SMALL_SPEC, smaller] as const).map((spec) => {
      const raw = noteNetwork(spec, tensors(spec === smaller ? parameters : trained, spec === smaller ? small : layout), 60, 0.6, embedding);
      const out = createControls(spec);
      new ControlMap(spec).apply(raw, 261, 3e-4, 0.6, out);
      return out;
    });
    const [large, cut] = [controls[0]!, controls[1]!];
    for (const name of ['promptAmplitude', 'aftersoundAmplitude', 'promptRate', 'aftersoundRate', 'beat'] as const) {
      expect([...cut[name]], name).toEqual([...large[name].subarray(0, 10)]);
    }
    for (const name of ['strikeAmplitude', 'strikeRate', 'bodyAmplitude', 'bodyRate', 'riseRate', 'features', 'knockShape'] as const) expect([...cut[name]], name).toEqual([...large[name]]);
    expect(cut.attackRate).toBe(large.attackRate);
    expect(cut.knockAmplitude).toBe(large.knockAmplitude);
  });

  it('gives its strings and noise to a model without knocks, and does not take knocks from one', async () => {
    const without = { ...SMALL_SPEC, knock: { ...SMALL_SPEC.knock, waves: 0 } };
    const parameters = new Float32Array(parameterCount(parameterLayout(without)));
    await importModel(without, [{ id: 'grand', recordings: 9 }], weights, parameters);
    const bias = parameterLayout(without).find(({ name }) => name === 'note.2.bias')!;
    const whole = layout.find(({ name }) => name === 'note.2.bias')!;
    expect([...view(parameters, bias)]).toEqual([...view(trained, whole).subarray(0, bias.size)]);
    await exportModel(without, cache, parameters, (tensors) => tensors, { weights, folder }, {});
    await expect(importModel(SMALL_SPEC, [{ id: 'grand', recordings: 9 }], weights, trained.slice())).rejects.toThrow('is another model');
  });

  it('refuses another model', async () => {
    const other = { ...SMALL_SPEC, id: 'other' };
    await expect(importModel(other, [{ id: 'grand', recordings: 9 }], weights, new Float32Array(trained.length))).rejects.toThrow('model.safetensors: is another model than other');
  });
});
