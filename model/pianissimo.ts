/**
 * Strikes softer than any that the model has heard. It would go on as with its softest; the piano goes on falling instead, as
 * the sixteen layers of the Salamander do over all they have: by 1.25 dB for each dB of velocity (`corpus/dynamics.ts`).
 */

/** The softest layer of all banks, as a velocity in 0..1. */
export const SOFTEST_HEARD = 13 / 127;
/** dB for a factor of ten in velocity. */
const FALL = 25;

/** Velocity with which the note network is asked. @param velocity 0..1 of the strike */
export function heardVelocity(velocity: number): number {
  return Math.max(SOFTEST_HEARD, velocity);
}

/** dB by which a strike is softer than the softest that was heard: 0, or below. @param velocity above 0, at most 1 */
export function pianissimoLevel(velocity: number): number {
  return velocity < SOFTEST_HEARD ? FALL * Math.log10(velocity / SOFTEST_HEARD) : 0;
}
