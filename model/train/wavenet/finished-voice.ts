/** What one strike brings to the decoder while only the WaveNet learns: computed once, then added up to scenes. */
import * as tf from '@tensorflow/tfjs-core';
import { FIRST_NOTE, type Spec } from '../../spec.ts';
import { fundamental } from '../../tuning.ts';
import { phasesOf, type TrainingBank, type TrainingNote } from '../data/corpus-view.ts';
import { strikeSound } from '../data/example.ts';
import { excitationParts } from '../graph/decoder.ts';
import type { Parameters } from '../graph/note-network.ts';
import type { Scene } from '../graph/scene.ts';
import { bankEmbeddings, keyOffsets } from '../parameters.ts';

/** One strike over a stretch of `length` samples that begins `start` samples before it, or that long after where negative. */
export interface FinishedVoice {
  /** Strings alone, `[length]`. */
  readonly strings: Float32Array;
  /** At the boundaries: power of each noise band `[ticks + 1, bands]`, of all that sounds `[ticks + 1]`. */
  readonly noisePower: Float32Array;
  readonly power: Float32Array;
  /** Decayed features at the boundaries, `[ticks + 1, features * decays]`. */
  readonly features: Float32Array;
  /** The recording, `[length]`. */
  readonly target: Float32Array;
}

/** Computes the voices of some strikes of one bank, which all begin alike. */
export async function finishVoices(
  spec: Spec,
  constants: Parameters,
  bank: TrainingBank,
  notes: readonly TrainingNote[],
  start: number,
  length: number,
): Promise<FinishedVoice[]> {
  const scene: Scene = {
    examples: notes.length,
    voices: 1,
    length,
    start: notes.map(() => start),
    strikes: {
      note: notes.map(({ note }) => note),
      velocity: notes.map(({ velocity }) => velocity),
      f0: notes.map(({ note }) => fundamental(bank.tuning, note)),
      inharmonicity: notes.map(({ note }) => bank.tuning.inharmonicity[note - FIRST_NOTE]!),
      phases: notes.map(({ note }) => phasesOf(bank, note, spec.strings.partials)),
    },
    pedal: new Float32Array((notes.length * length) / spec.tick),
    noiseOffset: 0,
  };
  const tensors = tf.tidy(() => {
    const parts = excitationParts(spec, constants, scene, bankEmbeddings(constants, notes.map(() => bank.row)), keyOffsets(constants, notes.map(({ note }) => ({ row: bank.row, note }))));
    return [parts.strings, parts.noisePower, parts.power, parts.features];
  });
  const [strings, noisePower, power, features] = await Promise.all(tensors.map((t) => t.data() as Promise<Float32Array>));
  tf.dispose(tensors);
  const part = (all: Float32Array, i: number): Float32Array => all.slice((i * all.length) / notes.length, ((i + 1) * all.length) / notes.length);
  return notes.map((note, i) => ({
    strings: part(strings!, i),
    noisePower: part(noisePower!, i),
    power: part(power!, i),
    features: part(features!, i),
    target: strikeSound(note, start, length, 1),
  }));
}
