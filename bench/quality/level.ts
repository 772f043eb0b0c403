/** How loud a chord is, and how fast the strings of released notes fall silent. */
import { damperSeconds } from '../../model/damper.ts';
import type { Style } from '../../model/style.ts';
import { Engine } from '../../worklet/engine/engine.ts';
import { CEILING } from '../../worklet/engine/output-stage.ts';
import { STRIKE_LEAD, STRIKE_RATE, playStrike, type Player } from './strike.ts';

/** C major in both hands. */
const CHORD = [36, 43, 52, 60, 64, 67, 72];
const VELOCITY = 100 / 127;
const CHORD_SECONDS = 2;
/** One key for bass, middle and treble. */
const RELEASED = [33, 57, 81];
const HELD_SECONDS = 0.5;
const RELEASE_SECONDS = 0.7;
const FALL = 40;
const WINDOW = 0.01 * STRIKE_RATE;

export interface ChordLevel {
  /** dBFS, before the limiter. */
  readonly peak: number;
  /** Loudest 400 ms, dBFS rms. */
  readonly level: number;
  /** Whether the limiter has to hold it. */
  readonly limited: boolean;
}

export interface Release {
  readonly note: number;
  /** Seconds from the release until the strings have fallen 40 dB; undefined where they do not. */
  readonly seconds: number | undefined;
  /** What the damper alone would take. */
  readonly damper: number;
}

const decibels = (amplitude: number): number => 20 * Math.log10(amplitude + 1e-9);

function rms(samples: Float32Array, from: number, length: number): number {
  let energy = 0;
  for (let n = from; n < from + length; n++) energy += (samples[n] ?? 0) ** 2;
  return Math.sqrt(energy / length);
}

/** @param samples full scale 1 */
export function chordLevel(samples: Float32Array): ChordLevel {
  const peak = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const length = 0.4 * STRIKE_RATE;
  let loudest = 0;
  for (let from = 0; from + length <= samples.length; from += length / 8) loudest = Math.max(loudest, rms(samples, from, length));
  return { peak: decibels(peak), level: decibels(loudest), limited: peak > CEILING };
}

/** Seconds from sample `release` until the level has fallen 40 dB below what it was, through windows of 10 ms. */
export function releaseSeconds(samples: Float32Array, release: number): number | undefined {
  const before = decibels(rms(samples, release - WINDOW, WINDOW));
  for (let at = release; at + WINDOW <= samples.length; at += WINDOW / 10) {
    if (decibels(rms(samples, at, WINDOW)) <= before - FALL) return (at - release) / STRIKE_RATE;
  }
  return undefined;
}

export function playChord({ module, weights }: Player, style: Style): ChordLevel {
  const engine = new Engine({ module, weights, style, sampleRate: STRIKE_RATE });
  for (const note of CHORD) engine.noteOn(note, VELOCITY, 0);
  const out = new Float32Array(CHORD_SECONDS * STRIKE_RATE);
  engine.render(out);
  return chordLevel(out);
}

export function playReleases(player: Player, style: Style): Release[] {
  return RELEASED.map((note) => {
    const sound = playStrike(player, { style, note, velocity: VELOCITY, stage: 'strings', seconds: HELD_SECONDS + RELEASE_SECONDS, releaseSeconds: HELD_SECONDS });
    return { note, seconds: releaseSeconds(sound, STRIKE_LEAD + HELD_SECONDS * STRIKE_RATE), damper: damperSeconds(note) * (FALL / 60) };
  });
}
