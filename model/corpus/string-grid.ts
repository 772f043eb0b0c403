/** Finds the neighbourhood of a string in a spectrum, even where its low partials are weak. */
import { equalTemperament, partialFrequency } from '../tuning.ts';
import { HIGHEST_FREQUENCY, type StiffString } from './partials.ts';
import { medianLevel, type Spectrum } from './spectrum.ts';

const GRID_PARTIALS = 24;
/** Old uprights are found this far from equal temperament. */
const GRID_CENTS = 250;
/** Octaves of B between two rows of the grid. */
const GRID_STEP = 1 / 12;
/** How far from equal temperament (cents) and, as a share of the reach, from the expected B costs one point of the grid's score. */
const CENTS_PENALTY = 150;
const STIFFNESS_PENALTY = 0.75;

/** Where to look for B. */
export interface StiffnessRange {
  readonly expected: number;
  /** The grid reaches this factor up and down. */
  readonly factor: number;
}

/** Level of each bin above its surroundings, in 0..1. */
function prominence(spectrum: Spectrum, f0: number): Float32Array {
  const { step, level } = spectrum;
  const highest = Math.min(level.length - 1, Math.floor(HIGHEST_FREQUENCY / step));
  const width = Math.max(f0, 60);
  const medians: number[] = [];
  for (let f = 0; f < HIGHEST_FREQUENCY + width; f += width) medians.push(medianLevel(spectrum, f, f + width));
  const score = new Float32Array(highest + 1);
  for (let i = 0; i <= highest; i++) {
    const at = Math.max(0, (i * step) / width - 0.5);
    const low = Math.floor(at);
    const floor = medians[low]! + (at - low) * (medians[low + 1]! - medians[low]!);
    score[i] = Math.min(1, Math.max(0, (level[i]! - floor) / 40));
  }
  return score;
}

/** Each value replaced by the highest within `reach` bins: running maxima from both ends of blocks (van Herk 1992). */
function dilate(score: Float32Array, reach: number): Float32Array {
  const width = 2 * reach + 1;
  const forward = Float32Array.from(score);
  const backward = Float32Array.from(score);
  for (let i = 1; i < score.length; i++) {
    if (i % width !== 0) forward[i] = Math.max(forward[i]!, forward[i - 1]!);
  }
  for (let i = score.length - 2; i >= 0; i--) {
    if ((i + 1) % width !== 0) backward[i] = Math.max(backward[i]!, backward[i + 1]!);
  }
  return score.map((_, i) =>
    Math.max(forward[Math.min(score.length - 1, i + reach)]!, backward[Math.max(0, i - reach)]!),
  );
}

/** The string of the grid over (cents, B) whose partials stand out most from the spectrum. */
export function gridSearch(spectrum: Spectrum, note: number, { expected, factor }: StiffnessRange): StiffString {
  const base = equalTemperament(note);
  const reach = Math.max(1, Math.round((0.4 * spectrum.resolution) / spectrum.step));
  const score = dilate(prominence(spectrum, base), reach);
  let best: StiffString = { f0: base, inharmonicity: expected };
  let bestScore = -Infinity;
  const octaves = Math.log2(factor);
  for (let octave = -octaves; octave <= octaves; octave += GRID_STEP) {
    const inharmonicity = expected * 2 ** octave;
    const stretch = Array.from({ length: GRID_PARTIALS }, (_, k) => partialFrequency(1, inharmonicity, k + 1));
    for (let cents = -GRID_CENTS; cents <= GRID_CENTS; cents++) {
      const f0 = base * 2 ** (cents / 1200);
      let total = -((cents / CENTS_PENALTY) ** 2) - (octave / octaves / STIFFNESS_PENALTY) ** 2;
      for (const ratio of stretch) {
        const f = f0 * ratio;
        if (f > HIGHEST_FREQUENCY) break;
        total += score[Math.round(f / spectrum.step)] ?? 0;
      }
      if (total > bestScore) {
        bestScore = total;
        best = { f0, inharmonicity };
      }
    }
  }
  return best;
}
