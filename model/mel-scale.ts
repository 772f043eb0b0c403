/** The mel scale of O'Shaughnessy (1987, "Speech Communication: Human and Machine"), that of HTK. */

/** @param hertz 0 or more */
export function melOf(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}

/** The inverse of `melOf`. */
export function hertzOf(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}
