/** What the page and the renderer's worker tell each other. */
import type { Performance } from '../../model/performance.ts';
import type { Style } from '../../model/style.ts';
import type { Weights } from '../../model/weights.ts';
import type { ToneSettings } from '../../worklet/engine/tone.ts';
import type { StageSettings } from '../../worklet/protocol.ts';

/** To the worker, once. */
export interface RenderRequest extends StageSettings, ToneSettings {
  readonly kernel: ArrayBuffer;
  readonly weights: Weights;
  readonly style: Style;
  readonly performance: Performance;
  /** Hz. */
  readonly sampleRate: number;
}

/** From the worker: how far it is, then the file or a sentence about what went wrong. */
export type RenderAnswer =
  | { readonly type: 'progress'; /** 0..1 */ readonly done: number }
  | { readonly type: 'file'; readonly parts: readonly Uint8Array<ArrayBuffer>[] }
  | { readonly type: 'error'; readonly message: string };
