/** The room of a recorded piano: what its highest keys leave ringing below their strings. */
import { ROOM_BOUNDS, USUAL_ROOM, type RoomShape } from '../room.ts';
import type { NoteClip } from './bank-tuning.ts';
import { medianOf } from './median.ts';
import { CLIP_ONSET, CLIP_RATE } from './notes.ts';

/** From this note on no partial lies below 2 kHz: what sounds there is the knock, in body and room. */
export const FIRST_ROOM_NOTE = 96;
/** Bands in Hz in which the knock is followed. */
const LOW: Band = [250, 500];
const MIDDLE: Band = [600, 1000];
/** The decay is read between these levels in dB of what is still to come (ISO 3382 takes 5 to 25; the knock is too soft for that). */
const [FROM, TO] = [-5, -20];
/** Seconds after which sound is of the room, and dB under the whole at which a room gets level 1. */
const LATE_SECONDS = 0.05;
const WETTEST = -4;
/** The last share of a clip holds the noise of the recording; the very end is faded. */
const NOISE_SHARE = 0.1;
const FADED_SECONDS = 0.02;
/** Clips below which nothing is said. */
const FEWEST = 2;
/** What the middle may say about high sound, against the bass. */
const TILT = 2;

type Band = readonly [low: number, high: number];

/** Decay and lateness of one band of one clip. */
interface Ringing {
  readonly seconds: number;
  readonly late: number;
}

/**
 * Medians over the clips of the highest keys: the time in which the band from 250 to 500 Hz falls by 60 dB, how that
 * compares with the band from 600 to 1,000 Hz, and how much of the energy comes late.
 *
 * @returns undefined where too few clips tell
 */
export function measureRoom(clips: readonly NoteClip[]): RoomShape | undefined {
  const top = clips.filter(({ note }) => note >= FIRST_ROOM_NOTE);
  const [low, middle] = [LOW, MIDDLE].map((band) => top.flatMap(({ audio }) => ringing(bandPass(audio, band)) ?? [])) as [Ringing[], Ringing[]];
  if (low.length < FEWEST || middle.length < FEWEST) return undefined;
  const seconds = medianOf(low.map((r) => r.seconds));
  const tilt = bounded(medianOf(middle.map((r) => r.seconds)) / seconds, [1 / TILT, TILT]);
  const late = medianOf([...low, ...middle].map((r) => r.late));
  const decaySeconds = bounded(seconds, ROOM_BOUNDS.decaySeconds);
  const high = (decaySeconds * tilt * USUAL_ROOM.highDecaySeconds) / USUAL_ROOM.decaySeconds;
  return {
    decaySeconds: rounded(decaySeconds),
    highDecaySeconds: rounded(bounded(high, ROOM_BOUNDS.highDecaySeconds)),
    level: rounded(bounded(10 ** ((late - WETTEST) / 20), ROOM_BOUNDS.level)),
  };
}

/** Undefined where the band does not fall far enough above the recording's own noise. */
function ringing(band: Float32Array): Ringing | undefined {
  const count = band.length - CLIP_ONSET - Math.round(FADED_SECONDS * CLIP_RATE);
  if (count < CLIP_RATE / 10) return undefined;
  const noiseFrom = Math.round(count * (1 - NOISE_SHARE));
  let noise = 0;
  for (let n = noiseFrom; n < count; n++) noise += band[CLIP_ONSET + n]! ** 2 / (count - noiseFrom);
  // Energy that is still to come (Schroeder, 1965).
  const rest = new Float64Array(count + 1);
  for (let n = count - 1; n >= 0; n--) rest[n] = Math.max(0, rest[n + 1]! + band[CLIP_ONSET + n]! ** 2 - noise);
  const fallsTo = (decibels: number): number => rest.findIndex((energy) => energy <= rest[0]! * 10 ** (decibels / 10));
  const [start, end] = [fallsTo(FROM), fallsTo(TO)];
  if (rest[0] === 0 || end >= noiseFrom) return undefined;
  const late = rest[Math.min(count, Math.round(LATE_SECONDS * CLIP_RATE))]! / rest[0]!;
  return { seconds: ((60 / (FROM - TO)) * (end - start)) / CLIP_RATE, late: 10 * Math.log10(late + 1e-9) };
}

/** Four equal resonant band-passes in series (Bristow-Johnson's "cookbook"): the strings, 40 dB louder, lie an octave above. */
function bandPass(samples: Float32Array, [low, high]: Band): Float32Array {
  const centre = Math.sqrt(low * high);
  const omega = (2 * Math.PI * centre) / CLIP_RATE;
  const alpha = (Math.sin(omega) * (high - low)) / (2 * centre);
  const pass = (input: Float32Array): Float32Array => {
    let [x1, x2, y1, y2] = [0, 0, 0, 0];
    return input.map((x) => {
      const y = (alpha * (x - x2) + 2 * Math.cos(omega) * y1 - (1 - alpha) * y2) / (1 + alpha);
      [x2, x1, y2, y1] = [x1, x, y1, y];
      return y;
    });
  };
  return pass(pass(pass(pass(samples))));
}

function bounded(value: number, [least, most]: readonly [number, number]): number {
  return Math.max(least, Math.min(most, value));
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
