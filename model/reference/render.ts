/**
 * Float64 reference of the whole instrument: events in, samples at the model's rate out.
 *
 * Slow and obvious on purpose: each stage runs over the whole signal. Voices
 * are never stolen and never culled.
 */
import { ControlMap, createControls } from '../controls.ts';
import { damperContact, damperRate } from '../damper.ts';
import { amplify } from '../key-level.ts';
import { heardVelocity, pianissimoLevel } from '../pianissimo.ts';
import { applyModes } from '../key-modes.ts';
import { INPUT_LIMIT, LEVEL_FLOOR } from '../level.ts';
import type { Spec } from '../spec.ts';
import { FIRST_NOTE, noiseBands } from '../spec.ts';
import { ToneMap } from '../tone.ts';
import { fundamental, startPhases, type Tuning } from '../tuning.ts';
import { softenStrike } from '../una-corda.ts';
import { VoicingMap, type Voicing } from '../voicing.ts';
import { addKnock } from './knock.ts';
import { keyEmbedding, noteNetwork, type TensorLookup } from './note-network.ts';
import { noiseSignals } from './noise.ts';
import { addStrings, damperAt, noisePower, stringPower, type ReferenceVoice } from './voice.ts';
import { outputGain, waveNet } from './wavenet.ts';

/** An event at an absolute sample of the model's rate; `velocity` and `value` in 0..1. */
export type ReferenceEvent =
  | { readonly sample: number; readonly type: 'noteOn'; readonly note: number; readonly velocity: number }
  | { readonly sample: number; readonly type: 'noteOff'; readonly note: number }
  | { readonly sample: number; readonly type: 'sustain'; readonly value: number }
  | { readonly sample: number; readonly type: 'sostenuto'; readonly down: boolean }
  | { readonly sample: number; readonly type: 'soft'; readonly value: number };

export interface ReferenceModel {
  readonly spec: Spec;
  readonly tensors: TensorLookup;
}

export interface ReferenceStyle {
  readonly embedding: readonly number[];
  readonly keys?: readonly (readonly number[])[];
  readonly tuning: Tuning;
  readonly modes?: readonly (readonly number[])[];
  readonly levels?: readonly number[];
  readonly voicing?: Voicing;
}

export interface ReferenceOptions {
  /** Samples to render. */
  readonly length: number;
  readonly seed: number;
  /** Brightness in dB per octave and hammers, -1 soft .. 1 hard, of all strikes. */
  readonly tone?: { readonly brightness: number; readonly hammer: number };
}

/** Every stage of the sound, for tests that look inside. */
export interface ReferenceRendering {
  readonly strings: Float64Array;
  readonly knocks: Float64Array;
  readonly noise: Float64Array;
  /** Level a(n) that normalises the WaveNet's input. */
  readonly level: Float64Array;
  readonly output: Float64Array;
}

