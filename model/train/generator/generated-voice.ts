/** What one strike brings to a generator: computed once for the first second of its sound, then cut and added up to scenes. */
import { resample } from '../../audio/resample.ts';
import { stringResidual } from '../../corpus/residual.ts';
import { STRIKE_LEAD } from '../../corpus/strike-lead.ts';
import { NOTE_COUNT, FIRST_NOTE, generatedBands, type Spec } from '../../spec.ts';
import type { TrainingBank, TrainingNote } from '../data/corpus-view.ts';
import type { Parameters } from '../graph/note-network.ts';
import { FRAME } from '../graph/scene.ts';
import { finishVoices } from '../wavenet/finished-voice.ts';

export interface GeneratedVoice {
  /** At the generator's rate: strings alone, and what is to be generated. */
  readonly strings: Float32Array;
  readonly target: Float32Array;
  /** At the boundaries: power of each noise band below half of the generator's rate `[ticks + 1][bands]`, of all that sounds `[ticks + 1]`. */
  readonly noisePower: Float32Array;
  readonly power: Float32Array;
  /** At the boundaries: decayed features `[ticks + 1][features * decays]`, or those of the keys `[ticks + 1][88 * decays]` by `spec.generator`. */
  readonly features: Float32Array;
}

/** Sample of the strike, before which nothing sounds. */
const START = FRAME;

/** Seconds of a strike that are learned. */
export const LEARNED_SECONDS = 1.2;

/** Samples of a voice at the model's rate. */
export function voiceLength(spec: Spec): number {
  return Math.floor((LEARNED_SECONDS * spec.sampleRate) / FRAME) * FRAME;
}

/** Computes the voice of one strike. */
export async function generatedVoice(spec: Spec, constants: Parameters, bank: TrainingBank, note: TrainingNote): Promise<GeneratedVoice> {
  const length = voiceLength(spec);
  const { divisor, makes } = spec.generator!;
  const [finished] = await finishVoices(spec, constants, bank, [note], START, length);
  const rate = spec.sampleRate / divisor;
  const sound = resample(finished!.target, spec.sampleRate, rate);
  const residual = makes === 'residual';
  return {
    strings: everyOther(finished!.strings, divisor),
    target: residual ? stringResidual(sound, Math.round((START + STRIKE_LEAD) / divisor), note.note, bank.tuning, rate) : sound,
    noisePower: lowest(finished!.noisePower, spec.noise.bands, generatedBands(spec)),
    power: finished!.power,
    features: residual ? finished!.features : keyFeatures(spec, note, length),
  };
}

/** Means of `count` samples each, the last of which is that of the row. */
function everyOther(samples: Float32Array, count: number): Float32Array {
  return Float32Array.from({ length: samples.length / count }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += samples[row * count - i] ?? 0;
    return sum / count;
  });
}

/** The first columns of a matrix. */
function lowest(values: Float32Array, width: number, kept: number): Float32Array {
  const out = new Float32Array((values.length / width) * kept);
  for (let row = 0; row * width < values.length; row++) out.set(values.subarray(row * width, row * width + kept), row * kept);
  return out;
}

/** The key that was struck: its velocity under each decay, zero for all other keys. */
function keyFeatures(spec: Spec, { note, velocity }: TrainingNote, length: number): Float32Array {
  const { decaySeconds } = spec.waveNet;
  const width = NOTE_COUNT * decaySeconds.length;
  const count = length / spec.tick + 1;
  const features = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const age = (i * spec.tick - START) / spec.sampleRate;
    if (age <= 0) continue;
    decaySeconds.forEach((seconds, d) => (features[i * width + (note - FIRST_NOTE) * decaySeconds.length + d] = velocity * Math.exp(-age / seconds)));
  }
  return features;
}
