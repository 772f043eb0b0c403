/** What a played knock brings to the outline of its strike. */
import { knockSound } from '../../knock.ts';
import type { Spec } from '../../spec.ts';
import { targetView } from '../outline/target.ts';
import { latticeStep, type View } from '../outline/views.ts';

/**
 * Power in the bands of each view, `[frames * bands]`, in so many frames of it.
 *
 * @param played the knock's low-rate samples
 */
export function knockPowers(spec: Spec, views: readonly View[], played: Float32Array, targets: readonly { readonly frames: number }[]): Float32Array[] {
  const sound = knockSound(spec, played);
  return views.map((view, v) => {
    const { frames } = targets[v]!;
    const power = new Float32Array(frames * (view.edges.length - 1));
    const starts = view.starts.slice(0, frames).filter((start) => start * latticeStep(view) < sound.length);
    const padded = new Float32Array(sound.length + view.window);
    padded.set(sound);
    power.set(targetView({ ...view, starts }, padded, 0).power);
    return power;
  });
}
