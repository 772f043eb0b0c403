import { describe, expect, it } from 'vitest';
import { CLIP_ONSET, CLIP_RATE } from '../../model/corpus/notes.ts';
import { measurePhases } from '../../model/corpus/partial-phases.ts';
import { STRIKE_LEAD } from '../../model/corpus/strike-lead.ts';
import { Random } from '../../model/random.ts';
import { FIRST_NOTE } from '../../model/spec.ts';
import { PHASE_STEPS, fundamental, partialFrequency, typicalTuning } from '../../model/tuning.ts';

const tuning = typicalTuning();
const random = new Random(12);

/** A decaying strike with these phases, under some noise, its onset `late` samples late. */
function strike(note: number, phases: readonly number[], loudness: number, late = 0): Float32Array {
  const f0 = fundamental(tuning, note);
  const audio = Float32Array.from({ length: CLIP_RATE / 2 }, () => 1e-3 * random.normal());
  phases.forEach((phase, i) => {
    const frequency = partialFrequency(f0, tuning.inharmonicity[note - FIRST_NOTE]!, i + 1);
    for (let n = CLIP_ONSET - STRIKE_LEAD + late; n < audio.length; n++) {
      const t = (n - CLIP_ONSET + STRIKE_LEAD - late) / CLIP_RATE;
      audio[n]! += (loudness / (i + 1)) * Math.exp(-3 * t) * Math.sin(2 * Math.PI * frequency * t + phase);
    }
  });
  return audio;
}

describe('the phases of partials', () => {
  it.each([28, 52, 76])('are found again in strikes of key %i', (note) => {
    const phases = Array.from({ length: 12 }, () => random.between(0, 2 * Math.PI));
    const clips = [0.1, 0.3].map((loudness) => ({ note, audio: strike(note, phases, loudness) }));
    const all = measurePhases(clips, tuning);
    const measured = all[note - FIRST_NOTE]!;
    expect(measured.length).toBeGreaterThan(3);
    const errors = phases.slice(0, measured.length).map((phase, i) => {
      const turns = measured[i]! / PHASE_STEPS - phase / (2 * Math.PI);
      return Math.abs(turns - Math.round(turns));
    });
    expect(Math.max(...errors)).toBeLessThan(0.03);
    expect(measured.every((step) => Number.isInteger(step) && step >= 0 && step < PHASE_STEPS)).toBe(true);
    expect(all.every((key, i) => i === note - FIRST_NOTE || key.length === 0)).toBe(true);
  });

  it.each([28, 40, 64])('are those of strikes of key %i whose onsets are not known to the sample, but for one delay', (note) => {
    const f0 = fundamental(tuning, note);
    const phases = Array.from({ length: 40 }, () => random.between(0, 2 * Math.PI));
    const clips = [-31, 22, -3, 40, 11].map((late, i) => ({ note, audio: strike(note, phases, 0.1 + 0.05 * i, late) }));
    const measured = measurePhases(clips, tuning)[note - FIRST_NOTE]!;
    const heard = phases.slice(0, measured.length);
    const away = (delay: number): number =>
      Math.max(
        ...heard.map((phase, i) => {
          const frequency = partialFrequency(f0, tuning.inharmonicity[note - FIRST_NOTE]!, i + 1);
          const turns = measured[i]! / PHASE_STEPS - phase / (2 * Math.PI) + (frequency * delay) / CLIP_RATE;
          return Math.abs(turns - Math.round(turns));
        }),
      );
    expect(away(0)).toBeGreaterThan(0.2);
    // The mean of the five is 7.8 samples late.
    expect(Math.min(...Array.from({ length: 41 }, (_, i) => away(5.8 + i / 10)))).toBeLessThan(0.05);
  });
});
