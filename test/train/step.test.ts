import { beforeAll, describe, expect, it } from 'vitest';
import { partialFrequency, typicalTuning, fundamental } from '../../model/tuning.ts';
import { FIRST_NOTE } from '../../model/spec.ts';
import { startBackend } from '../../model/train/backend.ts';
import type { TrainingBank, TrainingNote } from '../../model/train/data/corpus-view.ts';
import { parameterLayout, view } from '../../model/train/parameters.ts';
import type { Stage } from '../../model/train/schedule.ts';
import { GradientStep, learningTensors, type StageSizes } from '../../model/train/step.ts';
import { SMALL_SPEC as spec, randomFlat } from './small-model.ts';

const ONSET = 240;
const tuning = typicalTuning();

/** A decaying string, recorded. */
function recorded(note: number): TrainingNote {
  const f = partialFrequency(fundamental(tuning, note), tuning.inharmonicity[note - FIRST_NOTE]!, 1);
  const audio = Float32Array.from({ length: 0.6 * spec.sampleRate }, (_, n) =>
    n < ONSET ? 0 : 0.3 * Math.exp((-5 * n) / spec.sampleRate) * Math.sin((2 * Math.PI * f * n) / spec.sampleRate),
  );
  return { note, velocity: 0.6, samples: audio.length, onset: ONSET, audio: () => audio };
}

const banks: TrainingBank[] = [0, 1].map((row) => ({
  id: `bank ${row}`,
  row,
  tuning,
  notes: [50, 57, 69].map((note) => recorded(note + row)),
  weight: 1,
      prior: 1,
}));

beforeAll(async () => {
  await startBackend('wasm');
});

describe('a training step', () => {
  const layout = parameterLayout(spec);
  const flat = randomFlat(spec, 2);
  const sizes = (augmentation: number, polyphony: number): StageSizes => {
    const sound = { length: 4096, voices: 2, polyphony, augmentation, onsets: 0.5 };
    return { outline: { strikes: 4, elsewhere: 0.5, blur: 0.2, restless: 0.5 }, knocks: { strikes: 4, elsewhere: 0.5, blur: 0.2 }, excitation: sound, wavenet: { scenes: 2, length: 2048, polyphony, later: 0.5, blur: 0.1 }, all: sound, generator: { scenes: 2, length: 2048, polyphony, onsets: 0.5, blur: 0.1, jitter: 0.1 } };
  };

  for (const stage of ['outline', 'notes', 'knocks', 'excitation', 'wavenet', 'all'] as const satisfies readonly Stage[]) {
    for (const [augmentation, polyphony] of [[0, 0], [1, 0], [0, 1], [1, 1]] as const) {
      const kind = `${augmentation ? 'changed' : 'unchanged'}, ${polyphony ? 'polyphonic' : 'single strikes'}`;
      it(`of stage ${stage} has a finite gradient for what learns and none for the rest (${kind})`, async () => {
        const step = new GradientStep(spec, layout, banks, sizes(augmentation, polyphony));
        const { loss, banks: losses, sound, gradient } = await step.compute(flat, 11, stage);
        expect(loss).toBeGreaterThan(0);
        expect(sound).toBeGreaterThan(0);
        expect(Object.keys(losses).every((id) => banks.some((bank) => bank.id === id))).toBe(true);
        expect(gradient.every(Number.isFinite)).toBe(true);
        const learning = new Set(learningTensors(spec, layout, stage).map(({ name }) => name));
        for (const slice of layout) {
          const moved = view(gradient, slice).some((g) => g !== 0);
          if (!learning.has(slice.name)) expect(moved, slice.name).toBe(false);
          else if (slice.name.startsWith(stage === 'wavenet' ? 'wavenet.' : 'note.')) expect(moved, slice.name).toBe(true);
        }
        expect(await step.compute(flat, 11, stage)).toEqual({ loss, banks: losses, sound, gradient });
      });
    }
  }
});
