/** The plan of a training run: which tensors learn when, and how fast. */
import { InputError } from '../input-error.ts';

/**
 * Which tensors learn, and how: the excitation with the encoder by the outlines of
 * strikes; the same without embeddings and encoder, so that styles go on fitting; the knocks alone by their waveforms; the excitation by its sound, the WaveNet on a finished excitation by the attacks, or all together; and the WaveNet
 * as a generator, by likelihood.
 */
export const STAGES = ['outline', 'notes', 'knocks', 'excitation', 'wavenet', 'all', 'generator'] as const;
export type Stage = (typeof STAGES)[number];
/** Stages that make sound and compare it by the multi-scale spectral loss. */
export type SoundStage = Exclude<Stage, 'outline' | 'notes' | 'knocks' | 'wavenet' | 'generator'>;

/** One leg of a run. */
export interface Leg {
  readonly stage: Stage;
  /** Share of all steps. */
  readonly share: number;
  readonly peakRate: number;
}

export interface Plan {
  readonly steps: number;
  /** One after another; their shares add up to 1. */
  readonly legs: readonly Leg[];
}

/**
 * What `anypiano train` follows. Outlines teach a whole corpus in the time in which
 * a few notes are synthesised; sound teaches what they cannot tell, and teaches the encoder
 * other timbres; outlines then bring every strike back to where it was nearest.
 */
export const DEFAULT_LEGS: readonly Leg[] = [
  { stage: 'outline', share: 0.45, peakRate: 2e-3 },
  { stage: 'excitation', share: 0.2, peakRate: 5e-4 },
  { stage: 'outline', share: 0.25, peakRate: 2e-3 },
  { stage: 'wavenet', share: 0.1, peakRate: 2e-3 },
];

/** The same for a model whose WaveNet generates: nothing else learns. */
export const GENERATOR_LEGS: readonly Leg[] = [{ stage: 'generator', share: 1, peakRate: 2e-3 }];

/**
 * Reads legs as a command line gives them: `stage:share:rate`, separated by commas.
 *
 * @param option names the text in errors
 * @throws InputError if a leg is malformed or the shares do not add up to 1
 */
export function parseLegs(option: string, text: string): Leg[] {
  const legs = text.split(',').map((part): Leg => {
    const [name, share, rate, ...rest] = part.split(':');
    const stage = STAGES.find((candidate) => candidate === name);
    if (stage === undefined) throw new InputError(option, `'${name}' is none of ${STAGES.join(', ')}`);
    const leg = { stage, share: Number(share), peakRate: Number(rate) };
    if (rest.length > 0 || !(leg.share > 0 && leg.share <= 1) || !(leg.peakRate > 0 && leg.peakRate < 1)) {
      throw new InputError(option, `'${part}' is not stage:share:rate with numbers from 0 to 1`);
    }
    return leg;
  });
  const sum = legs.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-6) throw new InputError(option, `the shares add up to ${sum}, not to 1`);
  return legs;
}

/** The same legs as text. */
export function describeLegs(legs: readonly Leg[]): string {
  return legs.map(({ stage, share, peakRate }) => `${stage}:${share}:${peakRate}`).join(',');
}

const WARM_UP_STEPS = 100;
const LAST_RATE = 0.02;

interface Place {
  readonly leg: Leg;
  readonly first: number;
  /** Step at which the next leg begins. */
  readonly end: number;
}

function placeOf({ steps, legs }: Plan, step: number): Place {
  let done = 0;
  let place: Place | undefined;
  for (const leg of legs) {
    const first = Math.round(done * steps);
    done += leg.share;
    place = { leg, first, end: Math.round(done * steps) };
    if (step < place.end) return place;
  }
  if (!place) throw new RangeError('a plan needs a leg');
  return place;
}

export function stageAt(plan: Plan, step: number): Stage {
  return placeOf(plan, step).leg.stage;
}

/** Learning rate: in each leg a short linear rise, then half a cosine down to a fiftieth. */
export function learningRate(plan: Plan, step: number): number {
  const { leg, first, end } = placeOf(plan, step);
  const warm = Math.min(1, (step - first + 1) / WARM_UP_STEPS);
  const fall = LAST_RATE + (1 - LAST_RATE) * (0.5 + 0.5 * Math.cos((Math.PI * (step - first)) / (end - first)));
  return leg.peakRate * warm * fall;
}
