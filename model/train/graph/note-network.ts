/** The note network and its controls as a TensorFlow.js graph, over a batch of strikes. */
import * as tf from '@tensorflow/tfjs-core';
import {
  AFTERSOUND_RATIO_BIAS,
  ATTACK_SECONDS,
  BODY_BELOW_STRIKE,
  BODY_RATE_RANGE,
  BODY_SECONDS,
  CENT,
  DETUNE,
  DETUNE_RANGE,
  HIGHEST_PARTIAL,
  LEVEL_SCALE,
  PARTIAL_RATE_RANGE,
  PROMPT_SHARE_BIAS,
  RISE_RATE_RANGE,
  RISE_SECONDS,
  STRIKE_RATE_RANGE,
  STRIKE_SECONDS,
  priorKnockLevel,
  priorLevel,
  priorNoiseLevel,
  priorRate,
  rawOffsets,
} from '../../controls.ts';
import { hasKnock } from '../../knock.ts';
import { FIRST_NOTE, NOTE_COUNT, noiseBands, type Spec } from '../../spec.ts';
import { partialFrequency } from '../../tuning.ts';
import { denseMatMul } from './batch-matmul.ts';

export type Parameters = ReadonlyMap<string, tf.Tensor>;

/** What is known of S strikes before the network runs. */
export interface Strikes {
  /** MIDI notes, S. */
  readonly note: readonly number[];
  /** Velocities in 0..1, S. */
  readonly velocity: readonly number[];
  /** Fundamentals in Hz and inharmonicity coefficients, S. */
  readonly f0: readonly number[];
  readonly inharmonicity: readonly number[];
  /** Phases in radians of each strike's partials; as `partialPhase` says without it. */
  readonly phases?: readonly Float64Array[];
}

/** Controls of S strikes; see `Controls`. Amplitudes of partials above the limit are zero. */
export interface ControlTensors {
  readonly promptAmplitude: tf.Tensor2D;
  readonly aftersoundAmplitude: tf.Tensor2D;
  readonly promptRate: tf.Tensor2D;
  readonly aftersoundRate: tf.Tensor2D;
  readonly beat: tf.Tensor2D;
  readonly strikeAmplitude: tf.Tensor2D;
  readonly strikeRate: tf.Tensor2D;
  readonly bodyAmplitude: tf.Tensor2D;
  readonly bodyRate: tf.Tensor2D;
  readonly riseRate: tf.Tensor2D;
  readonly attackRate: tf.Tensor2D;
  readonly features: tf.Tensor2D;
  /** Amplitude times how much of each waveform is in the knock, `[S, waves]`; undefined for a model without knocks. */
  readonly knock: tf.Tensor2D | undefined;
}

/** Raw output `[S, noteOutputSize]` for embeddings `[S, style size]`. */
export function rawControls(spec: Spec, p: Parameters, strikes: Strikes, embedding: tf.Tensor2D): tf.Tensor2D {
  const index = strikes.note.map((note) => note - FIRST_NOTE);
  const oneHot = tf.oneHot(tf.tensor1d(index, 'int32'), NOTE_COUNT).toFloat() as tf.Tensor2D;
  const pitch = denseMatMul(oneHot, p.get('note.pitch') as tf.Tensor2D);
  const velocity = tf.tensor2d(strikes.velocity.map((v) => [v, v * v]));
  let x = tf.concat([pitch, velocity, embedding], 1) as tf.Tensor2D;
  const layers = spec.noteNetwork.hidden.length;
  for (let layer = 0; layer <= layers; layer++) {
    const y = denseMatMul(x, p.get(`note.${layer}.weight`) as tf.Tensor2D).add(p.get(`note.${layer}.bias`)!);
    x = (layer < layers ? y.mul(tf.sigmoid(y)) : y) as tf.Tensor2D;
  }
  return x;
}

const bounded = (x: tf.Tensor2D, range: number): tf.Tensor2D => tf.tanh(x.div(range)).mul(range);
/** The amplitude of a level in dB, or the factor of a gain in dB. */
export const amplitude = (level: tf.Tensor): tf.Tensor2D => tf.exp(level.mul(Math.LN10 / 20)) as tf.Tensor2D;

