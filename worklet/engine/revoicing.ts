/** Voices that go on as another piano would have them: after a change of style, and out of another engine. */
import type { Pedals } from './pedals.ts';
import type { Striker } from './strike.ts';
import type { Strings } from './strings.ts';
import { AWAITED, FADING } from './voice.ts';
import type { VoicePool } from './voice-pool.ts';

/** Ticks over which a sounding voice glides to a new style, and voices that start to in one tick. */
const GLIDE_TICKS = 16;
const GLIDES_PER_TICK = 2;
/** Slots that gliding leaves for strikes. */
const RESERVED = FADING / 2;

/** Allocates only in the constructor. */
export class Revoicing {
  readonly #pool: VoicePool;
  readonly #strings: Strings;
  readonly #striker: Striker;
  readonly #pedals: Pedals;
  readonly #glideSamples: number;

  /** @param tick samples of a tick */
  constructor(pool: VoicePool, strings: Strings, striker: Striker, pedals: Pedals, tick: number) {
    this.#pool = pool;
    this.#strings = strings;
    this.#striker = striker;
    this.#pedals = pedals;
    this.#glideSamples = GLIDE_TICKS * tick;
  }

  /** Whether voices that were taken over are still to be struck. */
  get awaits(): boolean {
    const { voices } = this.#pool;
    for (let i = 0; i < voices.length; i++) if (voices[i]!.active && voices[i]!.style === AWAITED) return true;
    return false;
  }

  /**
   * Takes over what sounds in another pool; up to its turn in `beginTick` each voice is silent.
   *
   * @param startOf start of a voice in this engine's samples
   */
  follow(pool: VoicePool, startOf: (start: number) => number): void {
    const rate = startOf(1) - startOf(0);
    for (const other of pool.voices) {
      const { active, fading, note, velocity, soft, start, damper, power } = other;
      const voice = active && !fading ? this.#pool.spare() : undefined;
      if (voice === undefined) continue;
      voice.activate(note, velocity, soft, startOf(start), this.#pedals.step(note));
      voice.resemble(other);
      voice.turned *= rate;
      voice.damper = damper;
      voice.power = power;
      voice.quiet = 0;
      voice.quietStep = 1;
      voice.fade = 0;
      voice.fadeStep = 0;
      voice.style = AWAITED;
      this.#strings.mute(voice.slot);
    }
  }

  /** Strikes one voice that was taken over, and lets some of an earlier style glide. @param position first sample of the tick */
  beginTick(position: number): void {
    this.#strikeAwaited(position);
    this.#glide(position);
  }

  #strikeAwaited(position: number): void {
    const { voices } = this.#pool;
    for (let i = 0; i < voices.length; i++) {
      const voice = voices[i]!;
      if (!voice.active || voice.style !== AWAITED) continue;
      if (voice.fading) {
        voice.active = false;
        continue;
      }
      this.#striker.begin(voice, position - voice.start, 0);
      voice.fade = 1;
      return;
    }
  }

  /**
   * Lets voices of an earlier style give way to voices of the present one, at the same age. One that has not fully
   * come yet first does: however often the style changes, the shares of old and new add up to one.
   */
  #glide(position: number): void {
    const { voices } = this.#pool;
    let left = GLIDES_PER_TICK;
    for (let i = 0; i < voices.length && left > 0; i++) {
      const old = voices[i]!;
      if (!old.active || old.fading || old.fadeStep > 0 || old.style === this.#striker.generation || old.style === AWAITED) continue;
      if (this.#pool.free <= RESERVED) return;
      const voice = this.#pool.spare()!;
      const step = 1 / this.#glideSamples;
      voice.activate(old.note, old.velocity, old.soft, old.start, this.#pedals.step(old.note));
      voice.resemble(old);
      old.isLatest = false;
      voice.damper = old.damper;
      voice.fade = 0;
      voice.fadeStep = step;
      this.#striker.begin(voice, position - old.start, 0);
      old.fading = true;
      old.fadeStep = -step;
      left--;
    }
  }
}
