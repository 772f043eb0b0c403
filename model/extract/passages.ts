/** Stretches of a recording whose notes are known: what a model can be held against. */
import type { Performance } from '../performance.ts';
import { FIRST_NOTE, type Spec } from '../spec.ts';
import { FRAME, type Scene } from '../train/graph/scene.ts';
import { fundamental, type Tuning } from '../tuning.ts';
import { Score } from './score.ts';

export interface Passage {
  /** One example, whose first strike lies on its second frame. */
  readonly scene: Scene;
  /** What was recorded, `scene.length` samples. */
  readonly target: Float32Array;
}

export interface PassageOptions {
  /** Samples of each passage, a multiple of FRAME. */
  readonly length: number;
  /** Most passages; they are taken evenly from all that serve. */
  readonly count: number;
  /** Samples in the pool of noise. */
  readonly noise: number;
}

/** More voices than these take too long for what one passage tells. */
const MOST_VOICES = 10;
/** Seconds after which a strike is too old to count, and damper gain below which it is too soft. */
const OLDEST = 4;
const SILENT = 1e-3;
/** A passage whose peak lies below this share of the loudest says little. */
const FAINT = 0.03;
/** The model's strike comes this many samples before the first sign of it in a recording: 1 ms. */
const LEAD = 48;

/**
 * Passages of `recording`, mono at the model's rate, that start just before a strike of `performance`.
 *
 * Strikes lie on frames: the first one of a passage exactly, others up to 2.7 ms beside their place.
 */
export function findPassages(spec: Spec, recording: Float32Array, performance: Performance, tuning: Tuning, options: PassageOptions): Passage[] {
  const { length, count, noise } = options;
  const score = new Score(performance, spec.sampleRate);
  const peak = recording.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const candidates = score.strikes.flatMap((strike) => {
    const from = strike.start - LEAD - FRAME;
    if (from < 0 || from + length > recording.length) return [];
    const target = recording.slice(from + LEAD, from + LEAD + length);
    if (!target.some((sample) => Math.abs(sample) > FAINT * peak)) return [];
    const voices = score.strikes.filter(
      (other) =>
        other.start < from + length && other.start > from - OLDEST * spec.sampleRate && score.damper(other, Math.max(from, other.start), spec.sampleRate) > SILENT,
    );
    return voices.length > MOST_VOICES ? [] : [{ from, target, voices }];
  });
  const step = Math.max(1, candidates.length / count);
  const chosen = Array.from({ length: Math.min(count, candidates.length) }, (_, i) => candidates[Math.floor(i * step)]!);
  return chosen.map(({ from, target, voices }, i) => ({
    target,
    scene: {
      examples: 1,
      voices: voices.length,
      length,
      start: voices.map((voice) => Math.round((voice.start - LEAD - from) / FRAME) * FRAME),
      strikes: {
        note: voices.map(({ note }) => note),
        velocity: voices.map(({ velocity }) => velocity),
        f0: voices.map(({ note }) => fundamental(tuning, note)),
        inharmonicity: voices.map(({ note }) => tuning.inharmonicity[note - FIRST_NOTE]!),
      },
      damper: Float32Array.from({ length: voices.length * length }, (_, at) =>
        score.damper(voices[Math.floor(at / length)]!, from + LEAD + (at % length), spec.sampleRate),
      ),
      pedal: new Float32Array(length / spec.tick),
      noiseOffset: (i * length) % (noise - length),
    },
  }));
}
