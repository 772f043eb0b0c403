/** Embedding of a whole recording: the mean over its passages. */
import * as tf from '@tensorflow/tfjs-core';
import { PASSAGE_SECONDS, logMelFrames, type LogMel } from '../log-mel.ts';
import { encode } from '../train/graph/encoder.ts';
import type { Parameters } from '../train/graph/note-network.ts';

/** Passages this many dB below the loudest are silence between pieces and say nothing. */
const SILENCE = 50;

async function embedPassage(encoder: Parameters, passage: LogMel): Promise<number[]> {
  const z = tf.tidy(() => encode(encoder, passage));
  const values = [...(await z.data())];
  z.dispose();
  return values;
}

/**
 * Embedding of a recording, mono at `sampleRate`.
 *
 * @param onProgress called with the share that is done, 0..1
 */
export async function embedRecording(
  encoder: Parameters,
  recording: Float32Array,
  sampleRate: number,
  onProgress: (done: number) => void = () => {},
): Promise<number[]> {
  const length = Math.min(recording.length, PASSAGE_SECONDS * sampleRate);
  const starts = Array.from({ length: Math.max(1, Math.floor(recording.length / length)) }, (_, i) => i * length);
  const level = (start: number): number => {
    const energy = recording.subarray(start, start + length).reduce((sum, v) => sum + v * v, 0);
    return 10 * Math.log10(energy / length + 1e-12);
  };
  const loudest = Math.max(...starts.map(level));
  const heard = starts.filter((start) => level(start) > loudest - SILENCE);
  const embeddings: number[][] = [];
  for (const start of heard) {
    const passage = logMelFrames(recording.subarray(start, start + length), sampleRate);
    embeddings.push(await embedPassage(encoder, passage));
    onProgress(embeddings.length / heard.length);
    // Lets an interruption through.
    await new Promise((passed) => setTimeout(passed));
  }
  return embeddings[0]!.map((_, i) => embeddings.reduce((sum, z) => sum + z[i]!, 0) / embeddings.length);
}
