/**
 * Controls of one strike: the note network's raw output in physical units.
 *
 * The raw output is a correction to a prior that already behaves like a piano
 * (levels fall with frequency, decay rates rise, louder is brighter), so that
 * an untrained network sounds like a plain string and training starts there.
 */
import { gainOf } from './decibels.ts';
import { hasKnock } from './knock.ts';
import { noiseBands, type Spec } from './spec.ts';
import { partialFrequency, partialPhase } from './tuning.ts';

/** Partials above this share of the sample rate are not sounded. */
export const HIGHEST_PARTIAL = 0.45;

/** Where each group starts in the note network's raw output. */
export interface RawOffsets {
  readonly level: number;
  readonly promptShare: number;
  readonly promptRate: number;
  readonly aftersoundRatio: number;
  readonly detune: number;
  readonly strikeLevel: number;
  readonly strikeRate: number;
  readonly bodyLevel: number;
  readonly bodyRate: number;
  readonly riseRate: number;
  readonly attack: number;
  readonly features: number;
  readonly knockLevel: number;
  readonly knockShape: number;
}

export function rawOffsets(spec: Spec): RawOffsets {
  const k = spec.strings.partials;
  const b = spec.noise.bands;
  return {
    level: 0,
    promptShare: k,
    promptRate: 2 * k,
    aftersoundRatio: 3 * k,
    detune: 4 * k,
    strikeLevel: 5 * k,
    strikeRate: 5 * k + b,
    bodyLevel: 5 * k + 2 * b,
    bodyRate: 5 * k + 3 * b,
    riseRate: 5 * k + 4 * b,
    attack: 5 * k + 5 * b,
    features: 5 * k + 5 * b + 1,
    knockLevel: 5 * k + 5 * b + 1 + spec.waveNet.voiceFeatures,
    knockShape: 5 * k + 5 * b + 2 + spec.waveNet.voiceFeatures,
  };
}

/** Everything that one strike needs, K partials, B bands, F features, W waveforms of the knock. Rates are in 1/s, of amplitude. */
export interface Controls {
  /** Partials below `HIGHEST_PARTIAL`; entries from here on mean nothing. */
  partialCount: number;
  /** Hz, K. */
  readonly frequency: Float64Array;
  /** Radians with which the prompt mode of a partial starts, K. */
  readonly phase: Float64Array;
  /** Radians by which the aftersound mode starts ahead of it, K. */
  readonly lead: Float64Array;
  /** Amplitude of the prompt mode, K. */
  readonly promptAmplitude: Float64Array;
  /** Amplitude of the aftersound mode, K. */
  readonly aftersoundAmplitude: Float64Array;
  readonly promptRate: Float64Array;
  readonly aftersoundRate: Float64Array;
  /** Hz that the aftersound mode lies above the prompt one, half of it on either side of the partial's frequency: strings of one key are never quite in tune, K. */
  readonly beat: Float64Array;
  /** Rms amplitude of the short noise of the strike, B. */
  readonly strikeAmplitude: Float64Array;
  readonly strikeRate: Float64Array;
  /** Rms amplitude of the longer noise of body and room, B. */
  readonly bodyAmplitude: Float64Array;
  readonly bodyRate: Float64Array;
  /** Rate at which the noise of a band builds up, both parts alike: 1 - exp(-rate t), B. Soundboard and case take their time below the treble. */
  readonly riseRate: Float64Array;
  /** Rate 1/s at which the strings' sound builds up: 1 - exp(-rate t). */
  attackRate: number;
  /** Features h for the WaveNet's conditioning, F, within +-1. */
  readonly features: Float64Array;
  /** Amplitude of the knock; 0 where there is none. */
  knockAmplitude: number;
  /** How much of each waveform is in it, W. */
  readonly knockShape: Float64Array;
}

export function createControls(spec: Spec): Controls {
  const k = spec.strings.partials;
  const b = spec.noise.bands;
  const array = (n: number): Float64Array => new Float64Array(n);
  return {
    partialCount: 0,
    frequency: array(k),
    phase: Float64Array.from({ length: k }, (_, i) => partialPhase(i + 1)),
    lead: array(k),
    promptAmplitude: array(k),
    aftersoundAmplitude: array(k),
    promptRate: array(k),
    aftersoundRate: array(k),
    beat: array(k),
    strikeAmplitude: array(b),
    strikeRate: array(b),
    bodyAmplitude: array(b),
    bodyRate: array(b),
    riseRate: array(b),
    attackRate: 0,
    features: array(spec.waveNet.voiceFeatures),
    knockAmplitude: 0,
    knockShape: array(spec.knock.waves),
  };
}

/** Prior level in dB of partial k at `frequency` Hz for `velocity` in 0..1. */
export function priorLevel(k: number, frequency: number, velocity: number): number {
  return -26 - (3 + 4 * (1 - velocity)) * Math.log2(k) - frequency / 400 + 24 * (velocity - 1);
}

/** Prior decay rate in 1/s of the prompt sound of a partial. */
export function priorRate(f0: number, frequency: number): number {
  return 0.9 * Math.sqrt(f0 / 110) * (1 + frequency / 2500);
}

/** Prior level in dB of a noise band at `frequency` Hz for `velocity` in 0..1. */
export function priorNoiseLevel(frequency: number, velocity: number): number {
  return -56 - frequency / 400 + 24 * (velocity - 1);
}

/** Prior level in dB of the knock for `velocity` in 0..1. */
export function priorKnockLevel(velocity: number): number {
  return -10 + 24 * (velocity - 1);
}

