/** Extraction: a recording of a piano in, a style out. */
import * as tf from '@tensorflow/tfjs-core';
import { toMono, type Recording } from '../audio/recording.ts';
import type { Performance } from '../performance.ts';
import { STYLE_FORMAT, type Style } from '../style.ts';
import { decoderTensors } from '../tensors.ts';
import { evenLevels } from '../train/even-levels.ts';
import { typicalTuning, type Tuning } from '../tuning.ts';
import type { Weights } from '../weights.ts';
import { findRings } from './clear-peaks.ts';
import { embedRecording } from './embed.ts';
import { parseEncoder } from './encoder-file.ts';
import { fitKeyboard } from './fit-keyboard.ts';
import { pianoLikelihood } from './piano-likeness.ts';
import { refineStyle, type RefineOptions, type Refinement } from './refine.ts';
import { referencePitch } from './reference-pitch.ts';

/** What the player says about the recording. */
export type StyleDescription = Pick<Style, 'id' | 'name' | 'kind' | 'source' | 'licence' | 'credit'>;

export interface ExtractOptions {
  readonly weights: Weights;
  /** The encoder's safetensors file, and its name for errors. */
  readonly encoder: { readonly bytes: Uint8Array; readonly source: string };
  readonly describe: StyleDescription;
  /** Of `hearPiano`. */
  readonly piano: HeardPiano;
  /** What was played. */
  readonly performance?: Performance;
  /** Without it, or without the performance, the encoder has the last word. */
  readonly refine?: Omit<RefineOptions, 'onProgress'>;
  /** Called with the share that is done, 0..1. */
  readonly onProgress?: (done: number) => void;
}

/** What a recording says of its piano before any network has heard it. */
export interface HeardPiano {
  readonly tuning: Tuning;
  /** Likelihood 0..1 that it is one; 0 where no note is heard. */
  readonly likelihood: number;
}

export interface Extraction {
  readonly style: Style;
  /** How near the model came to the recording, where it was refined. */
  readonly refinement?: Pick<Refinement, 'before' | 'after' | 'steps'>;
}

/** Below this likelihood it is no piano. */
export const LIKELY = 0.5;
/** Share of the time that the encoder takes where its embedding is refined. */
const ENCODER_SHARE = 0.1;

/**
 * Finds the tuning of the piano in a recording. Where too little is heard, it is a typical piano's, moved to the
 * recording's reference pitch.
 *
 * @param performance what it holds; undefined where no note is heard
 */
export function hearPiano(recording: Recording, performance: Performance | undefined): HeardPiano {
  const sound = toMono(recording);
  const { sampleRate } = recording;
  const typical = (): Tuning => typicalAt(referencePitch(sound, sampleRate));
  if (performance === undefined) return { tuning: typical(), likelihood: 0 };
  const rings = findRings(sound, sampleRate, performance);
  const fitted = fitKeyboard(rings);
  const tuning = fitted ?? typical();
  return { tuning, likelihood: pianoLikelihood(sound, sampleRate, performance, rings, tuning, fitted !== undefined) };
}

/**
 * Extracts the style of the piano in a recording at the model's rate. A TensorFlow.js backend has to be ready.
 *
 * Not refined where fewer than two strikes of the performance can be heard in it.
 *
 * @throws InputError where the encoder is damaged or another model's
 */
export async function extractStyle(recording: Recording, options: ExtractOptions): Promise<Extraction> {
  const { weights, encoder, describe, piano, performance, refine, onProgress } = options;
  const { tuning } = piano;
  const { spec } = weights;
  const parameters = parseEncoder(encoder.bytes, spec, encoder.source);
  const encoderShare = performance === undefined || refine === undefined ? 1 : ENCODER_SHARE;
  const embedding = await embedRecording(parameters, toMono(recording), spec.sampleRate, (done) => onProgress?.(encoderShare * done));
  parameters.forEach((tensor) => tensor.dispose());
  const first: Style = { format: STYLE_FORMAT, ...describe, model: spec.id, embedding, tuning };
  const refinement =
    performance &&
    refine &&
    (await refineFirst(first, recording, performance, weights, { ...refine, onProgress: (done) => onProgress?.(encoderShare + (1 - encoderShare) * done) }));
  const style: Style = refinement ? { ...first, embedding: refinement.embedding, voicing: refinement.voicing } : first;
  return { style: { ...style, levels: evenLevels(spec, weights.tensors, style) }, ...(refinement && { refinement }) };
}

async function refineFirst(first: Style, recording: Recording, performance: Performance, { spec, tensors }: Weights, options: RefineOptions): Promise<Refinement | undefined> {
  const decoder = new Map(decoderTensors(spec).map(({ name, shape }) => [name, tf.tensor(tensors.get(name)!, [...shape])] as const));
  const refinement = await refineStyle(spec, decoder, recording, performance, first, options);
  decoder.forEach((tensor) => tensor.dispose());
  return refinement;
}

/** Why no style is made of a recording, in words that follow its name; undefined where it is one of a piano. */
export function notAPiano({ likelihood }: HeardPiano, performance: Performance | undefined): string | undefined {
  if (likelihood >= LIKELY) return undefined;
  return `does not sound like a piano (${Math.round(100 * likelihood)} % likely${performance === undefined ? ': no notes can be heard' : ''})`;
}

/** A typical piano, moved by so many cents. */
function typicalAt(pitch: number): Tuning {
  const typical = typicalTuning();
  return { ...typical, cents: typical.cents.map((cents) => cents + pitch) };
}
