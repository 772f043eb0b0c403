/** How a gain gets to where it is wanted without a click. */

/** Share of the way in one tick: a time constant of 5 ms. */
const SHARE = 0.125;
/** Nearer than this it is there. */
const THERE = 1e-5;

/** The gain one tick later. */
export function glide(from: number, target: number): number {
  const reached = from + SHARE * (target - from);
  return Math.abs(target - reached) < THERE ? target : reached;
}
