/** Dampers: how fast a released string falls silent, and how far the sustain pedal lifts the felt. */

/** Highest note with a damper; the strings above ring on. */
export const LAST_DAMPED_NOTE = 88;

/** Seconds for a fully damped string to fall 60 dB, longest in the bass. */
export function damperSeconds(note: number): number {
  return 0.45 * (0.1 / 0.45) ** ((note - 21) / (LAST_DAMPED_NOTE - 21));
}

/** Decay rate in 1/s of the amplitude under a resting damper; 0 where there is none. */
export function damperRate(note: number): number {
  return note > LAST_DAMPED_NOTE ? 0 : Math.log(1000) / damperSeconds(note);
}

/**
 * Contact of the dampers in 0..1 for a sustain pedal in 0..1: pedals often do
 * not return to 0, so the lowest quarter is fully up; between is half pedal.
 */
export function damperContact(pedal: number): number {
  const up = 32 / 127;
  const down = 96 / 127;
  return Math.max(0, Math.min(1, (down - pedal) / (down - up)));
}
