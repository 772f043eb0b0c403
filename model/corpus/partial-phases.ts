/**
 * The phases with which the partials of a key start, as its recordings have them.
 *
 * A hammer strikes always alike, and the way to the microphone is the same, so all strikes of a key agree. In the
 * bass, where partials are so close that every millisecond hears several, phases are what the attack is shaped by.
 */
import { FIRST_NOTE, NOTE_COUNT } from '../spec.ts';
import { PHASE_STEPS, fundamental, partialFrequency, type Tuning } from '../tuning.ts';
import type { NoteClip } from './bank-tuning.ts';
import { CLIP_ONSET, CLIP_RATE } from './notes.ts';
import { STRIKE_LEAD } from './strike-lead.ts';

/** Partials measured at most: above, the phases of strikes no longer agree. */
const PARTIALS = 64;
/** Highest frequency in Hz. */
const HIGHEST = 6000;
/** Periods of the fundamental in the window, and its bounds in seconds. */
const PERIODS = 6;
const SHORTEST = 0.05;
const LONGEST = 0.2;

/** Phases of each of the 88 keys, see `Tuning.phases`; empty for keys without a clip. */
export function measurePhases(clips: readonly NoteClip[], tuning: Tuning): number[][] {
  return Array.from({ length: NOTE_COUNT }, (_, key) => {
    const own = clips.filter(({ note }) => note === FIRST_NOTE + key);
    return own.length === 0 ? [] : keyPhases(own, FIRST_NOTE + key, tuning);
  });
}

function keyPhases(clips: readonly NoteClip[], note: number, tuning: Tuning): number[] {
  const f0 = fundamental(tuning, note);
  const inharmonicity = tuning.inharmonicity[note - FIRST_NOTE]!;
  const length = Math.round(CLIP_RATE * Math.min(LONGEST, Math.max(SHORTEST, PERIODS / f0)));
  const window = Float64Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length));
  const phases: number[] = [];
  for (let k = 1; k <= PARTIALS; k++) {
    const frequency = partialFrequency(f0, inharmonicity, k);
    if (frequency > HIGHEST) break;
    const omega = (2 * Math.PI * frequency) / CLIP_RATE;
    let sine = 0;
    let cosine = 0;
    for (const { audio } of clips) {
      // Louder strikes count more, as their partials stand out of the noise.
      for (let n = 0; n < length; n++) {
        const x = window[n]! * (audio[CLIP_ONSET - STRIKE_LEAD + n] ?? 0);
        sine += x * Math.sin(omega * n);
        cosine += x * Math.cos(omega * n);
      }
    }
    // x(t) = sin(w t + phase) correlates with the sine by cos(phase) and with the cosine by sin(phase).
    const turns = Math.atan2(cosine, sine) / (2 * Math.PI);
    phases.push(((Math.round(turns * PHASE_STEPS) % PHASE_STEPS) + PHASE_STEPS) % PHASE_STEPS);
  }
  return phases;
}
