/** Decibels of amplitude. */

/** The factor by which an amplitude grows that becomes so many dB louder. */
export function gainOf(decibels: number): number {
  return Math.exp((Math.LN10 / 20) * decibels);
}
