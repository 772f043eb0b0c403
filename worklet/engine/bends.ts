/** Pitch of what sounds: tuning of the whole, a wheel that bends all keys, and a bend for each key. */
import { FIRST_NOTE, NOTE_COUNT } from '../../model/spec.ts';
import type { Resonance } from './resonance.ts';
import type { Strings } from './strings.ts';
import type { Voice } from './voice.ts';

/** What an event bends, in place of a key: all keys by wheel, or the tuning of the whole, which a reset leaves. */
export const WHEEL = 0;
export const TUNING = 1;

/** Eight octaves: how far anything is bent, up and down. */
export const MOST_CENTS = 9600;

/** Share of the way to a new pitch in one tick. Twice one after the other, so that a bend begins and ends softly: 13 ms in all. */
const SHARE = 0.1;
/** Cents that nobody hears: nearer than this the pitch is there. */
const THERE = 1e-3;

/** Pitch of all voices. Allocates only in the constructor. */
export class Bends {
  readonly #voices: readonly Voice[];
  readonly #strings: Strings;
  readonly #resonance: Resonance;
  readonly #keys = new Float64Array(NOTE_COUNT);
  // Fields that start as doubles hold doubles in place.
  #wheel = NaN;
  #tuning = NaN;

  /** @param resonance strings that answer: they follow the tuning of the whole */
  constructor(voices: readonly Voice[], strings: Strings, resonance: Resonance) {
    this.#voices = voices;
    this.#strings = strings;
    this.#resonance = resonance;
    this.reset();
  }

  /** @param what `WHEEL`, `TUNING` or a key, 21..108; of a key, only the voice that was struck last follows */
  set(what: number, cents: number): void {
    if (what === WHEEL) this.#wheel = cents;
    else if (what === TUNING) this.#tune(cents);
    else this.#keys[what - FIRST_NOTE] = cents;
  }

  /** Wheel and keys go back; the tuning stays. */
  release(): void {
    const voices = this.#voices;
    this.#wheel = 0;
    this.#keys.fill(0);
    for (let i = 0; i < voices.length; i++) voices[i]!.keyBend = 0;
  }

  /** Takes over all as it stands. */
  follow(other: Bends): void {
    this.#keys.set(other.#keys);
    this.#wheel = other.#wheel;
    this.#tune(other.#tuning);
  }

  /** As new. */
  reset(): void {
    this.#keys.fill(0);
    this.#wheel = 0;
    this.#tune(0);
  }

  /** Gives a strike its pitch at once. Voices that the same key struck before keep the bend that they have. */
  begin(voice: Voice): void {
    const voices = this.#voices;
    for (let i = 0; i < voices.length; i++) if (voices[i]!.note === voice.note) voices[i]!.isLatest = false;
    voice.isLatest = true;
    voice.keyBend = this.#keys[voice.note - FIRST_NOTE]!;
    const cents = this.#tuning + this.#wheel + voice.keyBend;
    voice.cents = cents;
    voice.nextCents = cents;
    voice.ratio = cents === 0 ? 1 : 2 ** (cents / 1200);
    voice.turned = 0;
  }

  /** Before each tick: brings the strings of a voice that is not yet where it is wanted a bit nearer. */
  glide(voice: Voice): void {
    // Only now, so that a bend and a strike at one sample leave what the key struck before as it is.
    if (voice.isLatest) voice.keyBend = this.#keys[voice.note - FIRST_NOTE]!;
    const wanted = this.#tuning + this.#wheel + voice.keyBend;
    if (voice.cents === wanted && voice.nextCents === wanted) return;
    const before = voice.ratio;
    voice.nextCents += SHARE * (wanted - voice.nextCents);
    voice.cents += SHARE * (voice.nextCents - voice.cents);
    if (Math.abs(wanted - voice.nextCents) < THERE && Math.abs(wanted - voice.cents) < THERE) {
      voice.nextCents = wanted;
      voice.cents = wanted;
    }
    voice.ratio = voice.cents === 0 ? 1 : 2 ** (voice.cents / 1200);
    this.#strings.bend(voice.slot, voice.ratio, voice.ratio - before);
  }

  #tune(cents: number): void {
    this.#tuning = cents;
    this.#resonance.retune(cents);
  }
}
