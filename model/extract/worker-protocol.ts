/** What the page and the worker that listens to recordings tell each other. */
import type { Recording } from '../audio/recording.ts';
import type { Performance } from '../performance.ts';
import type { Style } from '../style.ts';
import type { Weights } from '../weights.ts';

/** To the worker, once. */
export interface ListenRequest {
  /** A style of the piano, or the notes that it plays. */
  readonly wanted: 'style' | 'notes';
  /** At any rate. */
  readonly recording: Recording;
  /** As the player knows it. */
  readonly name: string;
  /** The decoder that is to play the style. */
  readonly weights: Weights;
  /** Address of `encoder.safetensors`. */
  readonly encoder: string;
  /** Addresses of what the worker runs with. */
  readonly files: {
    /** `tfjs-backend-wasm-simd.wasm`. */
    readonly backend: string;
    /** `model.json` and `group1-shard1of1.bin` of Basic Pitch. */
    readonly transcriber: string;
    readonly transcriberWeights: string;
  };
}

/** From the worker: how far it is, then what was wanted or a sentence about what went wrong. */
export type ListenAnswer =
  | { readonly type: 'progress'; /** 0..1 */ readonly done: number }
  | { readonly type: 'style'; readonly style: Style }
  | { readonly type: 'notes'; readonly performance: Performance }
  | { readonly type: 'error'; readonly message: string };
