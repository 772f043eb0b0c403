/** Noise of keys, dampers and pedal: powers in the bands of the noise generator, for all events together. */
import {
  BLOW_SECONDS,
  DAMPER,
  KEY,
  LIFT,
  PEDAL,
  RUMBLE_SECONDS,
  density,
  frictionDensity,
  frictionGain,
  pedalGain,
  releaseGain,
  type MechanicalSound,
} from '../../model/mechanics.ts';
import { noiseBands, type Spec } from '../../model/spec.ts';
import type { Noise } from './noise.ts';

/** Power in each band. */
interface BandPowers {
  readonly blow: Float64Array;
  readonly rumble: Float64Array;
}

/** A whole sound below this power is silence, -120 dB of full scale. */
const INAUDIBLE = 1e-12;

/**
 * Powers add, and all events decay at the same rates, so that any number of them costs no more than one.
 * Allocates only in the constructor.
 */
export class Mechanics {
  /** Whether it sounds. */
  enabled = true;
  readonly #slot: number;
  readonly #noise: Noise;
  readonly #rate: number;
  readonly #key: BandPowers;
  readonly #dampers: readonly BandPowers[];
  readonly #pedal: BandPowers;
  readonly #friction: Float64Array;
  /** What the events of this tick add. */
  readonly #coming: BandPowers;
  #comes = false;
  #sounding = false;
  #lastPedal = -Infinity;

  /** @param slot of the noise generator that nothing else uses */
  constructor(spec: Spec, noise: Noise, slot: number) {
    const bands = noiseBands(spec);
    const powers = ({ blow, rumble }: MechanicalSound): BandPowers => ({
      blow: Float64Array.from(bands, ({ centre, width }) => width * density(blow, centre)),
      rumble: Float64Array.from(bands, ({ centre, width }) => width * density(rumble, centre)),
    });
    this.#slot = slot;
    this.#noise = noise;
    this.#rate = spec.sampleRate;
    this.#key = powers(KEY);
    this.#dampers = DAMPER.map(powers);
    this.#pedal = powers(PEDAL);
    this.#friction = Float64Array.from(bands, ({ centre, width }) => width * frictionDensity(centre));
    this.#coming = { blow: new Float64Array(bands.length), rumble: new Float64Array(bands.length) };
  }

  /** Whether something is heard, or about to be. */
  get sounding(): boolean {
    return this.enabled && (this.#comes || this.#sounding);
  }

  /**
   * A key comes up.
   *
   * @param velocity of the release, 0..1, @param held samples for which it was down
   * @param damped whether its damper falls, @param stringPower mean power of its strings
   */
  keyUp(note: number, velocity: number, held: number, damped: boolean, stringPower: number): void {
    const gain = releaseGain(velocity, held / this.#rate);
    if (!damped) {
      this.#add(this.#key, gain);
      return;
    }
    const last = DAMPER.length - 1;
    let above = 1;
    while (above < last && DAMPER[above]!.note < note) above++;
    const { note: low } = DAMPER[above - 1]!;
    const share = Math.max(0, Math.min(1, (note - low) / (DAMPER[above]!.note - low)));
    this.#add(this.#dampers[above - 1]!, gain * (1 - share));
    this.#add(this.#dampers[above]!, gain * share);
    const felt = stringPower * frictionGain(note);
    for (let b = 0; b < this.#friction.length; b++) this.#coming.rumble[b]! += felt * this.#friction[b]!;
  }

  /** The pedal moves all dampers by `travel`, up where it is positive. @param position model sample */
  movePedal(travel: number, position: number): void {
    const seconds = (position - this.#lastPedal) / this.#rate;
    this.#lastPedal = position;
    if (travel === 0) return;
    const lift = travel > 0 ? 10 ** (LIFT / 10) : 1;
    this.#add(this.#pedal, lift * pedalGain(Math.abs(travel), seconds));
  }

  /** At a tick's end: adds the powers to the coming boundary of the noise. Those of this tick's events count from the next one on. @param heard whether the noise sounds */
  endTick(heard: boolean): void {
    if (this.#sounding) this.#sounding = this.#noise.addVoice(this.#slot, heard && this.enabled ? 1 : 0) > INAUDIBLE;
    if (!this.#comes) return;
    if (!this.#sounding) this.#noise.decay(this.#slot, BLOW_SECONDS, RUMBLE_SECONDS);
    this.#noise.excite(this.#slot, this.#coming.blow, this.#coming.rumble);
    this.#coming.blow.fill(0);
    this.#coming.rumble.fill(0);
    this.#comes = false;
    this.#sounding = true;
  }

  /**
   * Takes over what sounds in others.
   *
   * @param lag samples that their state is older than this one's, @param startOf one of their samples in this one's
   */
  follow(other: Mechanics, lag: number, startOf: (start: number) => number): void {
    this.#noise.followSlot(other.#noise, this.#slot, lag);
    this.#lastPedal = startOf(other.#lastPedal);
    this.#sounding = other.#sounding;
  }

  /** Nothing sounds. */
  stop(): void {
    this.#coming.blow.fill(0);
    this.#coming.rumble.fill(0);
    this.#comes = false;
    this.#sounding = false;
  }

  /** As new. */
  reset(): void {
    this.stop();
    this.#lastPedal = -Infinity;
  }

  #add({ blow, rumble }: BandPowers, gain: number): void {
    for (let b = 0; b < blow.length; b++) {
      this.#coming.blow[b]! += gain * blow[b]!;
      this.#coming.rumble[b]! += gain * rumble[b]!;
    }
    this.#comes = true;
  }
}
