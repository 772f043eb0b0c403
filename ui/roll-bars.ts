/** A performance as the bars of a piano roll. */
import type { Performance } from '../model/performance.ts';

export interface RollBar {
  readonly note: number;
  /** Above 0, at most 1. */
  readonly velocity: number;
  /** Seconds of the performance. */
  readonly start: number;
  readonly end: number;
}

/** One bar for each strike, in order of their starts. A key that is struck again before it came up ends its first bar. */
export function rollBars({ events, seconds }: Performance): RollBar[] {
  const bars: { note: number; velocity: number; start: number; end: number }[] = [];
  const held = new Map<number, (typeof bars)[number]>();
  for (const event of events) {
    if (event.type === 'control' || event.type === 'bend') continue;
    const before = held.get(event.note);
    if (before !== undefined) before.end = event.seconds;
    held.delete(event.note);
    if (event.type === 'noteOff') continue;
    const bar = { note: event.note, velocity: event.velocity, start: event.seconds, end: seconds };
    held.set(event.note, bar);
    bars.push(bar);
  }
  return bars;
}
