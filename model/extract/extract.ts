/** Extraction: a recording of a piano in, a style out. */
import { startBackend } from '../train/backend.ts';
import type { Spec } from '../spec.ts';
import { STYLE_FORMAT, type Style } from '../style.ts';
import { typicalTuning } from '../tuning.ts';
import { embedRecording } from './embed.ts';
import { parseEncoder } from './encoder-file.ts';
import { referencePitch } from './reference-pitch.ts';

/** What the player says about the recording. */
export type StyleDescription = Pick<Style, 'id' | 'name' | 'kind' | 'source' | 'licence' | 'credit'>;

export interface ExtractOptions {
  readonly spec: Spec;
  /** The encoder's safetensors file, and its name for errors. */
  readonly encoder: { readonly bytes: Uint8Array; readonly source: string };
  readonly describe: StyleDescription;
  /** Called with the share that is done, 0..1. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Extracts the style of the piano in a recording, mono at `options.spec.sampleRate`.
 *
 * The tuning is a typical piano's, moved to the recording's reference pitch.
 * Throws InputError where the encoder is damaged or another model's.
 */
export async function extractStyle(recording: Float32Array, options: ExtractOptions): Promise<Style> {
  const { spec, encoder, describe, onProgress } = options;
  await startBackend('wasm');
  const parameters = parseEncoder(encoder.bytes, spec, encoder.source);
  const embedding = await embedRecording(parameters, recording, spec.sampleRate, onProgress);
  const pitch = referencePitch(recording, spec.sampleRate);
  const typical = typicalTuning();
  const tuning = { ...typical, cents: typical.cents.map((cents) => cents + pitch) };
  return { format: STYLE_FORMAT, ...describe, model: spec.id, embedding, tuning };
}
