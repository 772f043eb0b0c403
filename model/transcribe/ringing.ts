/**
 * Notes that ring on when the network hears them no more. It loses a note that has grown faint; but a damper silences
 * strings at once, so a sound that goes on dying away slowly, with no new strike, is still that of the last notes.
 */
import type { SoundReader } from '../audio/mono-reader.ts';
import { CHORD, type HeardNote } from './transcriber.ts';

/** Seconds between two levels. */
const STEP = 0.05;
/** A fall of so many dB within so many steps is a damper's, or a room's after it. */
const DAMPED = 7;
const FALL_STEPS = 6;
/** What falls less than so many dB within so many steps is no string: noise, or a hum. */
const STANDING = 1;
const STANDING_STEPS = 20;
/** dB under the loudest moment of the recording, and above its quietest, at which nothing rings any more. */
const FAINT = 50;
const NOISE = 3;
/** Notes that end less than this before the last one, in seconds, end with it. */
const TOGETHER = 0.3;
/** dB of a power that nobody hears. */
const SILENT = -120;

/** Levels of a sound in dB, one for every 50 ms, as it is read through. */
export class LevelReader implements SoundReader {
  readonly length: number;
  readonly #reader: SoundReader;
  readonly #step: number;
  readonly #levels: number[] = [];
  #metered = 0;
  #sum = 0;

  /** @param rate in Hz */
  constructor(reader: SoundReader, rate: number) {
    this.length = reader.length;
    this.#reader = reader;
    this.#step = STEP * rate;
  }

  /** Of what was read so far. */
  get levels(): readonly number[] {
    return this.#levels;
  }

  async read(from: number, to: number): Promise<Float32Array> {
    const window = await this.#reader.read(from, to);
    for (let i = Math.max(0, this.#metered - from); i < window.length; i++) {
      this.#sum += window[i]! ** 2;
      if (++this.#metered < (this.#levels.length + 1) * this.#step) continue;
      this.#levels.push(Math.max(SILENT, 10 * Math.log10(this.#sum / this.#step + 1e-12)));
      this.#sum = 0;
    }
    return window;
  }
}

/**
 * The same notes, of which those before a rest last until they are damped or gone.
 *
 * @param notes in order of their start @param levels of a `LevelReader`
 */
export function letRing<Note extends HeardNote>(notes: readonly Note[], levels: readonly number[]): Note[] {
  const faintest = Math.max(levels.reduce((a, b) => Math.max(a, b), SILENT) - FAINT, levels.reduce((a, b) => Math.min(a, b), 0) + NOISE);
  const rung = [...notes];
  let end = -Infinity;
  for (let i = 0; i < rung.length; i++) {
    end = Math.max(end, rung[i]!.end);
    const next = rung[i + 1]?.start ?? levels.length * STEP;
    if (next <= end) continue;
    const until = damped(levels, end, next, faintest);
    const struck = rung[i]!.start - CHORD;
    for (let j = i; j >= 0 && (rung[j]!.start >= struck || rung[j]!.end >= end - TOGETHER); j--) {
      if (until > rung[j]!.end) rung[j] = { ...rung[j]!, end: until };
    }
    end = Math.max(end, until);
  }
  return rung;
}

/** Second between `from` and `to` at which what rings falls fast, or is faint. */
function damped(levels: readonly number[], from: number, to: number, faintest: number): number {
  const last = Math.min(levels.length, Math.floor(to / STEP));
  for (let at = Math.ceil(from / STEP); at < last; at++) {
    const fall = (steps: number): number => levels[at]! - levels[Math.min(last - 1, at + steps)]!;
    const standing = at + STANDING_STEPS < last && fall(STANDING_STEPS) < STANDING;
    if (levels[at]! < faintest || standing || fall(FALL_STEPS) > DAMPED) return Math.max(from, at * STEP);
  }
  return Math.max(from, to);
}
