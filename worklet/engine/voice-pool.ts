/** Which voices sound, and which make room for a new one. */
import { FIRST_NOTE } from '../../model/spec.ts';
import { AWAITED, FADING, PER_KEY, SOUNDING, Voice } from './voice.ts';

/** Allocates only in the constructor. */
export class VoicePool {
  readonly voices: readonly Voice[];
  readonly #fadeSamples: number;

  /** @param fadeSamples length of the fade of a voice that makes room */
  constructor(decays: number, features: number, fadeSamples: number) {
    this.voices = Array.from({ length: SOUNDING + FADING }, (_, slot) => new Voice(slot, decays, features));
    this.#fadeSamples = fadeSamples;
  }

  /** Voices that sound and do not fade. */
  get sounding(): number {
    return this.#count(false);
  }

  /** Slots that nothing uses. */
  get free(): number {
    return this.voices.length - this.#count(false) - this.#count(true);
  }

  /** Level of each key in 0..255, 60 dB up to full scale. */
  readLevels(out: Uint8Array): void {
    out.fill(0);
    // Called too seldom for V8 to optimise it, and an iterator allocates until then.
    for (let i = 0; i < this.voices.length; i++) {
      const { active, note, power } = this.voices[i]!;
      if (!active) continue;
      const level = Math.max(0, Math.min(255, 255 * (1 + (10 * Math.log10(power + 1e-12)) / 60)));
      const key = note - FIRST_NOTE;
      if (level > out[key]!) out[key] = level;
    }
  }

  /**
   * A free voice for a strike of `note`. The quietest voice fades where a key, or the whole
   * piano, has too many.
   *
   * @returns undefined while too many are still fading
   */
  allocate(note: number): Voice | undefined {
    const voice = this.spare();
    if (voice === undefined) return undefined;
    if (this.#countOf(note) >= PER_KEY) this.#fadeQuietest(note);
    else if (this.sounding >= SOUNDING) this.#fadeQuietest(undefined);
    return voice;
  }

  /** A free voice, if there is one. */
  spare(): Voice | undefined {
    for (let i = 0; i < this.voices.length; i++) if (!this.voices[i]!.active) return this.voices[i];
    return undefined;
  }

  /** Fades one voice out to make room. */
  fadeOut(voice: Voice): void {
    if (voice.fading) return;
    voice.fading = true;
    voice.fadeStep = -1 / this.#fadeSamples;
  }

  /** Fades the quietest of the voices that no key holds until at most `most` of them are left; one a call. */
  thinReleased(most: number, isHeld: (note: number) => boolean): void {
    let released = 0;
    let quietest: Voice | undefined;
    for (let i = 0; i < this.voices.length; i++) {
      const voice = this.voices[i]!;
      if (!voice.active || voice.fading || isHeld(voice.note)) continue;
      released++;
      if (quietest === undefined || voice.power < quietest.power) quietest = voice;
    }
    if (released > most && quietest !== undefined) this.fadeOut(quietest);
  }

  /** Mean power of what sounds of a note's strings. */
  stringPowerOf(note: number): number {
    let power = 0;
    for (let i = 0; i < this.voices.length; i++) {
      const voice = this.voices[i]!;
      if (voice.active && voice.note === note && voice.style !== AWAITED) power += voice.gain * voice.gain * voice.stringPower;
    }
    return power;
  }

  #count(fading: boolean): number {
    let count = 0;
    for (let i = 0; i < this.voices.length; i++) {
      const voice = this.voices[i]!;
      if (voice.active && voice.fading === fading) count++;
    }
    return count;
  }

  #countOf(note: number): number {
    let count = 0;
    for (let i = 0; i < this.voices.length; i++) {
      const voice = this.voices[i]!;
      if (voice.active && !voice.fading && voice.note === note) count++;
    }
    return count;
  }

  /** Of one note, or of all. */
  #fadeQuietest(note: number | undefined): void {
    let quietest: Voice | undefined;
    for (let i = 0; i < this.voices.length; i++) {
      const voice = this.voices[i]!;
      if (!voice.active || voice.fading || (note !== undefined && voice.note !== note)) continue;
      if (quietest === undefined || voice.power < quietest.power) quietest = voice;
    }
    if (quietest !== undefined) this.fadeOut(quietest);
  }
}
