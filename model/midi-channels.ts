/** The events of a performance as MIDI messages, on one channel or, where single keys are bent, on one for each note. */
import type { MidiEvent } from 'midi-file';
import type { PerformanceEvent } from './performance.ts';

/** An event without its time. */
export type UntimedEvent = MidiEvent extends infer E ? (E extends MidiEvent ? Omit<E, 'deltaTime'> : never) : never;

const MAIN = 0;
const MEMBERS = 15;
/** Semitones to which a member's bend reaches, as MPE has it, and the wheel at least. */
const MEMBER_RANGE = 48;
const LEAST_RANGE = 2;
const HALF = 8192;
const [DATA, RPN_LOW, RPN_HIGH] = [6, 100, 101];
const [BEND_RANGE, MPE_ZONE, NO_PARAMETER] = [0, 6, 127];

const control = (controllerType: number, value: number): UntimedEvent => ({ type: 'controller', channel: MAIN, controllerType, value });

/** A registered parameter, which is let go of again. */
function parameter(number: number, value: number): UntimedEvent[] {
  return [control(RPN_HIGH, 0), control(RPN_LOW, number), control(DATA, value), control(RPN_HIGH, NO_PARAMETER), control(RPN_LOW, NO_PARAMETER)];
}

function pitchBend(channel: number, cents: number, range: number): UntimedEvent {
  const value = Math.round((HALF * cents) / (100 * range));
  return { type: 'pitchBend', channel, value: Math.max(-HALF, Math.min(HALF - 1, value)) };
}

export class MidiChannels {
  readonly #expressive: boolean;
  /** Semitones to which the wheel has to reach; 0 where it rests. */
  readonly #range: number;
  /** Of each key: the member channel that it was struck on, and its cents; and of each channel its last key. */
  readonly #channels = new Map<number, number>();
  readonly #latest = new Map<number, number>();
  readonly #cents = new Map<number, number>();
  /** Member channels, the longest unused first. */
  readonly #free = Array.from({ length: MEMBERS }, (_, i) => i + 1);

  /** @param events all of the performance */
  constructor(events: readonly PerformanceEvent[]) {
    this.#expressive = events.some((event) => event.type === 'bend' && event.note !== undefined);
    const widest = events.reduce((most, event) => (event.type === 'bend' && event.note === undefined ? Math.max(most, Math.abs(event.cents)) : most), 0);
    this.#range = widest === 0 ? 0 : Math.min(127, Math.max(LEAST_RANGE, Math.ceil(widest / 100)));
  }

  /** What the file begins with. */
  setUp(): UntimedEvent[] {
    return [...(this.#expressive ? parameter(MPE_ZONE, MEMBERS) : []), ...(this.#range > 0 ? parameter(BEND_RANGE, this.#range) : [])];
  }

  messages(event: PerformanceEvent): UntimedEvent[] {
    switch (event.type) {
      case 'noteOn': {
        const noteOn = { type: 'noteOn', noteNumber: event.note, velocity: Math.max(1, Math.round(127 * event.velocity)) } as const;
        if (!this.#expressive) return [{ ...noteOn, channel: MAIN }];
        // A key that is struck again before it came up would stay down on the channel that it leaves.
        const before = this.#channels.has(event.note) ? [this.#noteOff(event.note, 0)] : [];
        const channel = this.#take(event.note);
        return [...before, pitchBend(channel, this.#cents.get(event.note) ?? 0, MEMBER_RANGE), { ...noteOn, channel }];
      }
      case 'noteOff':
        return [this.#noteOff(event.note, event.velocity ?? 0)];
      case 'control':
        return [control(event.controller, Math.round(event.value))];
      case 'bend':
        return this.#bend(event.cents, event.note);
    }
  }

  #noteOff(note: number, velocity: number): UntimedEvent {
    const channel = this.#channels.get(note) ?? MAIN;
    this.#channels.delete(note);
    return { type: 'noteOff', channel, noteNumber: note, velocity: Math.round(127 * velocity) };
  }

  #bend(cents: number, note: number | undefined): UntimedEvent[] {
    if (note === undefined) return this.#range > 0 ? [pitchBend(MAIN, cents, this.#range)] : [];
    this.#cents.set(note, cents);
    const channel = this.#channels.get(note);
    return channel === undefined || this.#latest.get(channel) !== note ? [] : [pitchBend(channel, cents, MEMBER_RANGE)];
  }

  /** A member channel for a strike: the one that was struck the longest ago. */
  #take(note: number): number {
    const channel = this.#free.shift()!;
    this.#free.push(channel);
    this.#channels.set(note, channel);
    this.#latest.set(channel, note);
    return channel;
  }
}
