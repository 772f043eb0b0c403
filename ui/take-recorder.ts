/** Writes down what a player does, as a performance. */
import type { Performance, PerformanceEvent } from '../model/performance.ts';
import type { PitchTarget } from '../model/midi-pitch.ts';
import type { MidiTarget } from '../worklet/midi-message.ts';

const SUSTAIN = 64;
/** Longest take in events: a pedal that rocks for an hour. */
const MOST_EVENTS = 200_000;

/** The beats that the player heard, in seconds of the recorder's clock. */
export interface BeatGrid {
  readonly firstBeat: number;
  readonly secondsPerBeat: number;
}

/** Takes what hands and feet do, with times in seconds of one clock, from `start` to `stop`. */
export class TakeRecorder implements MidiTarget, Pick<PitchTarget, 'bend'> {
  #events: PerformanceEvent[] = [];
  #recording = false;
  readonly #held = new Set<number>();
  #sustain = 0;
  /** Where the sustain pedal stood when the recording began. */
  #firstSustain = 0;
  readonly #clock: () => number;

  /** @param clock seconds */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  get recording(): boolean {
    return this.#recording;
  }

  start(): void {
    this.#events = [];
    this.#held.clear();
    this.#firstSustain = this.#sustain;
    this.#recording = true;
  }

  /**
   * Ends the take: keys and pedal that are still down go up. It begins with its first note, or with the beat before that.
   *
   * @returns undefined if no key was struck
   */
  stop(name: string, beats?: BeatGrid): Performance | undefined {
    if (!this.#recording) return undefined;
    for (const note of [...this.#held]) this.noteOff(note);
    if (this.#sustain > 0) this.#add({ seconds: this.#clock(), type: 'control', controller: SUSTAIN, value: 0 });
    this.#recording = false;
    const first = this.#events.findIndex(({ type }) => type === 'noteOn');
    if (first < 0) return undefined;
    const start = beginning(this.#events[first]!.seconds, beats);
    const pedal: PerformanceEvent = { seconds: 0, type: 'control', controller: SUSTAIN, value: this.#sustainBefore(first) };
    // What the feet did before the first note stands at its start.
    const played = this.#events.slice(first).map((event) => ({ ...event, seconds: event.seconds - start }));
    const events = pedal.value > 0 ? [pedal, ...played] : played;
    return { name, seconds: events.at(-1)!.seconds, events };
  }

  noteOn(note: number, velocity: number): void {
    if (velocity <= 0) return this.noteOff(note);
    if (this.#recording) this.#held.add(note);
    this.#add({ seconds: this.#clock(), type: 'noteOn', note, velocity: Math.min(1, velocity) });
  }

  noteOff(note: number): void {
    // A key that was down before the take began has no strike in it.
    if (this.#held.delete(note)) this.#add({ seconds: this.#clock(), type: 'noteOff', note });
  }

  control(controller: number, value: number): void {
    if (controller === SUSTAIN) this.#sustain = value;
    this.#add({ seconds: this.#clock(), type: 'control', controller, value });
  }

  bend(cents: number, note?: number): void {
    this.#add({ seconds: this.#clock(), type: 'bend', cents, ...(note === undefined ? {} : { note }) });
  }

  #add(event: PerformanceEvent): void {
    if (this.#recording && this.#events.length < MOST_EVENTS) this.#events.push(event);
  }

  #sustainBefore(index: number): number {
    const last = this.#events.slice(0, index).findLast((event) => event.type === 'control' && event.controller === SUSTAIN);
    return last?.type === 'control' ? last.value : this.#firstSustain;
  }
}

/** Players are early as often as late: a note shortly before a beat belongs to it. */
const EARLY_BEATS = 0.25;

function beginning(firstNote: number, beats: BeatGrid | undefined): number {
  if (beats === undefined) return firstNote;
  const { firstBeat, secondsPerBeat } = beats;
  const beat = firstBeat + Math.floor((firstNote - firstBeat) / secondsPerBeat + EARLY_BEATS) * secondsPerBeat;
  return Math.min(firstNote, beat);
}
