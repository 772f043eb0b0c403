/** What an engine is made of. */
import type { Spec } from '../../model/spec.ts';
import type { Weights } from '../../model/weights.ts';
import type { Timbre } from './strike.ts';

/** Rates of the output in Hz. */
export const LOWEST_RATE = 22050;
export const HIGHEST_RATE = 96000;

/** Whether the piano plays at a rate of the output in Hz. */
export function isPlayableRate(rate: number): boolean {
  return rate >= LOWEST_RATE && rate <= HIGHEST_RATE;
}

/** What weights and rate make of an engine that has not played yet. Made where time is, copied where it is not. */
export interface EngineImage {
  readonly spec: Spec;
  /** The kernel's memory up to its last byte that is not zero. */
  readonly memory: Uint8Array;
  /** The resampler's, where there is one. */
  readonly filter: Float32Array | undefined;
}

/** An engine whose memory is still to be written; see `Engine.write`. */
export type BlankEngine = Omit<EngineImage, 'memory'>;

export interface EngineOptions {
  /** The compiled kernel, see `loadKernel`. */
  readonly module: WebAssembly.Module;
  readonly weights: Weights | BlankEngine;
  readonly style: Timbre;
  /** Rate of the output in Hz, 22,050 to 96,000. */
  readonly sampleRate: number;
  /** Of the noise, and of what a generator draws. */
  readonly seed?: number;
  /** How much strings answer others, 0 none .. 1; see `NATURAL_RESONANCE`, the default. */
  readonly resonance?: number;
  /** Where a generator plays: 1 draws as was learned, the default; less is calmer, down to 0. */
  readonly temperature?: number;
}
