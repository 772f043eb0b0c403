/** Bounds of the level that scales the WaveNet's input and output, the same in every implementation. */

/** Mean power below which the excitation is not amplified further. */
export const LEVEL_FLOOR = 1e-10;
/** The normalised excitation stays within these bounds. */
export const INPUT_LIMIT = 8;
/** Largest output gain in dB. */
export const GAIN_LIMIT = 20;
