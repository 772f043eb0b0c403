import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../model/input-error.ts';
import { adamStep, createAdam } from '../../model/train/adam.ts';
import { loadCheckpoint, saveCheckpoint, type TrainingState } from '../../model/train/checkpoint.ts';
import { lossCurves, type LogEntry } from '../../model/train/log.ts';

function entry(step: number, loss: number): LogEntry {
  return { step, stage: step < 100 ? 'excitation' : 'wavenet', loss, banks: { grand: loss, upright: loss * 1.1 }, learningRate: 1e-3, throughput: 5, seconds: step };
}

function state(): TrainingState {
  const parameters = Float32Array.from({ length: 20 }, (_, i) => i / 7);
  const adam = createAdam(20);
  adamStep(parameters, parameters.map((v) => v - 1), adam, 0.01);
  return { step: 42, seconds: 12.5, parameters, average: parameters.map((v) => v / 2), adam, log: [entry(25, 0.9)] };
}

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'anypiano-checkpoint-'));

describe('a checkpoint', () => {
  it('brings back everything that the optimiser knew', async () => {
    const at = await folder();
    const saved = state();
    await saveCheckpoint(at, saved, 'model A');
    expect(await loadCheckpoint(at, 'model A')).toEqual(saved);
    expect(await readdir(at)).toEqual(['checkpoint.safetensors']);
  });

  it('is not there in a new folder', async () => {
    expect(await loadCheckpoint(await folder(), 'model A')).toBeUndefined();
  });

  it('of another model is refused by name', async () => {
    const at = await folder();
    await saveCheckpoint(at, state(), 'model A');
    await expect(loadCheckpoint(at, 'model B')).rejects.toThrow(/checkpoint\.safetensors: is a checkpoint of another model/);
  });

  it('that was cut short is refused', async () => {
    const at = await folder();
    await saveCheckpoint(at, state(), 'model A');
    const path = join(at, 'checkpoint.safetensors');
    await writeFile(path, (await readFile(path)).subarray(0, -10));
    await expect(loadCheckpoint(at, 'model A')).rejects.toThrow(InputError);
  });
});

describe('the loss curves', () => {
  it('draw every bank, and where each stage began', () => {
    const svg = lossCurves(Array.from({ length: 8 }, (_, i) => entry(25 * (i + 1), 1 / (i + 1))));
    expect(svg.match(/<polyline/g)).toHaveLength(3);
    expect(svg).toContain('upright');
    expect(svg).toContain('>sound<');
    expect(svg).toContain('>WaveNet<');
    expect(svg).not.toContain('NaN');
  });
});
