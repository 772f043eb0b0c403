/** The power of all that sounds beside a strike, as the model expects it. */
import { noisePower } from '../reference/voice.ts';
import type { Outline } from '../train/outline/outline.ts';
import { toneSpread, type ToneSpread } from '../train/outline/spread.ts';
import { latticeStep, type View } from '../train/outline/views.ts';
import type { StrikeControls } from '../train/outline/view-loss.ts';
import { STRIKE_LEAD } from '../corpus/strike-lead.ts';
import type { HeardStrike } from './heard-strikes.ts';
import type { Score, Strike } from './score.ts';

/** Seconds after which a strike is too old to count, and damper gain below which it is too soft. */
const OLDEST = 4;
const SILENT = 1e-3;
/** Up to this age in seconds a strike is looked at in several moments of a window, later in its middle. */
const YOUNG = 0.15;
const MOMENTS = 8;

/** A strike and its controls. */
export interface Sounding {
  readonly strike: Strike;
  readonly f0: number;
  readonly inharmonicity: number;
  readonly controls: StrikeControls;
}

/** All strikes of `score` that can sound while some of `heard` are looked at, those among them. */
export function companyOf(heard: readonly HeardStrike[], score: Score, sampleRate: number): Strike[] {
  return score.strikes.filter((other) => heard.some(({ strike }) => sounds(other, strike, score, sampleRate)));
}

/** Whether `other` can sound while `strike` is looked at. */
function sounds(other: Strike, strike: Strike, score: Score, sampleRate: number): boolean {
  if (other.start > strike.start + OLDEST * sampleRate || other.start < strike.start - OLDEST * sampleRate) return false;
  return other.start >= strike.start || score.damper(other, strike.start, sampleRate) > SILENT;
}

/** Sets up the background of every heard strike from all that sounds, on top of the recording's own noise. */
export class Backgrounds {
  readonly #outline: Outline;
  readonly #score: Score;
  readonly #sampleRate: number;
  /** Of the partials of each key that came up, for each view: they stay where they are while the style moves. */
  readonly #spreads: readonly Map<number, ToneSpread>[];

  constructor(outline: Outline, score: Score, sampleRate: number) {
    this.#outline = outline;
    this.#score = score;
    this.#sampleRate = sampleRate;
    this.#spreads = outline.views.map(() => new Map<number, ToneSpread>());
  }

  /**
   * Power `[frames * bands]` of what sounds around a strike, in so many frames of one of the outline's views, or of one that has the same windows and bands.
   *
   * @param floor power of the recording's noise in each band
   */
  async power(strike: Strike, sounding: readonly Sounding[], v: number, floor: Float32Array, frames: number, view = this.#outline.views[v]!): Promise<Float32Array> {
    const bands = view.edges.length - 1;
    const noiseBands = sounding[0]?.controls.strikeAmplitude.length ?? 0;
    const noises = new Float32Array(frames * noiseBands);
    const power = new Float32Array(frames * bands);
    for (const other of sounding) {
      if (!sounds(other.strike, strike, this.#score, this.#sampleRate)) continue;
      this.#add(strike, other, v, view, frames, power, noises);
    }
    const noise = frames === 0 ? noises : await this.#outline.noisePower(v, noises, frames);
    return power.map((value, i) => value + (noise[i] ?? 0) + floor[i % bands]!);
  }

  /** Where the tones of a strike fall; from its key's own partials. */
  #spread({ strike: { note }, f0, inharmonicity }: Sounding, v: number): ToneSpread {
    const known = this.#spreads[v]!.get(note) ?? toneSpread(this.#outline.views[v]!, this.#sampleRate, this.#outline.partials(f0, inharmonicity));
    this.#spreads[v]!.set(note, known);
    return known;
  }

  #add(strike: Strike, sounding: Sounding, v: number, view: View, frames: number, power: Float32Array, noises: Float32Array): void {
    const { strike: other, controls: c } = sounding;
    const rate = this.#sampleRate;
    const { from, band, power: share } = this.#spread(sounding, v);
    const partials = from.length - 1;
    const bands = view.edges.length - 1;
    const noiseBands = c.strikeAmplitude.length;
    for (let f = 0; f < frames; f++) {
      const start = (strike.start - other.start + view.starts[f]! * latticeStep(view)) / rate;
      const end = start + view.window / rate;
      if (end <= 0) continue;
      const damper = this.#score.damper(other, strike.start - STRIKE_LEAD + view.starts[f]! * latticeStep(view) + view.window / 2, rate) ** 2;
      const moments = start > YOUNG ? MIDDLE : WINDOW;
      for (const { at, weight } of moments) {
        const t = start + at * (end - start);
        if (t <= 0) continue;
        const gain = weight * damper;
        const rise = (1 - Math.exp(-c.attackRate[0]! * t)) ** 2;
        for (let k = 0; k < partials; k++) {
          const a = c.promptAmplitude[k]! * Math.exp(-c.promptRate[k]! * t);
          const b = c.aftersoundAmplitude[k]! * Math.exp(-c.aftersoundRate[k]! * t);
          const e = gain * rise * (a * a + b * b + 2 * a * b * Math.cos(2 * Math.PI * c.beat[k]! * t));
          for (let i = from[k]!; i < from[k + 1]!; i++) power[f * bands + band[i]!]! += e * share[i]!;
        }
        for (let b = 0; b < noiseBands; b++) noises[f * noiseBands + b]! += gain * noisePower(c, b, t);
      }
    }
  }
}

/** Moments of a window, 0..1, and the share of its energy that they stand for: Hann squared. */
const MIDDLE = [{ at: 0.5, weight: 1 }];
const WINDOW = Array.from({ length: MOMENTS }, (_, i) => {
  const at = (i + 0.5) / MOMENTS;
  return { at, weight: (0.5 - 0.5 * Math.cos(2 * Math.PI * at)) ** 2 / (0.375 * MOMENTS) };
});
