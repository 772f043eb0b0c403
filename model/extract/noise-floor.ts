/** What a recording holds where nobody plays, and how high up it holds anything. */
import { targetView } from '../train/outline/target.ts';
import { latticeStep, type View } from '../train/outline/views.ts';

export interface Floor {
  /** Power of each band, as in a `TargetView`. */
  readonly power: Float32Array;
  /** Bands up to the highest in which the recording holds anything. */
  readonly bands: number;
}

/** Seconds over which power is averaged before its least is taken: the minimum statistics of Martin 2001. */
const RUN_SECONDS = 0.35;
/** A band holds something where its loudest moment is this share of the loudest band's, and so far above its floor. */
const LEAST = 1e-8;
const ABOVE = 8;

/** @param recording mono at `sampleRate` Hz */
export function noiseFloor(recording: Float32Array, sampleRate: number, view: View): Floor {
  const bands = view.edges.length - 1;
  const step = view.window / latticeStep(view);
  const count = Math.max(1, Math.floor(recording.length / view.window));
  const { frames, power } = targetView({ ...view, starts: Array.from({ length: count }, (_, i) => i * step) }, recording, 0);
  const run = Math.max(2, Math.round((RUN_SECONDS * sampleRate) / view.window));
  const least = new Float32Array(bands).fill(Infinity);
  const most = new Float32Array(bands);
  for (let first = 0; first + run <= frames; first += run) {
    for (let band = 0; band < bands; band++) {
      let sum = 0;
      for (let f = first; f < first + run; f++) sum += power[f * bands + band]!;
      least[band] = Math.min(least[band]!, sum / run);
      most[band] = Math.max(most[band]!, sum / run);
    }
  }
  const loudest = most.reduce((max, each) => Math.max(max, each), 0);
  const top = most.findLastIndex((each, band) => each > LEAST * loudest && each > ABOVE * least[band]!);
  return { power: least.map((each) => (Number.isFinite(each) ? each : 0)), bands: top + 1 };
}