/** Prior dB by which the body's noise starts below the strike's. */
export const BODY_BELOW_STRIKE = 14;
/** Scale from raw output to dB. */
export const LEVEL_SCALE = 8;
/** Prior time constants in seconds of the strike's noise, the body's noise, the rise of both, and the attack. */
export const STRIKE_SECONDS = 0.015;
export const BODY_SECONDS = 0.25;
export const RISE_SECONDS = 0.0003;
export const ATTACK_SECONDS = 0.0015;
/** Largest natural logarithm by which the network may move each rate. */
export const PARTIAL_RATE_RANGE = 3;
export const STRIKE_RATE_RANGE = 2.5;
export const BODY_RATE_RANGE = 2.5;
export const RISE_RATE_RANGE = 4;
/** Offsets of the two logistic controls where the raw output is zero. */
export const PROMPT_SHARE_BIAS = 1.5;
export const AFTERSOUND_RATIO_BIAS = -1.1;

/** Cents between the two modes of a partial where the raw output is zero, and by how much the network may move them. */
export const DETUNE = 0.5;
export const DETUNE_RANGE = 4;

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const bounded = (x: number, range: number): number => range * Math.tanh(x / range);

/** Hz that `cents` make at `frequency` Hz, in the linear limit of a few cents. */
export function beatOf(frequency: number, cents: number): number {
  return frequency * cents * CENT;
}

/** Natural logarithm of a cent. */
export const CENT = Math.LN2 / 1200;

/** Maps raw outputs to controls for one spec; owns its constant tables, allocates nothing per strike. */
export class ControlMap {
  readonly #spec: Spec;
  readonly #offsets: RawOffsets;
  readonly #bandCentre: Float64Array;

  constructor(spec: Spec) {
    this.#spec = spec;
    this.#offsets = rawOffsets(spec);
    this.#bandCentre = Float64Array.from(noiseBands(spec), (band) => band.centre);
  }

  /** Partials below `HIGHEST_PARTIAL`. @param f0 fundamental in Hz, @param inharmonicity B */
  partialCount(f0: number, inharmonicity: number): number {
    const highest = HIGHEST_PARTIAL * this.#spec.sampleRate;
    let count = 0;
    while (count < this.#spec.strings.partials && partialFrequency(f0, inharmonicity, count + 1) < highest) count++;
    return count;
  }

  /**
   * Writes the controls of one strike into `out`, all but the phases, which are the tuning's (see `startPhases`); modes start in phase.
   *
   * @param raw the note network's output, `noteOutputSize(spec)` values; of partials above the highest none are read
   * @param f0 fundamental in Hz, @param inharmonicity B, @param velocity 0..1
   */
  apply(raw: ArrayLike<number>, f0: number, inharmonicity: number, velocity: number, out: Controls): void {
    const { noise, waveNet } = this.#spec;
    const at = this.#offsets;
    out.partialCount = this.partialCount(f0, inharmonicity);
    out.lead.fill(0);
    for (let i = 0; i < out.partialCount; i++) {
      const k = i + 1;
      const frequency = partialFrequency(f0, inharmonicity, k);
      out.frequency[i] = frequency;
      const level = priorLevel(k, frequency, velocity) + LEVEL_SCALE * raw[at.level + i]!;
      const total = gainOf(level);
      const share = logistic(raw[at.promptShare + i]! + PROMPT_SHARE_BIAS);
      out.promptAmplitude[i] = total * share;
      out.aftersoundAmplitude[i] = total * (1 - share);
      const rate = priorRate(f0, frequency) * Math.exp(bounded(raw[at.promptRate + i]!, PARTIAL_RATE_RANGE));
      out.promptRate[i] = rate;
      out.aftersoundRate[i] = rate * logistic(raw[at.aftersoundRatio + i]! + AFTERSOUND_RATIO_BIAS);
      out.beat[i] = beatOf(frequency, DETUNE + bounded(raw[at.detune + i]!, DETUNE_RANGE));
    }
    for (let b = 0; b < noise.bands; b++) {
      const prior = priorNoiseLevel(this.#bandCentre[b]!, velocity);
      out.strikeAmplitude[b] = gainOf(prior + LEVEL_SCALE * raw[at.strikeLevel + b]!);
      out.strikeRate[b] = Math.exp(bounded(raw[at.strikeRate + b]!, STRIKE_RATE_RANGE)) / STRIKE_SECONDS;
      out.bodyAmplitude[b] = gainOf(prior - BODY_BELOW_STRIKE + LEVEL_SCALE * raw[at.bodyLevel + b]!);
      out.bodyRate[b] = Math.exp(bounded(raw[at.bodyRate + b]!, BODY_RATE_RANGE)) / BODY_SECONDS;
      out.riseRate[b] = Math.exp(bounded(raw[at.riseRate + b]!, RISE_RATE_RANGE)) / RISE_SECONDS;
    }
    out.attackRate = Math.exp(bounded(raw[at.attack]!, this.#spec.strings.attackRange)) / ATTACK_SECONDS;
    for (let f = 0; f < waveNet.voiceFeatures; f++) out.features[f] = Math.tanh(raw[at.features + f]!);
    const { waves } = this.#spec.knock;
    out.knockAmplitude = waves === 0 || !hasKnock(f0) ? 0 : gainOf(priorKnockLevel(velocity) + LEVEL_SCALE * raw[at.knockLevel]!);
    for (let w = 0; w < waves; w++) out.knockShape[w] = raw[at.knockShape + w]!;
  }
}
