import { mkdtemp, readdir, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CacheWriter, CorpusCache, openCorpusCache } from '../../model/corpus/cache.ts';
import { typicalTuning } from '../../model/tuning.ts';
import { Random } from '../../model/random.ts';

const bank = { id: 'a', name: 'A', kind: 'grand', licence: 'CC0-1.0', credit: 'X', source: 'here', tuning: typicalTuning() };
const note = { note: 60, layer: 1, velocity: 80 / 127, trained: true, gain: 6, onsetSeconds: 0.01 };

async function written(clips: readonly Float32Array[]): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'cache-')), 'corpus.bin');
  const writer = await CacheWriter.create(path);
  writer.addBank(bank);
  for (const [i, clip] of clips.entries()) await writer.addNote({ ...note, note: 60 + i, trained: i > 0 }, clip);
  await writer.finish();
  return path;
}

describe('a corpus cache', () => {
  const random = new Random(1);
  const clips = [1000, 1, 4321].map((length) => Float32Array.from({ length }, () => random.between(-0.3, 0.3)));

  it('gives back what was written, gain applied, within half a step of 16 bits', async () => {
    const cache = await openCorpusCache(await written(clips));
    expect(cache.banks).toEqual([bank]);
    expect(cache.notes.map((n) => [n.note, n.trained])).toEqual([[60, false], [61, true], [62, true]]);
    cache.notes.forEach((entry, i) => {
      const audio = cache.read(entry);
      expect(audio).toHaveLength(clips[i]!.length);
      const gain = 10 ** (6 / 20);
      audio.forEach((x, n) => expect(Math.abs(x - gain * clips[i]![n]!)).toBeLessThanOrEqual(0.51 * entry.scale));
    });
  });

  it('reads any part, with silence beyond the end', async () => {
    const cache = await openCorpusCache(await written(clips));
    const entry = cache.notes[0]!;
    const whole = cache.read(entry);
    expect(cache.read(entry, 990, 20)).toEqual(Float32Array.from([...whole.subarray(990), ...Array<number>(10).fill(0)]));
  });

  it('lies in memory that threads can share', async () => {
    const cache = await openCorpusCache(await written(clips));
    expect(cache.samples.buffer).toBeInstanceOf(SharedArrayBuffer);
    const { index, samples } = structuredClone({ index: cache.index, samples: cache.samples });
    expect(samples.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(new CorpusCache(index, samples).read(index.notes[2]!)).toEqual(cache.read(cache.notes[2]!));
  });

  it('can be cut to some of its banks, over the same samples', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'cache-')), 'corpus.bin');
    const writer = await CacheWriter.create(path);
    for (const [i, id] of ['a', 'b', 'c'].entries()) {
      writer.addBank({ ...bank, id });
      await writer.addNote({ ...note, note: 60 + i }, clips[i]!);
    }
    await writer.finish();
    const whole = await openCorpusCache(path);
    const part = whole.only(['c', 'b']);
    expect(part.banks.map(({ id }) => id)).toEqual(['b', 'c']);
    expect(part.notes.map((entry) => [part.bankOf(entry).id, entry.note])).toEqual([['b', 61], ['c', 62]]);
    expect(part.read(part.notes[1]!)).toEqual(whole.read(whole.notes[2]!));
    expect(() => whole.only(['c', 'd'])).toThrow('--banks: the corpus has no d, but a, b, c');
  });

  it('has no name before it is whole', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cache-'));
    const writer = await CacheWriter.create(join(folder, 'corpus.bin'));
    writer.addBank(bank);
    await writer.addNote(note, clips[0]!);
    expect(await readdir(folder)).toEqual(['corpus.bin.part']);
    await writer.finish();
    expect((await readdir(folder)).sort()).toEqual(['corpus.bin', 'corpus.json']);
  });

  it('that is missing, cut short or of another version is refused by name', async () => {
    await expect(openCorpusCache('/nowhere/corpus.bin')).rejects.toThrow('/nowhere/corpus.json');
    const short = await written(clips);
    await truncate(short, 100);
    await expect(openCorpusCache(short)).rejects.toThrow('shorter');
    const old = await written(clips);
    await writeFile(old.replace('.bin', '.json'), JSON.stringify({ format: 'anypiano-corpus-cache/0', notes: [] }));
    await expect(openCorpusCache(old)).rejects.toThrow('anypiano-corpus-cache/1');
  });
});
