/** What to play for a minute, so that a piano can be learned from it. */
import type { Performance, PerformanceEvent } from './performance.ts';
import { FIRST_NOTE, NOTE_COUNT } from './spec.ts';

/** Seconds from one key to the next, and for which each stays down. */
const APART = 0.68;
const HELD = 0.61;
const BEFORE = 0.1;
/** Soft, hard, and between: neighbours show how a piano answers to touch. */
const VELOCITIES = [0.3, 0.9, 0.6, 0.75];

/**
 * Every key once and alone, in 60 seconds: a whole-tone scale up from the lowest key, and the keys between down again, so
 * that half of it spans the keyboard, too.
 */
export function etude(): Performance {
  const steps = Array.from({ length: NOTE_COUNT / 2 }, (_, i) => 2 * i);
  const keys = [...steps, ...steps.map((step) => step + 1).reverse()];
  const events = keys.flatMap((key, i): PerformanceEvent[] => {
    const [note, seconds] = [FIRST_NOTE + key, BEFORE + APART * i];
    return [{ seconds, type: 'noteOn', note, velocity: VELOCITIES[i % VELOCITIES.length]! }, { seconds: seconds + HELD, type: 'noteOff', note }];
  });
  return { name: 'etude', seconds: BEFORE + APART * keys.length, events };
}
