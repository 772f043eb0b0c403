/** The strike of the model comes this many samples before the first sign of it in a recording: 1 ms at 48 kHz. */
export const STRIKE_LEAD = 48;
