/** What stands out of the sound after a strike: the partials of all strings that ring. */
import { medianLevel, spectrumOf } from '../corpus/spectrum.ts';
import type { Performance } from '../performance.ts';
import { Score, type Strike } from './score.ts';

/** The sound after one strike. */
export interface Ring {
  /** MIDI note that was struck. */
  readonly note: number;
  /** All other notes that ring meanwhile. */
  readonly others: readonly number[];
  /** Hz from a peak's centre to where another can be told apart. */
  readonly resolution: number;
  readonly peaks: readonly ClearPeak[];
}

export interface ClearPeak {
  /** Hz. */
  readonly frequency: number;
  /** dB. */
  readonly level: number;
}

/** The blow is skipped, then this much is analysed, or less where the damper falls. */
const SKIP_SECONDS = 0.04;
const LONGEST_SECONDS = 0.8;
const SHORTEST_SECONDS = 0.15;
/** Damper gain down to which a string is heard clearly, and at all. */
const CLEAR_GAIN = 0.3;
const FAINT_GAIN = 0.03;
/** Seconds after which a string disturbs no more. */
const OLDEST = 4;
const LOWEST_HERTZ = 40;
const HIGHEST_HERTZ = 6000;
/** dB by which a peak stands above its surroundings, a tone either side. */
const PROMINENCE = 20;
const SURROUNDINGS = 2 ** (2 / 12);
const MOST_RINGS = 160;

/** @param recording mono, @param performance what it holds; taken evenly where there are many strikes */
export function findRings(recording: Float32Array, sampleRate: number, performance: Performance): Ring[] {
  const score = new Score(performance, sampleRate);
  const rings = score.strikes.flatMap((strike) => windowOf(score, strike, recording.length, sampleRate) ?? []);
  const step = Math.max(1, rings.length / MOST_RINGS);
  const chosen = Array.from({ length: Math.min(MOST_RINGS, rings.length) }, (_, i) => rings[Math.floor(i * step)]!);
  return chosen.map(({ strike, from, to }) => {
    const others = score.strikes.filter(
      (other) => other !== strike && other.start < to && other.start > from - OLDEST * sampleRate && score.damper(other, Math.max(from, other.start), sampleRate) > FAINT_GAIN,
    );
    return { note: strike.note, others: others.map(({ note }) => note), ...peaksOf(recording.subarray(from, to), sampleRate) };
  });
}

function windowOf(score: Score, strike: Strike, length: number, sampleRate: number): { strike: Strike; from: number; to: number } | undefined {
  const from = strike.start + Math.round(SKIP_SECONDS * sampleRate);
  let to = Math.min(length, from + Math.round(LONGEST_SECONDS * sampleRate));
  const step = Math.round(0.05 * sampleRate);
  while (to > from && score.damper(strike, to, sampleRate) < CLEAR_GAIN) to -= step;
  return to - from < SHORTEST_SECONDS * sampleRate ? undefined : { strike, from, to };
}

function peaksOf(sound: Float32Array, sampleRate: number): Pick<Ring, 'resolution' | 'peaks'> {
  const spectrum = spectrumOf(sound, sampleRate);
  const { step, level, resolution } = spectrum;
  const reach = Math.ceil(resolution / 2 / step);
  const peaks: ClearPeak[] = [];
  const last = Math.min(level.length - 2, Math.floor(HIGHEST_HERTZ / step));
  for (let i = Math.ceil(LOWEST_HERTZ / step); i <= last; i++) {
    const [a, b, c] = [level[i - 1]!, level[i]!, level[i + 1]!];
    if (b < a || b <= c) continue;
    let highest = true;
    for (let j = Math.max(0, i - reach); highest && j <= i + reach; j++) highest = level[j]! <= b;
    if (!highest || b - medianLevel(spectrum, (i * step) / SURROUNDINGS, i * step * SURROUNDINGS) < PROMINENCE) continue;
    const shift = (0.5 * (a - c)) / (a - 2 * b + c);
    peaks.push({ frequency: (i + shift) * step, level: b });
  }
  return { resolution, peaks };
}
