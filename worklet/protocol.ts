/** What the page and the audio thread tell each other. */
import type { Spec } from '../model/spec.ts';
import type { Timbre } from './engine/strike.ts';

export const PROCESSOR_NAME = 'anypiano-processor';

/** `processorOptions` of the node. Weights are parsed on the page, since the audio thread has no TextDecoder. */
export interface PianoProcessorOptions {
  /** Bytes of the kernel's build that this browser can run. */
  readonly kernel: ArrayBuffer;
  readonly spec: Spec;
  readonly tensors: Map<string, Float32Array>;
  readonly style: Timbre;
  /** Whether the context plays in real time: only then can the thread be too slow. */
  readonly realTime: boolean;
}

/** To the audio thread. `time` is on the context's clock in seconds; without it, at once. */
export type PianoMessage =
  | { readonly type: 'noteOn'; readonly note: number; readonly velocity: number; readonly time: number | undefined }
  | { readonly type: 'noteOff'; readonly note: number; readonly time: number | undefined }
  | { readonly type: 'control'; readonly controller: number; readonly value: number; readonly time: number | undefined }
  | { readonly type: 'panic' }
  | { readonly type: 'style'; readonly style: Timbre }
  /** Asks for a `received`. */
  | { readonly type: 'acknowledge' };

/** What the piano does, about 20 times a second. */
export interface PianoState {
  readonly voices: number;
  /** Largest sample since the state before, full scale 1. */
  readonly peak: number;
  /** Share of real time that the audio thread needs, 0..1, averaged over about a second. */
  readonly load: number;
  /** What is left out because the audio thread is too slow: 0 nothing .. 8. */
  readonly economy: number;
  /** Sustain pedal, 0..1. */
  readonly sustain: number;
  /** Level of each of the 88 keys, 0..255: 60 dB up to full scale. */
  readonly notes: Uint8Array;
}

/** From the audio thread. */
export type ProcessorMessage =
  | { readonly type: 'ready'; readonly latencySeconds: number }
  | ({ readonly type: 'state' } & PianoState)
  /** All that was sent before an `acknowledge` has come. */
  | { readonly type: 'received' }
  /** The piano stopped for good; `message` is for people. */
  | { readonly type: 'error'; readonly message: string };
