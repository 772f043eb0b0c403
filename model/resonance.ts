/**
 * Sympathetic resonance: how the strings that were not struck answer those that were.
 *
 * All strings end on one bridge. A partial that is driven by the bridge's motion pulls back at it with the share
 *   F_j / F_i = sigma_b / (sigma + i (omega - omega_j))
 * of the force that moves the bridge: sigma is the rate at which the partial decays when it is left alone and sigma_b
 * the part of that rate that goes into the bridge. So the same number says how fast a string dies away and how
 * readily it answers (Weinreich, 1977, "Coupled piano strings", J. Acoust. Soc. Am. 62: 1474-1484). Nothing is
 * gained on the way: at resonance and after a long time the answer reaches sigma_b / sigma, never more than 1.
 */
import { LAST_DAMPED_NOTE } from './damper.ts';
import { priorRate } from './controls.ts';
import { partialFrequency } from './tuning.ts';

/** Partials of each string that answer, and the highest frequency in Hz of one that does. */
export const ANSWERING_PARTIALS = 16;
export const HIGHEST_ANSWER = 4000;

/**
 * sigma_b / sigma as another string at another place of the bridge sees it. The bridge takes about three quarters of what
 * a string's prompt sound loses; between two places of the soundboard about a fifth of the mobility at one of them is left.
 */
export const COUPLING = 0.15;

/** Share of it for strings without a damper: every recorded strike already has what they answered, and only chords add to it. */
export const UNDAMPED_SHARE = 0.25;

/** The setting 0..1 at which the strings answer as they do in a grand; 1 is twice as much. */
export const NATURAL_RESONANCE = 0.5;

/** Amplitude that a setting 0..1 gives the answers, 1 where it is natural. */
export function resonanceLevel(setting: number): number {
  return setting / NATURAL_RESONANCE;
}

/** Partials of a string that answer. @param f0 in Hz, @param inharmonicity B */
export function answeringPartials(f0: number, inharmonicity: number): number {
  let count = 0;
  while (count < ANSWERING_PARTIALS && partialFrequency(f0, inharmonicity, count + 1) < HIGHEST_ANSWER) count++;
  return count;
}

/** Rate in 1/s at which an answer decays: between those of the prompt sound and of the aftersound of a struck string. */
export function answerRate(f0: number, frequency: number): number {
  return priorRate(f0, frequency);
}

/** Coupling of a key's strings. */
export function couplingOf(note: number): number {
  return note > LAST_DAMPED_NOTE ? UNDAMPED_SHARE * COUPLING : COUPLING;
}

/** Sign of the answer of a key's partial k: two places on a soundboard move with any phase between them, so half of them are turned. */
export function answerSign(note: number, k: number): 1 | -1 {
  return (0.6180339887498949 * (k * k + 31 * note)) % 1 < 0.5 ? 1 : -1;
}