/** The tables that depend on the strike but not on the network: priors and audibility. */
function priors(spec: Spec, s: Strikes): { frequency: tf.Tensor2D; level: tf.Tensor2D; rate: tf.Tensor2D; audible: tf.Tensor2D; noise: tf.Tensor2D; knock: tf.Tensor2D; hasKnock: tf.Tensor2D } {
  const k = Array.from({ length: spec.strings.partials }, (_, i) => i + 1);
  const frequency = s.f0.map((f0, i) => k.map((n) => partialFrequency(f0, s.inharmonicity[i]!, n)));
  const limit = HIGHEST_PARTIAL * spec.sampleRate;
  return {
    frequency: tf.tensor2d(frequency),
    level: tf.tensor2d(frequency.map((row, i) => row.map((f, n) => priorLevel(n + 1, f, s.velocity[i]!)))),
    rate: tf.tensor2d(frequency.map((row, i) => row.map((f) => priorRate(s.f0[i]!, f)))),
    audible: tf.tensor2d(frequency.map((row) => row.map((f) => (f < limit ? 1 : 0)))),
    noise: tf.tensor2d(s.velocity.map((v) => noiseBands(spec).map((band) => priorNoiseLevel(band.centre, v)))),
    knock: tf.tensor2d(s.velocity.map((v) => [priorKnockLevel(v)])),
    hasKnock: tf.tensor2d(s.f0.map((f0) => [hasKnock(f0) ? 1 : 0])),
  };
}

/** Physical controls from raw output, as `ControlMap.apply` does for one strike. */
export function controlTensors(spec: Spec, raw: tf.Tensor2D, strikes: Strikes): ControlTensors {
  const at = rawOffsets(spec);
  const count = strikes.note.length;
  const k = spec.strings.partials;
  const b = spec.noise.bands;
  const part = (start: number, size: number): tf.Tensor2D => tf.slice2d(raw, [0, start], [count, size]);
  const prior = priors(spec, strikes);

  const total = amplitude(prior.level.add(part(at.level, k).mul(LEVEL_SCALE))).mul(prior.audible);
  const share = tf.sigmoid(part(at.promptShare, k).add(PROMPT_SHARE_BIAS));
  const promptRate = prior.rate.mul(tf.exp(bounded(part(at.promptRate, k), PARTIAL_RATE_RANGE)));
  const ratio = tf.sigmoid(part(at.aftersoundRatio, k).add(AFTERSOUND_RATIO_BIAS));
  const rate = (start: number, range: number, seconds: number, size = b): tf.Tensor2D =>
    tf.exp(bounded(part(start, size), range)).div(seconds);
  return {
    promptAmplitude: total.mul(share),
    aftersoundAmplitude: total.mul(tf.sub(1, share)),
    promptRate: promptRate as tf.Tensor2D,
    aftersoundRate: promptRate.mul(ratio),
    beat: bounded(part(at.detune, k), DETUNE_RANGE).add(DETUNE).mul(prior.frequency).mul(CENT),
    strikeAmplitude: amplitude(prior.noise.add(part(at.strikeLevel, b).mul(LEVEL_SCALE))),
    strikeRate: rate(at.strikeRate, STRIKE_RATE_RANGE, STRIKE_SECONDS),
    bodyAmplitude: amplitude(prior.noise.sub(BODY_BELOW_STRIKE).add(part(at.bodyLevel, b).mul(LEVEL_SCALE))),
    bodyRate: rate(at.bodyRate, BODY_RATE_RANGE, BODY_SECONDS),
    riseRate: rate(at.riseRate, RISE_RATE_RANGE, RISE_SECONDS),
    attackRate: rate(at.attack, spec.strings.attackRange, ATTACK_SECONDS, 1),
    features: tf.tanh(part(at.features, spec.waveNet.voiceFeatures)),
    knock: spec.knock.waves === 0 ? undefined : (amplitude(prior.knock.add(part(at.knockLevel, 1).mul(LEVEL_SCALE))).mul(prior.hasKnock).mul(part(at.knockShape, spec.knock.waves)) as tf.Tensor2D),
  };
}
