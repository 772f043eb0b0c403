/** What a player makes of a piano's tone: how bright it is, and how hard its hammers are. */
import type { Controls } from './controls.ts';
import { gainOf } from './decibels.ts';
import { KNOCK_FREQUENCY } from './knock.ts';
import { FIRST_NOTE, NOTE_COUNT, noiseBands, type Spec } from './spec.ts';

/** Largest brightness in dB per octave, up and down. */
export const MOST_BRIGHTNESS = 3;

/** dB per octave that the hardest hammer adds above its knee, and dB by which its knock is louder. */
const HARDER = 4;
const LOUDER_KNOCK = 6;
/** Seconds for which a hammer touches the lowest and the highest strings (Askenfelt and Jansson, 1990, "From touch to string vibrations"). */
const [LONGEST_TOUCH, SHORTEST_TOUCH] = [0.004, 0.0006];

/** Hz above which a hammer's felt decides what a string gets: the inverse of the time for which they touch. */
export function hammerKnee(note: number): number {
  return 1 / (LONGEST_TOUCH * (SHORTEST_TOUCH / LONGEST_TOUCH) ** ((note - FIRST_NOTE) / (NOTE_COUNT - 1)));
}

/** Changes the controls of strikes; allocates only in the constructor. */
export class ToneMap {
  readonly #bandOctave: Float64Array;

  constructor(spec: Spec) {
    this.#bandOctave = Float64Array.from(noiseBands(spec), ({ centre }) => Math.log2(centre));
  }

  /**
   * Tilts all that a strike sounds by `brightness` dB per octave of frequency, and its strings above the hammer's knee
   * by up to `HARDER` more. The power of the strings stays what it was: a brighter tone is no louder one.
   *
   * @param brightness -`MOST_BRIGHTNESS` .. `MOST_BRIGHTNESS`; @param hammer -1 soft .. 1 hard; 0 leaves either as it is
   */
  apply(controls: Controls, note: number, brightness: number, hammer: number): void {
    if (controls.partialCount === 0 || (brightness === 0 && hammer === 0)) return;
    const { partialCount, frequency, promptAmplitude, aftersoundAmplitude } = controls;
    const knee = hammerKnee(note);
    const lowest = Math.log2(frequency[0]!);
    let [plain, struck, tilted] = [0, 0, 0];
    for (let i = 0; i < partialCount; i++) {
      const hard = gainOf(0.5 * HARDER * hammer * Math.log2(1 + (frequency[i]! / knee) ** 2));
      const tilt = gainOf(brightness * (Math.log2(frequency[i]!) - lowest));
      const power = promptAmplitude[i]! ** 2 + aftersoundAmplitude[i]! ** 2;
      plain += power;
      struck += power * hard * hard;
      tilted += power * (hard * tilt) ** 2;
      promptAmplitude[i]! *= hard * tilt;
      aftersoundAmplitude[i]! *= hard * tilt;
    }
    if (tilted === 0) return;
    const level = Math.sqrt(plain / tilted);
    for (let i = 0; i < partialCount; i++) {
      promptAmplitude[i]! *= level;
      aftersoundAmplitude[i]! *= level;
    }
    this.#tiltNoise(controls, brightness, lowest, Math.sqrt(struck / tilted), gainOf(LOUDER_KNOCK * hammer));
  }

  /** Noise and knock get the same tilt as the strings; the hammer changes only what is short. */
  #tiltNoise(controls: Controls, brightness: number, lowest: number, level: number, knock: number): void {
    const { strikeAmplitude, bodyAmplitude } = controls;
    controls.knockAmplitude *= level * gainOf(brightness * (Math.log2(KNOCK_FREQUENCY) - lowest)) * knock;
    for (let b = 0; b < strikeAmplitude.length; b++) {
      const gain = level * gainOf(brightness * (this.#bandOctave[b]! - lowest));
      strikeAmplitude[b]! *= gain * knock;
      bodyAmplitude[b]! *= gain;
    }
  }
}
