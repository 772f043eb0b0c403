/**
 * The outline of a strike: band powers in windows of three lengths.
 *
 * Long windows see pitch and decay, middle ones the first tenths of a second,
 * short ones the knock. Frame starts lie on a lattice of sixteenths of the
 * window, counted from the strike.
 */
import { hannWindow } from '../../hann-window.ts';

/** Lattice points in a window. */
export const POINTS = 16;

export interface View {
  /** Samples in the window. */
  readonly window: number;
  /** First bin of each band, and one entry more for the end of the last. */
  readonly edges: readonly number[];
  /** Start of each frame in lattice steps from the strike; may be negative. */
  readonly starts: readonly number[];
  /** Share of each lattice point in a window's energy; they add up to 1. */
  readonly weights: Float64Array;
}

/** Samples between two lattice points. */
export function latticeStep({ window }: View): number {
  return window / POINTS;
}

const HIGHEST_FREQUENCY = 20000;

/** Bands of `narrow` bins each up to `bend` Hz, then in equal ratios up to 20 kHz. */
function bandEdges(window: number, sampleRate: number, narrow: number, bend: number, ratio: number): number[] {
  const bin = sampleRate / window;
  const last = Math.floor(HIGHEST_FREQUENCY / bin);
  const edges = [1];
  for (let edge = 1; edge < last; edges.push(edge)) {
    edge = edge * bin < bend ? edge + narrow : Math.min(last, Math.max(edge + narrow, Math.round(edge * ratio)));
  }
  return edges;
}

/** Runs of `[first, step, count]` in lattice steps, one after another. */
function frameStarts(first: number, ...runs: readonly (readonly [step: number, count: number])[]): number[] {
  const starts: number[] = [];
  let at = first;
  for (const [step, count] of runs) for (let i = 0; i < count; i++, at += step) starts.push(at);
  return starts;
}

function view(window: number, edges: number[], starts: number[]): View {
  const samples = hannWindow(window);
  const step = window / POINTS;
  const energy = samples.reduce((sum, w) => sum + w * w, 0);
  const weights = Float64Array.from({ length: POINTS }, (_, g) => {
    let sum = 0;
    for (let n = g * step; n < (g + 1) * step; n++) sum += samples[n]! ** 2;
    return sum / energy;
  });
  return { window, edges, starts, weights };
}

/** The three views at `sampleRate` Hz: 85 ms up to 2.7 s, 21 ms up to 0.3 s, 5 ms up to 64 ms. */
export function outlineViews(sampleRate: number): View[] {
  return [
    view(4096, bandEdges(4096, sampleRate, 3, 2400, 1.035), frameStarts(-1, [8, 24], [32, 10])),
    view(1024, bandEdges(1024, sampleRate, 1, 1500, 1.07), frameStarts(-3, [4, 20], [16, 10])),
    view(256, bandEdges(256, sampleRate, 1, 2000, 1.12), frameStarts(-12, [4, 45])),
  ];
}
