/** A note made from known physics, to hold the analysis against. */
import { partialFrequency } from '../../model/tuning.ts';
import { Random } from '../../model/random.ts';

export interface SyntheticNote {
  readonly f0: number;
  readonly inharmonicity: number;
  readonly seed: number;
  readonly seconds: number;
  /** Samples of silence before the strike. */
  readonly lead: number;
  /** Rms of white noise under the note. */
  readonly noise: number;
  /** The first partials are weaker by this many dB, as in small pianos. */
  readonly weakBass?: number;
}

/** Stiff-string partials with random levels and phases that decay faster the higher they are, and white noise. */
export function synthesise(note: SyntheticNote, sampleRate = 48000): Float32Array {
  const random = new Random(note.seed);
  const out = new Float32Array(Math.round(note.seconds * sampleRate));
  for (let k = 1; k <= 60; k++) {
    const f = partialFrequency(note.f0, note.inharmonicity, k);
    if (f > 0.45 * sampleRate) break;
    const weak = k <= 3 ? (note.weakBass ?? 0) : 0;
    const amplitude = 0.1 * 10 ** ((-4 * Math.log2(k) - f / 400 - weak + random.between(-5, 5)) / 20);
    const rate = 0.8 * (1 + f / 2500);
    const phase = random.between(0, 2 * Math.PI);
    for (let n = note.lead; n < out.length; n++) {
      const t = (n - note.lead) / sampleRate;
      const loud = amplitude * Math.exp(-rate * t);
      if (loud < 1e-7) break;
      out[n]! += loud * (1 - Math.exp(-700 * t)) * Math.sin(2 * Math.PI * f * t + phase);
    }
  }
  for (let n = 0; n < out.length; n++) out[n]! += note.noise * random.normal();
  return out;
}
