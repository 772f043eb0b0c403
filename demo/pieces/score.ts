/** A score with the small liberties of a player, written as a standard MIDI file. */
import { writeMidi, type MidiEvent } from 'midi-file';

const TICKS_PER_BEAT = 480;
const ACCIDENTALS: Readonly<Record<string, number>> = { '#': 1, b: -1, '': 0 };
const STEPS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
/** No two fingers are equally early or equally strong: ticks and MIDI velocities. */
const UNEVEN_TICKS = 5;
const UNEVEN_VELOCITY = 2;

/** The keys of a chord: `F#3 A3 Eb4` gives [54, 57, 63]. Middle C is C4. */
export function keys(names: string): number[] {
  return names.split(' ').map((name) => {
    const [, step, accidental, octave] = /^([A-G])(#|b|)(\d)$/.exec(name)!;
    return STEPS[step!]! + ACCIDENTALS[accidental!]! + 12 * (Number(octave) + 1);
  });
}

/** Without its time, which is only known once all events are in order. */
type UntimedEvent = MidiEvent extends infer E ? (E extends MidiEvent ? Omit<E, 'deltaTime'> : never) : never;

export class Score {
  readonly title: string;
  readonly #events: { tick: number; order: number; event: UntimedEvent }[] = [];
  readonly #random = seeded(1);

  constructor(title: string) {
    this.title = title;
  }

  /**
   * Strikes keys together.
   *
   * @param beat when, in quarter notes from the start
   * @param beats how long the keys are held
   * @param names as in `keys`
   * @param velocity of the highest key, 1..127; lower keys of a chord are played a little softer
   */
  strike(beat: number, beats: number, names: string, velocity: number): void {
    const chord = keys(names);
    chord.forEach((noteNumber, i) => {
      const softer = 4 * (chord.length - 1 - i);
      const tick = Math.max(0, beat * TICKS_PER_BEAT + this.#uneven(UNEVEN_TICKS));
      const played = Math.min(127, Math.max(1, velocity - Math.min(softer, 8) + this.#uneven(UNEVEN_VELOCITY)));
      this.#add(tick, 2, { type: 'noteOn', channel: 0, noteNumber, velocity: Math.round(played) });
      this.#add((beat + beats) * TICKS_PER_BEAT - 4, 1, { type: 'noteOff', channel: 0, noteNumber, velocity: 0 });
    });
  }

  /** Lifts the sustain pedal at a beat and puts it down again just after it, as pianists do. */
  changePedal(beat: number): void {
    if (beat > 0) this.pedal(beat, 0);
    this.pedal(beat + 0.12, 127);
  }

  /** @param value 0 up .. 127 down */
  pedal(beat: number, value: number): void {
    this.#add(beat * TICKS_PER_BEAT, 0, { type: 'controller', channel: 0, controllerType: 64, value });
  }

  tempo(beat: number, beatsPerMinute: number): void {
    this.#add(beat * TICKS_PER_BEAT, 0, { type: 'setTempo', microsecondsPerBeat: Math.round(6e7 / beatsPerMinute) });
  }

  /** A format 0 file. */
  toMidi(): Uint8Array {
    const events = this.#events.toSorted((a, b) => a.tick - b.tick || a.order - b.order);
    let last = 0;
    const track: MidiEvent[] = [{ deltaTime: 0, type: 'trackName', text: this.title }];
    for (const { tick, event } of events) {
      track.push({ deltaTime: tick - last, ...event });
      last = tick;
    }
    track.push({ deltaTime: TICKS_PER_BEAT, type: 'endOfTrack' });
    return Uint8Array.from(writeMidi({ header: { format: 0, numTracks: 1, ticksPerBeat: TICKS_PER_BEAT }, tracks: [track] }));
  }

  #add(tick: number, order: number, event: UntimedEvent): void {
    this.#events.push({ tick: Math.round(tick), order, event });
  }

  #uneven(most: number): number {
    return (2 * this.#random() - 1) * most;
  }
}

/** Random numbers in 0..1 that are the same in every build (Lehmer, modulus 2^31 - 1). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
