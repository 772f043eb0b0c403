/** How hard a key of a MIDI keyboard must be struck: keyboards differ, and so do hands. */
import { SILENT_VELOCITY } from '../worklet/engine/controllers.ts';

/** MIDI velocity 2, the softest at which a hammer is thrown. */
const SOFTEST = 2 / 127;

/** Half a blow becomes 0.71 with the lightest touch and 0.25 with the heaviest. */
export const LIGHTEST_TOUCH = -1;
export const HEAVIEST_TOUCH = 1;

/**
 * A power curve through 0 and 1: full strength stays in reach, no strike falls silent, and a key that goes down
 * without a strike does so whatever the touch.
 *
 * @param velocity 0..1
 * @param touch -1 light: soft blows are loud .. 0 as it comes .. 1 heavy
 */
export function bendVelocity(velocity: number, touch: number): number {
  return velocity <= SILENT_VELOCITY ? velocity : Math.max(SOFTEST, velocity ** (2 ** touch));
}
