import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CacheWriter, openCorpusCache, type CorpusCache } from '../../model/corpus/cache.ts';
import { packCorpus } from '../../model/train/pack/corpus-pack.ts';
import { unpackCorpus } from '../../model/train/pack/unpack-corpus.ts';
import { equalTemperament, typicalTuning } from '../../model/tuning.ts';
import { synthesise } from './synthetic-note.ts';

const ONSET = 240;

async function tinyCorpus(): Promise<CorpusCache> {
  const path = join(await mkdtemp(join(tmpdir(), 'pack-')), 'corpus.bin');
  const writer = await CacheWriter.create(path);
  for (const [i, id] of ['a', 'b'].entries()) {
    writer.addBank({ id, name: id, kind: 'grand', licence: 'CC0-1.0', credit: 'X', source: 'here', tuning: typicalTuning() });
    for (const note of [40, 60, 80]) {
      const audio = synthesise({ f0: equalTemperament(note), inharmonicity: 4e-4, seed: note, seconds: 3.5, lead: ONSET, noise: 1e-5 });
      await writer.addNote({ note, layer: 1, velocity: 0.6, trained: note !== 60, gain: i === 0 ? -3 : 5, onsetSeconds: 0.01 }, audio);
    }
  }
  await writer.finish();
  return openCorpusCache(path);
}

async function unpacked(bytes: Uint8Array): Promise<CorpusCache> {
  const folder = await mkdtemp(join(tmpdir(), 'unpack-'));
  await writeFile(join(folder, 'corpus.pack'), bytes);
  await unpackCorpus(join(folder, 'corpus.pack'), join(folder, 'corpus.bin'));
  return openCorpusCache(join(folder, 'corpus.bin'));
}

/** Signal to error in dB over the first `samples` of two clips. */
function likeness(a: Float32Array, b: Float32Array, samples: number): number {
  let signal = 0;
  let error = 0;
  for (let n = 0; n < samples; n++) {
    signal += a[n]! ** 2;
    error += (a[n]! - b[n]!) ** 2;
  }
  return 10 * Math.log10(signal / error);
}

describe('a packed corpus', () => {
  let cache: CorpusCache;
  let packed: Uint8Array;
  let copy: CorpusCache;
  beforeAll(async () => {
    cache = await tinyCorpus();
    packed = await packCorpus(cache, 2 ** 20);
    copy = await unpacked(packed);
  });

  it('comes back with its banks and the trained notes only', () => {
    expect(copy.banks).toEqual(cache.banks);
    expect(copy.notes.map(({ bank, note, layer, velocity, gain }) => ({ bank, note, layer, velocity, gain }))).toEqual(
      cache.notes.filter((n) => n.trained).map(({ bank, note, layer, velocity, gain }) => ({ bank, note, layer, velocity, gain })),
    );
  });

  it('sounds the same, sample for sample in place, for three seconds', () => {
    cache.notes.filter((n) => n.trained).forEach((note, i) => {
      expect(copy.notes[i]!.samples).toBe(3 * 48000);
      expect(likeness(cache.read(note), copy.read(copy.notes[i]!), 2.9 * 48000)).toBeGreaterThan(15);
    });
  });

  it('takes a lower quality where it must, and never more bytes than allowed', async () => {
    const limit = Math.round(0.75 * packed.length);
    const smaller = await packCorpus(cache, limit);
    expect(smaller.length).toBeLessThanOrEqual(limit);
    expect((await unpacked(smaller)).notes).toHaveLength(4);
  });

  it('is refused where it cannot fit', async () => {
    await expect(packCorpus(cache, 20000)).rejects.toThrow('does not fit');
  });

  it('that is cut short, foreign or missing is refused by name and leaves nothing behind', async () => {
    await expect(unpacked(packed.subarray(0, packed.length - 10))).rejects.toThrow('instead of');
    await expect(unpacked(new Uint8Array(100))).rejects.toThrow('anypiano-corpus-pack/1');
    await expect(unpackCorpus('/nowhere/corpus.pack', '/nowhere/corpus.bin')).rejects.toThrow('/nowhere/corpus.pack: cannot be read');
    const damaged = packed.slice();
    damaged.fill(0, packed.length - 20000);
    const folder = await mkdtemp(join(tmpdir(), 'unpack-'));
    await writeFile(join(folder, 'corpus.pack'), damaged);
    await expect(unpackCorpus(join(folder, 'corpus.pack'), join(folder, 'corpus.bin'))).rejects.toThrow('corpus.pack, note 3');
    expect(await readdir(folder)).toEqual(['corpus.pack']);
  });
});
