/** The parameters on the audio thread: their values, and what each does to the piano. */
import type { PitchTarget } from '../../model/midi-pitch.ts';
import { concertCents } from '../../model/temperament.ts';
import { EXPRESSION, RESET_CONTROLLERS, SOFT, SOSTENUTO, SUSTAIN, VOLUME } from '../../worklet/engine/controllers.ts';
import type { CrossfadingEngine } from '../../worklet/engine/crossfading-engine.ts';
import type { Stage } from '../../worklet/engine/stage.ts';
import type { MidiTarget } from '../../worklet/midi-message.ts';
import { bendVelocity } from '../velocity-curve.ts';
import { MovingTimbre } from './moving-timbre.ts';
import { PARAMETERS, PLACE, type ParameterId } from './parameters.ts';
import type { Slot, TunableTimbre } from './protocol.ts';

/** MIDI controller of each parameter that has one. */
const CONTROLLERS: Partial<Record<ParameterId, number>> = { volume: VOLUME, expression: EXPRESSION, sustain: SUSTAIN, sostenuto: SOSTENUTO, soft: SOFT };
const NO_CONTROLLER = -1;
const MIDI_FULL = 127;

/** Only the constructor and `setOwn` allocate. Times are frames by the piano's count. */
export class Controls implements MidiTarget, PitchTarget {
  /** In the units of the parameters, by their place in the table. */
  readonly values: Float64Array;
  readonly #controllers: Int8Array;
  readonly #tops: Float64Array;
  readonly #pianos: readonly TunableTimbre[];
  readonly #own: Record<Slot, TunableTimbre>;
  readonly #model: string;
  readonly #timbre: MovingTimbre;
  #piano: CrossfadingEngine | undefined;
  /** Cents that MIDI adds to concert pitch. */
  #tuned = 0;
  #blendMoved = false;
  #toneMoved = false;
  #stageMoved = false;

  /** @param pianos to choose from, at least one; @param model `Spec.id` of the weights */
  constructor(pianos: readonly TunableTimbre[], model: string) {
    this.#pianos = pianos;
    this.#model = model;
    this.#own = { piano: pianos[0]!, towards: pianos[0]! };
    this.#timbre = new MovingTimbre(pianos[0]!);
    this.#tops = Float64Array.from(PARAMETERS, ({ type, maxValue }) => (type === 'choice' ? pianos.length : maxValue));
    this.values = Float64Array.from(PARAMETERS, ({ defaultValue }, place) => Math.min(defaultValue, this.#tops[place]!));
    this.#controllers = Int8Array.from(PARAMETERS, ({ id }) => CONTROLLERS[id] ?? NO_CONTROLLER);
  }

  /** What the events to come are played on. */
  follow(piano: CrossfadingEngine): void {
    this.#piano = piano;
  }

  /** A parameter's value as a share of its range, 0..1. */
  normalise(place: number): number {
    const least = PARAMETERS[place]!.minValue;
    return (this.values[place]! - least) / (this.#tops[place]! - least);
  }

  /** Moves a parameter; what is no number is ignored. @param normalised whether the value is a share of the range, 0..1 */
  set(place: number, value: number, normalised: boolean, frame: number | undefined): void {
    const { minValue, type } = PARAMETERS[place]!;
    const top = this.#tops[place]!;
    const wanted = normalised ? minValue + value * (top - minValue) : value;
    if (!(wanted === wanted)) return;
    const bounded = Math.max(minValue, Math.min(top, wanted));
    this.values[place] = type === 'float' ? bounded : Math.round(bounded);
    const controller = this.#controllers[place]!;
    if (controller !== NO_CONTROLLER) this.#piano?.control(controller, (this.values[place]! / top) * MIDI_FULL, frame);
    else if (place <= PLACE.morph || place === PLACE.inTune) this.#blendMoved = true;
    else if (place === PLACE.brightness || place === PLACE.hammer) this.#toneMoved = true;
    else if (place === PLACE.concertPitch) this.tune(this.#tuned, frame);
    else if (place !== PLACE.touch) this.#stageMoved = true;
  }

  /** The player's own piano, which stands after the last of the list. */
  setOwn(slot: Slot, timbre: TunableTimbre): void {
    this.#own[slot] = timbre;
    this.#blendMoved = true;
  }

  /** Brings to the piano what has moved and has no controller. */
  apply(piano: CrossfadingEngine, stage: Stage): void {
    if (this.#stageMoved) {
      stage.set(this.values[PLACE.width]! / 100, this.values[PLACE.room]! / 100);
      piano.setResonance(this.values[PLACE.resonance]! / 100);
    }
    if (this.#toneMoved) piano.setTone(this.values[PLACE.brightness]!, this.values[PLACE.hammer]! / 100);
    if (this.#blendMoved) {
      this.#timbre.set(this.#at('piano'), this.#at('towards'), this.values[PLACE.morph]! / 100, this.values[PLACE.inTune]! / 100);
      piano.setStyle(this.#model, this.#timbre);
      stage.setRoom(this.#timbre.room);
    }
    this.#stageMoved = false;
    this.#toneMoved = false;
    this.#blendMoved = false;
  }

  noteOn(note: number, velocity: number, frame?: number): void {
    this.#piano?.noteOn(note, bendVelocity(velocity, this.values[PLACE.touch]! / 100), frame);
  }

  noteOff(note: number, frame?: number, velocity?: number): void {
    this.#piano?.noteOff(note, frame, velocity);
  }

  /** A controller of a keyboard moves its parameter along. */
  control(controller: number, value: number, frame?: number): void {
    this.#piano?.control(controller, value, frame);
    if (controller === RESET_CONTROLLERS) this.#reset();
    const place = this.#controllers.indexOf(controller);
    if (place < 0) return;
    const top = this.#tops[place]!;
    this.values[place] = PARAMETERS[place]!.type === 'boolean' ? Math.round(value / MIDI_FULL) : (value / MIDI_FULL) * top;
  }

  bend(cents: number, note?: number, frame?: number): void {
    this.#piano?.bend(cents, note, frame);
  }

  /** Adds to concert pitch. */
  tune(cents: number, frame?: number): void {
    this.#tuned = cents;
    this.#piano?.tune(cents + concertCents(this.values[PLACE.concertPitch]!), frame);
  }

  program(number: number): void {
    if (number >= this.#pianos.length) return;
    this.values[PLACE.piano] = number;
    this.values[PLACE.morph] = 0;
    this.#blendMoved = true;
  }

  /** As the engine does: volume stays. */
  #reset(): void {
    this.values[PLACE.expression] = PARAMETERS[PLACE.expression]!.maxValue;
    this.values[PLACE.sustain] = 0;
    this.values[PLACE.sostenuto] = 0;
    this.values[PLACE.soft] = 0;
  }

  #at(slot: Slot): TunableTimbre {
    return this.#pianos[this.values[PLACE[slot]]!] ?? this.#own[slot];
  }
}
