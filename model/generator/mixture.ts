/** The mixture of logistic distributions from which a generator draws its samples. */

/** Smallest logarithm of a spread: a distribution is no narrower. */
export const NARROWEST = -7;
/** What is drawn stays within these bounds. */
export const DRAWN_LIMIT = 8;
