/** Keys and pedal of a performance, in samples of its recording. */
import { damperContact, damperRate } from '../damper.ts';
import type { Performance } from '../performance.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../spec.ts';

const SUSTAIN = 64;

/** A strike in samples of the recording. */
export interface Strike {
  readonly note: number;
  readonly velocity: number;
  readonly start: number;
  /** When its key comes up; infinite where it never does. */
  release: number;
}

export class Score {
  readonly strikes: Strike[] = [];
  /** Samples at which the pedal moves, and how long the dampers have rested on the strings until then. */
  readonly #moves: { at: number; rested: number; contact: number }[] = [{ at: 0, rested: 0, contact: 1 }];

  constructor({ events }: Performance, sampleRate: number) {
    const held = new Map<number, Strike>();
    for (const event of events) {
      const at = Math.round(event.seconds * sampleRate);
      if (event.type === 'noteOn') {
        const strike = { note: event.note, velocity: event.velocity, start: at, release: Infinity };
        const before = held.get(event.note);
        if (before) before.release = Math.min(before.release, at);
        held.set(event.note, strike);
        if (event.note >= FIRST_NOTE && event.note < FIRST_NOTE + NOTE_COUNT) this.strikes.push(strike);
      } else if (event.type === 'noteOff') {
        const strike = held.get(event.note);
        if (strike) strike.release = at;
        held.delete(event.note);
      } else if (event.type === 'control' && event.controller === SUSTAIN) {
        this.#moves.push({ at, rested: this.#restedUntil(at), contact: damperContact(event.value / 127) });
      }
    }
  }

  /** Damper gain of a strike at a sample. */
  damper({ note, release }: Strike, at: number, sampleRate: number): number {
    if (at <= release) return 1;
    return Math.exp((-damperRate(note) * (this.#restedUntil(at) - this.#restedUntil(release))) / sampleRate);
  }

  /** Samples that dampers would have rested on an untouched string since the start, half pedal counted in part. */
  #restedUntil(at: number): number {
    let low = 0;
    let high = this.#moves.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#moves[middle]!.at <= at) low = middle;
      else high = middle;
    }
    const move = this.#moves[low]!;
    return move.rested + move.contact * (at - move.at);
  }
}
