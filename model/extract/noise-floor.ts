/** What a recording holds where nobody plays, and how high up it holds anything. */
import type { Recording } from '../audio/recording.ts';
import { Random } from '../random.ts';
import { latticeStep, type View } from '../train/outline/views.ts';
import { channelPower } from './channel-power.ts';

export interface Floor {
  /** Mean power of each band, as in a `TargetView`. */
  readonly power: Float32Array;
  /** Bands up to the highest in which the recording holds anything. */
  readonly bands: number;
}

/** Power of each band, where it is least and where it is most, averaged over a run of frames. */
interface Extremes {
  readonly least: Float32Array;
  readonly most: Float32Array;
}

/** Seconds of a run. */
const RUN_SECONDS = 0.35;
/** A band holds something where its loudest moment is this share of the loudest band's, and so far above its floor. */
const LEAST = 1e-8;
const ABOVE = 8;

/**
 * By minimum statistics: the least of many runs is the noise, less what its least lies below its mean (Martin, "Noise
 * power spectral density estimation based on optimal smoothing and minimum statistics", 2001). How much that is, white
 * noise of the same length tells, another one in each channel.
 *
 * @returns one floor for each view
 */
export function noiseFloors(recording: Recording, views: readonly View[]): Floor[] {
  const random = new Random(1);
  const noise: Recording = { ...recording, channels: recording.channels.map((channel) => channel.map(() => random.normal())) };
  return views.map((view) => floorOf(view, extremes(recording, view), extremes(noise, view).least));
}

/** @param white what `least` would be in white noise */
function floorOf(view: View, { least, most }: Extremes, white: Float32Array): Floor {
  // The power of white noise is its bins' number times the energy of the window.
  const energy = 0.375 * view.window;
  const loudest = most.reduce((max, each) => Math.max(max, each), 0);
  const top = most.findLastIndex((each, band) => each > LEAST * loudest && each > ABOVE * least[band]!);
  const power = least.map((each, band) => (Number.isFinite(each) ? (each * energy * (view.edges[band + 1]! - view.edges[band]!)) / white[band]! : 0));
  return { power, bands: top + 1 };
}

function extremes(recording: Recording, view: View): Extremes {
  const bands = view.edges.length - 1;
  const step = view.window / latticeStep(view);
  const count = Math.max(1, Math.floor(recording.channels[0]!.length / view.window));
  const { frames, power } = channelPower({ ...view, starts: Array.from({ length: count }, (_, i) => i * step) }, recording, 0);
  const run = Math.max(2, Math.round((RUN_SECONDS * recording.sampleRate) / view.window));
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
  return { least, most };
}
