/**
 * The expected outline of a strike, worked out from its controls without a sound being made.
 *
 * Partials add in power to the bands under their window's main lobe, noise adds its
 * expected periodogram: some hundred times cheaper than synthesis, so that every
 * strike of a corpus is seen many times. What it leaves out (phases, beats, the
 * spread of random noise) the multi-scale spectral loss learns afterwards.
 */
import { HIGHEST_PARTIAL } from '../../controls.ts';
import type { Spec } from '../../spec.ts';
import { partialFrequency } from '../../tuning.ts';
import { ViewLoss, type OutlineStrike } from './view-loss.ts';
import { latticeStep, outlineViews, type View } from './views.ts';

/** Weight of each view. */
const VIEW_WEIGHTS = [1, 0.5, 0.5];

/** Expected outlines of batches of strikes for one spec. */
export class Outline {
  readonly views: readonly View[];
  readonly #spec: Spec;
  readonly #loss: readonly ViewLoss[];

  /** @param restless weight of how restless the bands are, in the longest view, against how loud they are */
  constructor(spec: Spec, restless = 0) {
    this.#spec = spec;
    this.views = outlineViews(spec.sampleRate);
    this.#loss = this.views.map((view, v) => new ViewLoss(spec, view, v === 0 ? restless : 0));
  }

  /** Longest age in seconds that a view looks at. */
  get seconds(): number {
    return Math.max(...this.views.map((view) => (view.starts.at(-1)! * latticeStep(view) + view.window) / this.#spec.sampleRate));
  }

  /** Loss of each strike; adds `scale` times the derivatives to the strikes' gradients. */
  async losses(strikes: readonly OutlineStrike[], scale: number): Promise<number[]> {
    const total = strikes.map(() => 0);
    const frequencies = strikes.map(({ f0, inharmonicity }) => this.partials(f0, inharmonicity));
    for (const [v, view] of this.#loss.entries()) {
      const weight = VIEW_WEIGHTS[v]!;
      const targets = strikes.map(({ target }) => target[v]!);
      const losses = await view.losses(strikes, frequencies, targets, weight * scale);
      losses.forEach((loss, s) => (total[s]! += weight * loss));
    }
    return total;
  }

  /** Frees its tables on the backend. */
  dispose(): void {
    for (const loss of this.#loss) loss.dispose();
  }

  /** Expected power of noise in the bands of a view; see `ViewLoss.noisePower`. */
  noisePower(view: number, noises: Float32Array, frames: number): Promise<Float32Array> {
    return this.#loss[view]!.noisePower(noises, frames);
  }

  /** Frequencies of the partials that sound. */
  partials(f0: number, inharmonicity: number): number[] {
    const list: number[] = [];
    for (let k = 1; k <= this.#spec.strings.partials; k++) {
      const f = partialFrequency(f0, inharmonicity, k);
      if (f >= HIGHEST_PARTIAL * this.#spec.sampleRate) break;
      list.push(f);
    }
    return list;
  }
}

