/** The dampers as keys and pedals move them, and what is heard of that. */
import { damperContact } from '../../model/damper.ts';
import type { Excitation } from './excitation.ts';
import type { Mechanics } from './mechanics.ts';
import type { Pedals } from './pedals.ts';
import type { Resonance } from './resonance.ts';
import type { VoicePool } from './voice-pool.ts';

/** Offsets `at` are samples of the tick that `beginTick` began. Allocates only in the constructor. */
export class Dampers {
  readonly #pool: VoicePool;
  readonly #pedals: Pedals;
  readonly #excitation: Excitation;
  readonly #resonance: Resonance;
  readonly #mechanics: Mechanics;
  /** Model sample that the tick starts with. */
  #position = 0;

  constructor(pool: VoicePool, pedals: Pedals, excitation: Excitation, resonance: Resonance, mechanics: Mechanics) {
    this.#pool = pool;
    this.#pedals = pedals;
    this.#excitation = excitation;
    this.#resonance = resonance;
    this.#mechanics = mechanics;
  }

  beginTick(position: number): void {
    this.#position = position;
  }

  /** Presses a key; a strike is not its affair. */
  press(note: number, at: number): void {
    this.#pedals.pressKey(note, this.#position + at);
    this.#update(at, note);
  }

  /** @param velocity 0..1 of the release */
  release(note: number, velocity: number, at: number): void {
    const wasDown = this.#pedals.isDown(note);
    this.#pedals.releaseKey(note);
    this.#update(at, note);
    if (!wasDown) return;
    const held = this.#position + at - this.#pedals.downSince(note);
    this.#mechanics.keyUp(note, velocity, held, this.#pedals.contact(note) > 0, this.#pool.stringPowerOf(note));
  }

  releaseAll(at: number): void {
    this.#pedals.allKeysUp();
    this.#update(at);
  }

  /** @param value 0..1 */
  setSustain(value: number, at: number): void {
    const travel = damperContact(this.#pedals.sustain) - damperContact(value);
    this.#mechanics.movePedal(travel, this.#position + at);
    this.#pedals.sustain = value;
    this.#update(at);
  }

  setSostenuto(down: boolean, at: number): void {
    this.#pedals.sostenuto = down;
    this.#update(at);
  }

  /** Lets dampers follow keys and pedal from offset `at` on, for one note or for all. */
  #update(at: number, note?: number): void {
    const { voices } = this.#pool;
    this.#resonance.moveDampers();
    for (let i = 0; i < voices.length; i++) {
      const voice = voices[i]!;
      if (!voice.active || (note !== undefined && voice.note !== note)) continue;
      const step = this.#pedals.step(voice.note);
      if (step === voice.damperStep) continue;
      this.#excitation.mix(voice, at);
      voice.damperStep = step;
    }
  }
}
