/**
 * The phases with which the partials of a key start, as its recordings have them.
 *
 * A hammer strikes always alike, and the way to the microphone is the same, so all strikes of a key agree. In the
 * bass, where partials are so close that every millisecond hears several, phases are what the attack is shaped by.
 */
import { hannWindow } from '../hann-window.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../spec.ts';
import { PHASE_STEPS, fundamental, partialFrequency, type Tuning } from '../tuning.ts';
import type { NoteClip } from './bank-tuning.ts';
import { CLIP_ONSET, CLIP_RATE } from './notes.ts';
import { STRIKE_LEAD } from './strike-lead.ts';

/** Partials measured at most: above, the phases of strikes no longer agree. */
const PARTIALS = 64;
/** Highest frequency in Hz. */
const HIGHEST = 6000;
/** Periods of the fundamental in the window, and its bounds in seconds. */
const PERIODS = 3;
const SHORTEST = 0.05;
const LONGEST = 0.12;
/** Samples by which a strike may be moved to be like the others: an onset is known to half a millisecond, and not to the period of a partial. */
const MOST_LAG = 96;
/** Likeness, of 1 at most, that the farthest move has to win: among the periods of a partial the nearest is meant. */
const LAG_COST = 0.1;
/** Rounds in which each strike is moved to the others. */
const ROUNDS = 6;

/** A complex number: what a strike has of a partial. Its angle is the phase of a sine. */
export interface Phasor {
  readonly re: number;
  readonly im: number;
}

/** Phases of each of the 88 keys, see `Tuning.phases`; empty for keys without a clip. */
export function measurePhases(clips: readonly NoteClip[], tuning: Tuning): number[][] {
  return Array.from({ length: NOTE_COUNT }, (_, key) => {
    const own = clips.filter(({ note }) => note === FIRST_NOTE + key);
    return own.length === 0 ? [] : keyPhases(own, FIRST_NOTE + key, tuning);
  });
}

/** The window, at `CLIP_RATE`, in whose mean phases are measured, from the strike on. @param f0 fundamental in Hz */
export function phaseWindow(f0: number): Float64Array {
  return hannWindow(Math.round(CLIP_RATE * Math.min(LONGEST, Math.max(SHORTEST, PERIODS / f0))));
}

function keyPhases(clips: readonly NoteClip[], note: number, tuning: Tuning): number[] {
  const f0 = fundamental(tuning, note);
  const omegas = partialOmegas(f0, tuning.inharmonicity[note - FIRST_NOTE]!);
  const window = phaseWindow(f0);
  const strikes = clips.map(({ audio }) => omegas.map((omega) => phasor(audio, omega, window)));
  const lags = commonLags(strikes, omegas);
  // Louder strikes count more, as their partials stand out of the noise.
  return sumOf(strikes.map((strike, i) => moved(strike, omegas, lags[i]!))).map(({ re, im }) => {
    const turns = Math.atan2(im, re) / (2 * Math.PI);
    return ((Math.round(turns * PHASE_STEPS) % PHASE_STEPS) + PHASE_STEPS) % PHASE_STEPS;
  });
}

/** Frequencies of the measured partials, radians a sample. */
function partialOmegas(f0: number, inharmonicity: number): number[] {
  const omegas: number[] = [];
  for (let k = 1; k <= PARTIALS; k++) {
    const frequency = partialFrequency(f0, inharmonicity, k);
    if (frequency > HIGHEST) break;
    omegas.push((2 * Math.PI * frequency) / CLIP_RATE);
  }
  return omegas;
}

/** sin(w t + phase) correlates with the sine by cos(phase) and with the cosine by sin(phase). */
function phasor(audio: Float32Array, omega: number, window: Float64Array): Phasor {
  let [re, im] = [0, 0];
  for (let n = 0; n < window.length; n++) {
    const x = window[n]! * (audio[CLIP_ONSET - STRIKE_LEAD + n] ?? 0);
    re += x * Math.sin(omega * n);
    im += x * Math.cos(omega * n);
  }
  return { re, im };
}

/** By how many samples earlier each strike has to begin for all to agree; 0 in the mean. */
function commonLags(strikes: readonly (readonly Phasor[])[], omegas: readonly number[]): number[] {
  const size = (strike: readonly Phasor[]): number => strike.reduce((sum, { re, im }) => sum + re * re + im * im, 0);
  const loudest = strikes.reduce((best, strike) => (size(strike) > size(best) ? strike : best));
  const lags = strikes.map((strike) => bestLag(strike, loudest, omegas));
  for (let round = 1; round < ROUNDS; round++) {
    for (let i = 0; i < strikes.length && strikes.length > 1; i++) {
      const others = strikes.map((strike, j) => moved(strike, omegas, lags[j]!)).filter((_, j) => j !== i);
      lags[i] = bestLag(strikes[i]!, sumOf(others), omegas);
    }
  }
  const mean = lags.reduce((sum, lag) => sum + lag, 0) / lags.length;
  return lags.map((lag) => lag - mean);
}

/** By how many samples earlier a strike has to begin to be most like `others`; weak partials count, too, but less. */
function bestLag(strike: readonly Phasor[], others: readonly Phasor[], omegas: readonly number[]): number {
  const pairs = strike.map(({ re, im }, k) => ({ weight: Math.sqrt(Math.hypot(re, im) * Math.hypot(others[k]!.re, others[k]!.im)), angle: Math.atan2(im, re) - Math.atan2(others[k]!.im, others[k]!.re) }));
  const total = pairs.reduce((sum, { weight }) => sum + weight, 0) + Number.MIN_VALUE;
  let best = { lag: 0, likeness: -Infinity };
  for (let lag = -MOST_LAG; lag <= MOST_LAG; lag++) {
    const agreement = pairs.reduce((sum, { weight, angle }, k) => sum + weight * Math.cos(angle + omegas[k]! * lag), 0) / total;
    const likeness = agreement - LAG_COST * (lag / MOST_LAG) ** 2;
    if (likeness > best.likeness) best = { lag, likeness };
  }
  return best.lag;
}

/** What a strike has of the partials when it begins `lag` samples earlier. */
function moved(strike: readonly Phasor[], omegas: readonly number[], lag: number): Phasor[] {
  return strike.map(({ re, im }, k) => {
    const [cos, sin] = [Math.cos(omegas[k]! * lag), Math.sin(omegas[k]! * lag)];
    return { re: re * cos - im * sin, im: im * cos + re * sin };
  });
}

function sumOf(strikes: readonly (readonly Phasor[])[]): Phasor[] {
  return strikes[0]!.map((_, k) => ({
    re: strikes.reduce((sum, strike) => sum + strike[k]!.re, 0),
    im: strikes.reduce((sum, strike) => sum + strike[k]!.im, 0),
  }));
}
