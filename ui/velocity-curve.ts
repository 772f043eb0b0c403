/** How hard a key of a MIDI keyboard must be struck: keyboards differ, and so do hands. */

/** Half a blow becomes 0.71 with the lightest touch and 0.25 with the heaviest. */
export const LIGHTEST_TOUCH = -1;
export const HEAVIEST_TOUCH = 1;

/**
 * A power curve through 0 and 1, so that no key falls silent and full strength stays in reach.
 *
 * @param velocity 0..1
 * @param touch -1 light: soft blows are loud .. 0 as it comes .. 1 heavy
 */
export function bendVelocity(velocity: number, touch: number): number {
  return velocity ** (2 ** touch);
}