/** Renders `events`, sorted by sample. */
export function renderReference(
  model: ReferenceModel,
  style: ReferenceStyle,
  events: readonly ReferenceEvent[],
  { length, seed, tone = { brightness: 0, hammer: 0 } }: ReferenceOptions,
): ReferenceRendering {
  const { spec, tensors } = model;
  const ticks = Math.ceil(length / spec.tick);
  const horizon = (ticks + 1) * spec.tick;
  const voices = events.flatMap((event, i) => {
    if (event.type !== 'noteOn') return [];
    const controls = createControls(spec);
    const velocity = heardVelocity(event.velocity);
    const raw = noteNetwork(spec, tensors, event.note, velocity, keyEmbedding(style, event.note));
    const b = style.tuning.inharmonicity[event.note - FIRST_NOTE]!;
    new ControlMap(spec).apply(raw, fundamental(style.tuning, event.note), b, velocity, controls);
    startPhases(style.tuning, event.note, controls.phase);
    applyModes(controls, style.modes?.[event.note - FIRST_NOTE] ?? []);
    const voicing = new VoicingMap(spec);
    voicing.set(style.voicing);
    voicing.apply(controls, event.note, velocity);
    amplify(controls, (style.levels?.[event.note - FIRST_NOTE] ?? 0) + pianissimoLevel(event.velocity));
    softenStrike(controls, event.note, events.slice(0, i).reduce((depth, e) => (e.type === 'soft' ? e.value : depth), 0));
    new ToneMap(spec).apply(controls, event.note, tone.brightness, tone.hammer);
    const damper = damperGain(spec, events, i, event.note, event.sample, horizon);
    return [{ start: event.sample, controls, damper }];
  });
  const pedal = (n: number): number =>
    events.reduce((value, e) => (e.type === 'sustain' && e.sample < n ? e.value : value), 0);

  const strings = new Float64Array(length);
  const knocks = new Float64Array(length);
  for (const voice of voices) {
    addStrings(spec, voice, strings);
    addKnock(spec, tensors, voice, knocks);
  }

  const bands = noiseBands(spec).length;
  const bandGains: Float64Array[] = [];
  const levels = new Float64Array(ticks + 1);
  const outputLevels = new Float64Array(ticks + 1);
  const conditioning: Float64Array[] = [];
  for (let i = 0; i <= ticks; i++) {
    const n = i * spec.tick;
    const settled = voices.filter((voice) => n - voice.start >= spec.tick);
    const gains = Float64Array.from({ length: bands }, (_, b) =>
      Math.sqrt(sum(settled, (v, t, d) => d * d * noisePower(v.controls, b, t), n, spec)),
    );
    const noise = gains.reduce((total, gain) => total + gain * gain, 0);
    const tones = sum(settled, (v, t, d) => d * d * stringPower(v.controls, t), n, spec);
    bandGains.push(gains);
    levels[i] = Math.sqrt(LEVEL_FLOOR + tones + noise);
    conditioning.push(conditioningAt(spec, style, voices, pedal(n), n));
    outputLevels[i] = levels[i]! * outputGain(spec, tensors, conditioning[i]!);
  }

  const signals = noiseSignals(spec, seed, length);
  const noise = new Float64Array(length);
  const level = new Float64Array(length);
  const output = new Float64Array(length);
  for (let n = 0; n < length; n++) {
    for (let b = 0; b < bands; b++) {
      noise[n]! += signals[b]![n]! * interpolate((i) => bandGains[i]![b]!, n, spec.tick);
    }
    level[n] = interpolate((i) => levels[i]!, n, spec.tick);
    output[n] = strings[n]! + knocks[n]! + noise[n]!;
  }

  const input = output.map((x, n) => Math.max(-INPUT_LIMIT, Math.min(INPUT_LIMIT, x / level[n]!)));
  const { fold } = spec.waveNet;
  waveNet(spec, tensors, input, conditioning).forEach((row, r) => {
    row.forEach((e, j) => {
      const n = r * fold + j;
      output[n]! += e * interpolate((i) => outputLevels[i]!, n, spec.tick);
    });
  });
  return { strings, knocks, noise, level, output };
}

/** Sum over voices of a function of voice, age in seconds and damper gain at sample n. */
function sum(
  voices: readonly ReferenceVoice[],
  of: (voice: ReferenceVoice, t: number, damper: number) => number,
  n: number,
  spec: Spec,
): number {
  return voices.reduce((s, v) => s + of(v, (n - v.start) / spec.sampleRate, damperAt(v, n)), 0);
}

function interpolate(boundary: (tick: number) => number, n: number, tick: number): number {
  const i = Math.floor(n / tick);
  const share = (n - i * tick) / tick;
  return boundary(i) + (boundary(i + 1) - boundary(i)) * share;
}

/** c = concat(z, voice features under each decay, sustain pedal), as known before the events of sample n. */
function conditioningAt(
  spec: Spec,
  style: ReferenceStyle,
  voices: readonly ReferenceVoice[],
  pedal: number,
  n: number,
): Float64Array {
  const struck = voices.filter((voice) => voice.start < n);
  const features = spec.waveNet.decaySeconds.flatMap((decay) =>
    Array.from({ length: spec.waveNet.voiceFeatures }, (_, f) =>
      sum(struck, (v, t, d) => d * v.controls.features[f]! * Math.exp(-t / decay), n, spec),
    ),
  );
  return Float64Array.from([...style.embedding, ...features, pedal]);
}

/** D(n) from the strike on: constant while key or a pedal holds, else falling with the damper's rate. */
function damperGain(
  spec: Spec,
  events: readonly ReferenceEvent[],
  strike: number,
  note: number,
  start: number,
  length: number,
): Float64Array {
  const gain = new Float64Array(Math.max(0, length - start));
  const state = { keyDown: false, pedal: 0, sostenuto: false, caught: false };
  const follow = (event: ReferenceEvent): void => {
    if (event.type === 'sustain') state.pedal = event.value;
    else if (event.type === 'sostenuto') {
      state.caught = event.down && (state.sostenuto ? state.caught : state.keyDown);
      state.sostenuto = event.down;
    } else if (event.type !== 'soft' && event.note === note) state.keyDown = event.type === 'noteOn';
  };
  events.slice(0, strike + 1).forEach(follow);
  let next = strike + 1;
  let d = 1;
  for (let n = start; n < length; n++) {
    gain[n - start] = d;
    for (; next < events.length && events[next]!.sample <= n; next++) follow(events[next]!);
    const contact = state.keyDown || state.caught ? 0 : damperContact(state.pedal);
    d *= Math.exp((-damperRate(note) * contact) / spec.sampleRate);
  }
  return gain;
}
