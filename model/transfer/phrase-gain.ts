/** Lets a rendering swell and fade as the recording does that it was transcribed from. */
import { LOUDNESS_STEP, loudnessLevels } from '../audio/loudness.ts';
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
 * dB by which a second look, at what the gains make of the rendering, may move them: loudness changes within a phrase.
 * More would undo the phrase's length, and swing.
 */
const TOUCH_UP = 2;

/**
 * Gains in dB, one for each step of `LOUDNESS_STEP` seconds.
 *
 * @param original powers of a `LoudnessMeter`, @param rendering the same of what follows it
 */
export function phraseGains(original: readonly number[], rendering: readonly number[]): number[] {
  const pause = (levels: readonly number[]): number => levels.reduce((most, level) => Math.max(most, level), -Infinity) - PAUSE;
  const wanted = loudnessLevels(original, PHRASE_SECONDS);
  const plain = loudnessLevels(rendering, PHRASE_SECONDS);
  const [quiet, faint] = [pause(wanted), pause(plain)];
  const heard = plain.map((level, i) => level > faint && (wanted[i] ?? -Infinity) > quiet);
  if (!heard.includes(true)) return rendering.map(() => 0);
  const missing = differences(wanted, plain, heard);
  const whole = medianOf(missing.filter((_, i) => heard[i]));
  const gains = glide(missing.map((gain) => Math.min(whole + MOST, Math.max(whole - MOST, gain))));
  const followed = loudnessLevels(rendering.map((power, i) => power * 10 ** (gains[i]! / 10)), PHRASE_SECONDS);
  const left = glide(differences(wanted, followed, heard));
  return gains.map((gain, i) => gain + Math.min(TOUCH_UP, Math.max(-TOUCH_UP, left[i]!)));
}

/** dB by which `wanted` lies above `levels`; where nothing is heard, what was before goes on. */
function differences(wanted: readonly number[], levels: readonly number[], heard: readonly boolean[]): number[] {
  const first = heard.indexOf(true);
  let last = wanted[first]! - levels[first]!;
  return levels.map((level, i) => (last = heard[i] ? wanted[i]! - level : last));
}

function glide(gains: readonly number[]): number[] {
  return gains.map((_, i) => {
    const near = gains.slice(Math.max(0, i - GLIDE / 2), i + GLIDE / 2 + 1);
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
