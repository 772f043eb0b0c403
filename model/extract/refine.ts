/**
 * Refinement: gradient descent through the model, on the recording itself.
 *
 * The embedding moves, and the voicing, and the level of the recording, which nobody keeps. Weights stay as they are.
 * What is compared are outlines, as in the first leg of training: the power that the model expects of a strike, and of
 * all that sounds beside it, with the power that was recorded.
 */
import type { Recording } from '../audio/recording.ts';
import type { Performance } from '../performance.ts';
import { Random } from '../random.ts';
import type { Spec } from '../spec.ts';
import { adamStep, createAdam } from '../train/adam.ts';
import type { Parameters } from '../train/graph/note-network.ts';
import { Outline } from '../train/outline/outline.ts';
import type { Voicing } from '../voicing.ts';
import { hearStrikes } from './heard-strikes.ts';
import { noiseFloors } from './noise-floor.ts';
import { Score } from './score.ts';
import { StyleFit, type FirstStyle, type HeardRecording } from './style-fit.ts';

export interface RefineOptions {
  /** Most steps. */
  readonly steps: number;
  /** Whether the performance was heard in the recording, and its velocities are guesses. */
  readonly heard: boolean;
  /** Stops where it aborts; what was best by then is the result. */
  readonly signal: AbortSignal;
  /** Called with the share of `steps` that is done. */
  readonly onProgress?: (done: number) => void;
}

export interface Refinement {
  readonly embedding: number[];
  readonly voicing: Voicing;
  /** Distance of outlines on the strikes that were kept back, of the first embedding and of this style. */
  readonly before: number;
  readonly after: number;
  readonly steps: number;
}

/** Most strikes that are looked at. Every fifth is kept back; at least two are needed, one to learn from and one to listen to. */
const MOST_STRIKES = 160;
const KEPT_BACK = 5;
const LEAST_STRIKES = 2;
const BATCH = 16;
const RATE = 0.04;
/**
 * What is judged and kept is a running mean of the steps (Polyak and Juditsky, 1992), as single ones go to and fro with
 * their batches: so much of it stays at each step.
 */
const MEMORY = 0.9;
/** The rate falls to nothing over the last share of the steps. */
const SETTLING = 0.4;
/** Steps between two looks at what was kept back and at what sounds beside each strike. */
const LOOK = 10;
/** Looks without a gain before it ends. */
const PATIENCE = 8;

/**
 * Moves a style towards the piano of a recording; undefined where fewer than two strikes can be heard in it.
 *
 * @param p tensors of the decoder, @param recording at the model's rate, @param first where it starts
 * @param performance what it holds, up to a tenth of a second early or late
 */
export async function refineStyle(
  spec: Spec,
  p: Parameters,
  recording: Recording,
  performance: Performance,
  first: FirstStyle,
  { steps, heard, signal, onProgress }: RefineOptions,
): Promise<Refinement | undefined> {
  const outline = new Outline(spec);
  try {
    const floors = noiseFloors(recording, outline.views);
    const fitTo = (played: Performance): Promise<StyleFit | undefined> => fitStyle(spec, p, outline, { recording, floors, heard }, played, first);
    const early = await fitTo(performance);
    const delay = (await early?.delay(recording)) ?? 0;
    const fit = delay === 0 ? early : await fitTo(delayed(performance, delay / recording.sampleRate));
    if (fit === undefined) return undefined;
    const indices = Array.from({ length: fit.strikes }, (_, i) => i);
    const kept = indices.filter((i) => i % KEPT_BACK === KEPT_BACK - 1 || (indices.length < KEPT_BACK && i === indices.length - 1));
    const learned = indices.filter((i) => !kept.includes(i));
    const random = new Random(1);
    const adam = createAdam(fit.flat.length);
    const gradient = new Float32Array(fit.flat.length);
    const at = fit.flat.slice();
    const mean = fit.flat.slice();
    const before = await fit.distance(kept);
    let best = { embedding: [...first.embedding], voicing: fit.voicing, loss: before };
    let since = 0;
    let step = 0;
    while (step < steps && since < PATIENCE && !signal.aborted) {
      fit.flat.set(at);
      await fit.distance(Array.from({ length: BATCH }, () => random.pick(learned)), gradient);
      adamStep(at, gradient, adam, RATE * Math.min(1, (1 - step / steps) / SETTLING));
      at.forEach((value, i) => (mean[i] = step === 0 ? value : MEMORY * mean[i]! + (1 - MEMORY) * value));
      step++;
      onProgress?.(step / steps);
      if (step % LOOK !== 0 && step < steps) continue;
      fit.flat.set(mean);
      await fit.listen();
      const loss = await fit.distance(kept);
      since = loss < best.loss ? 0 : since + 1;
      if (loss < best.loss) best = { embedding: fit.embedding, voicing: fit.voicing, loss };
    }
    const { loss: after, ...style } = best;
    return { ...style, before, after, steps: step };
  } finally {
    outline.dispose();
  }
}

/** Undefined where too few strikes can be heard. */
async function fitStyle(
  spec: Spec,
  p: Parameters,
  outline: Outline,
  { recording, floors, heard }: { readonly recording: Recording } & Pick<HeardRecording, 'floors' | 'heard'>,
  performance: Performance,
  first: FirstStyle,
): Promise<StyleFit | undefined> {
  const score = new Score(performance, spec.sampleRate);
  const strikes = hearStrikes(recording, score, outline.views, floors, MOST_STRIKES);
  if (strikes.length < LEAST_STRIKES) return undefined;
  const fit = new StyleFit(spec, p, outline, { score, strikes, floors, heard }, first);
  await fit.prepare();
  return fit;
}

/** The same so many seconds later; what began before the recording begins with it. */
function delayed(performance: Performance, seconds: number): Performance {
  return { ...performance, events: performance.events.map((event) => ({ ...event, seconds: Math.max(0, event.seconds + seconds) })) };
}
