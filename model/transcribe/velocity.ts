/**
 * How hard the notes of a recording were struck.
 *
 * A straight line over eleven features of a strike and its surroundings, fitted by least squares; docs/decisions/0011
 * says to what, and how near it comes.
 */
import FFT from 'fft.js';
import { medianOf } from '../corpus/median.ts';
import { RATE } from './basic-pitch.ts';
import type { HeardNote } from './transcriber.ts';

/** Samples of one look, 93 ms, and of its spectrum. */
const LOOK = 2048;
const BINS = 8192;
/** Samples from the onset to the look at its partials: the hammer's noise passes by. */
const DELAY = 256;
const PARTIALS = 6;
/** Bins beside a partial in which it is looked for: half of what the window can tell apart. */
const REACH = 3;
/** What lies above is bright. */
const BRIGHT_HERTZ = 3000;
/** dB beyond which a level says no more. */
const RANGE = 40;
/** Seconds to either side that belong to the same phrase, and to the same chord. */
const PHRASE = 2;
const CHORD = 0.05;
const MIDDLE_C = 60;
/** Velocity of a strike like most others of the recording: of 269 performances half have a lower median, half a higher one. */
const USUAL = 0.38;
const SOFTEST = 0.04;
/** A fit is narrower than what it was fitted to. */
const WIDEN = 1.3;

/** Change of velocity for one dB, one semitone, or one octave of notes at once. */
const FIT = {
  rise: 0.00242,
  phraseRise: 0.00662,
  bright: 0.00334,
  phraseBright: 0.00246,
  level: 0.00547,
  phraseLevel: 0.00247,
  note: 0.00549,
  noteSquared: 0.000936,
  chordNote: -0.00387,
  phraseNote: -0.000942,
  chordSize: -0.0298,
} as const;

/** Velocities 0..1 of all notes of a recording, in order of their start. @param looks of `lookAtStrikes`, one for each note */
export function strikeVelocities(notes: readonly HeardNote[], looks: readonly Look[]): number[] {
  const [rise, level, bright] = [looks.map((look) => look.rise), looks.map((look) => look.level), looks.map((look) => look.bright)].map(aroundMedian) as [number[], number[], number[]];
  const pitch = notes.map(({ note }) => note - MIDDLE_C);
  const phrase = (values: readonly number[]): number[] => meansAround(notes, values, PHRASE).map(({ mean }) => mean);
  const chords = meansAround(notes, pitch, CHORD);
  const [phraseRise, phraseLevel, phraseBright, phrasePitch] = [rise, level, bright, pitch].map(phrase) as [number[], number[], number[], number[]];
  const raw = notes.map(
    (_, i) =>
      FIT.rise * rise[i]! + FIT.phraseRise * phraseRise[i]! + FIT.bright * bright[i]! + FIT.phraseBright * phraseBright[i]! + FIT.level * level[i]! + FIT.phraseLevel * phraseLevel[i]! +
      FIT.note * pitch[i]! + (FIT.noteSquared * pitch[i]! ** 2) / 10 + FIT.chordNote * chords[i]!.mean + FIT.phraseNote * phrasePitch[i]! + FIT.chordSize * Math.log2(chords[i]!.count),
  );
  const usual = medianOf(raw);
  return raw.map((velocity) => Math.min(1, Math.max(SOFTEST, USUAL + WIDEN * (velocity - usual))));
}

/** What a strike sounds like. */
export interface Look {
  /** dB by which the partials of the note rise, of all, and of what is bright. */
  readonly rise: number;
  readonly level: number;
  readonly bright: number;
}

/** @param sound mono at `RATE`, from sample `origin` of the recording on, 93 ms before the first strike and 105 ms after the last */
export function lookAtStrikes(sound: Float32Array, origin: number, notes: readonly HeardNote[]): Look[] {
  const fft = new FFT(BINS);
  const window = Float64Array.from({ length: LOOK }, (_, n) => (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / LOOK)) / LOOK);
  const [input, output] = [new Float64Array(BINS), new Float64Array(2 * BINS)];
  /** Power of each bin in the look that starts at a sample; silence lies outside. */
  const powers = (from: number): Float64Array => {
    for (let n = 0; n < LOOK; n++) input[n] = (sound[from + n] ?? 0) * window[n]!;
    fft.realTransform(output, input);
    return Float64Array.from({ length: BINS / 2 }, (_, bin) => output[2 * bin]! ** 2 + output[2 * bin + 1]! ** 2);
  };
  const decibels = (power: number): number => 10 * Math.log10(power + 1e-12);
  return notes.map(({ note, start }) => {
    const at = Math.round(start * RATE) - origin;
    const [before, onset, after] = [powers(at - LOOK), powers(at), powers(at + DELAY)];
    let rise = 0;
    const f0 = 440 * 2 ** ((note - 69) / 12);
    for (let k = 1; k <= PARTIALS && k * f0 < RATE / 2 - 60; k++) {
      const bin = (k * f0 * BINS) / RATE;
      const highest = (spectrum: Float64Array): number => Math.max(...spectrum.subarray(Math.floor(bin - REACH), Math.ceil(bin + REACH + 1) + 1));
      rise += Math.max(0, highest(after) - highest(before));
    }
    const sum = (from: number): number => onset.subarray(from).reduce((total, power) => total + power, 0);
    return { rise: decibels(rise), level: decibels(sum(0)), bright: decibels(sum(Math.floor((BRIGHT_HERTZ * BINS) / RATE))) };
  });
}

function aroundMedian(levels: readonly number[]): number[] {
  const median = medianOf(levels);
  return levels.map((level) => Math.min(RANGE, Math.max(-RANGE, level - median)));
}

/** Mean of the values of all notes that start less than `reach` seconds from each, and how many these are. */
function meansAround(notes: readonly HeardNote[], values: readonly number[], reach: number): { mean: number; count: number }[] {
  let [first, end, sum] = [0, 0, 0];
  return notes.map(({ start }) => {
    for (; end < notes.length && notes[end]!.start < start + reach; end++) sum += values[end]!;
    for (; notes[first]!.start <= start - reach; first++) sum -= values[first]!;
    return { mean: sum / (end - first), count: end - first };
  });
}
