/** The outline of a recorded strike. */
import { hannWindow } from '../../hann-window.ts';
import { transformOf } from '../../transform.ts';
import { latticeStep, type View } from './views.ts';

export interface TargetView {
  /** Frames that the recording holds, counted from the first. */
  readonly frames: number;
  /** Power of each band, `[frames * bands]`. */
  readonly power: Float32Array;
  /** Factor of the strike's own power in each frame, as its damper lets it; 1 without it. */
  readonly gain?: Float32Array;
  /** Power of whatever else sounds, `[frames * bands]`. */
  readonly background?: Float32Array;
  /** The lowest so many bands count; all of them without it. */
  readonly heard?: number;
}

/** Band powers of a recording whose strike lies on sample `strike`; zeros before its start. */
export function targetView(view: View, samples: Float32Array, strike: number): TargetView {
  const { window, edges, starts } = view;
  const bands = edges.length - 1;
  const fft = transformOf(window);
  const hann = hannWindow(window);
  const frame = new Array<number>(window);
  const spectrum = fft.createComplexArray() as number[];
  const offset = (f: number): number => strike + starts[f]! * latticeStep(view);
  let frames = 0;
  while (frames < starts.length && offset(frames) + window <= samples.length) frames++;
  const power = new Float32Array(frames * bands);
  for (let f = 0; f < frames; f++) {
    const at = offset(f);
    for (let n = 0; n < window; n++) frame[n] = (samples[at + n] ?? 0) * hann[n]!;
    fft.realTransform(spectrum, frame);
    for (let j = 0; j < bands; j++) {
      let sum = 0;
      for (let k = edges[j]!; k < edges[j + 1]!; k++) sum += spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2;
      power[f * bands + j] = sum;
    }
  }
  return { frames, power };
}
