/** Below this expected power nothing is learned, so that nothing that plays is judged. */
export const FAINT = 1e-9;
