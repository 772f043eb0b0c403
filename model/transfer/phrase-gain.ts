/** Lets a rendering swell and fade as the recording does that it was transcribed from. */
import { LOUDNESS_STEP } from '../audio/loudness.ts';
import { medianOf } from '../corpus/median.ts';

/** Seconds of a phrase: EBU's short-term loudness. */
export const PHRASE_SECONDS = 3;
/** dB under the loudest phrase from which on a recording is silence, and noise, between notes. */
const PAUSE = 30;
/** dB by which a phrase may be lifted or lowered more than the whole. */
const MOST = 12;
/** Steps over which the gain glides. */
const GLIDE = 10;

/**
 * Gains in dB, one for each step of `LOUDNESS_STEP` seconds.
 *
 * @param original loudness of each step over `PHRASE_SECONDS`, in LUFS, @param rendering the same of what follows it
 */
export function phraseGains(original: readonly number[], rendering: readonly number[]): number[] {
  const pause = (levels: readonly number[]): number => Math.max(...levels) - PAUSE;
  const [quiet, faint] = [pause(original), pause(rendering)];
  const differences = rendering.map((level, i) => (level > faint && (original[i] ?? -Infinity) > quiet ? original[i]! - level : undefined));
  const heard = differences.filter((difference) => difference !== undefined);
  if (heard.length === 0) return rendering.map(() => 0);
  const whole = medianOf(heard);
  let last = heard[0]!;
  const held = differences.map((difference) => (last = difference ?? last));
  const bounded = held.map((gain) => Math.min(whole + MOST, Math.max(whole - MOST, gain)));
  return bounded.map((_, i) => {
    const near = bounded.slice(Math.max(0, i - GLIDE / 2), i + GLIDE / 2 + 1);
    return near.reduce((sum, gain) => sum + gain, 0) / near.length;
  });
}

/** Applies gains to a sound that comes in blocks, without a step between two of them. */
export class PhraseGain {
  readonly #gains: readonly number[];
  readonly #step: number;
  #frame = 0;

  /** @param gains of `phraseGains`, @param sampleRate in Hz */
  constructor(gains: readonly number[], sampleRate: number) {
    this.#gains = gains.map((gain) => 10 ** (gain / 20));
    this.#step = LOUDNESS_STEP * sampleRate;
  }

  /** In place. */
  apply(block: readonly Float32Array[]): void {
    const last = this.#gains.length - 1;
    for (let i = 0; i < block[0]!.length; i++, this.#frame++) {
      // A gain belongs to the middle of its step.
      const at = Math.min(last, Math.max(0, this.#frame / this.#step - 0.5));
      const step = Math.floor(at);
      const from = this.#gains[step] ?? 1;
      const gain = from + (at - step) * ((this.#gains[step + 1] ?? from) - from);
      for (const channel of block) channel[i]! *= gain;
    }
  }
}
