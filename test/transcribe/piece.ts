/** A known performance, and recordings of it. */
import { readFileSync } from 'node:fs';
import { etude } from '../../model/etude.ts';
import { parseStyle } from '../../model/style.ts';
import { parseWeights } from '../../model/weights.ts';
import { Engine } from '../../worklet/engine/engine.ts';
import { kernelBuilds } from '../worklet/fixtures.ts';

/** A small piece: a line above chords, no two strikes alike in velocity. */
export const PIECE = Array.from({ length: 24 }, (_, i) => [
  { note: [72, 74, 76, 79, 77, 76, 74, 71][i % 8]!, start: 0.5 + 0.4 * i, velocity: 0.25 + 0.6 * ((i * 7) % 24) / 24 },
  ...(i % 4 === 0 ? [48, 55, 64].map((note) => ({ note: note + (i % 8 === 0 ? 0 : -1), start: 0.5 + 0.4 * i, velocity: 0.3 + (0.4 * ((i * 5) % 24)) / 24 })) : []),
]).flat();
const SECONDS = 11;
export const PIECE_RATE = 48000;

interface PlayedNote {
  readonly note: number;
  readonly velocity: number;
  /** Seconds. */
  readonly start: number;
  readonly end: number;
}

/** A recording of the piece on one of the shipped pianos, mono at `PIECE_RATE`. */
export function playPiece(piano: string): Float32Array {
  return playNotes(piano, PIECE.map((note) => ({ ...note, end: note.start + 0.35 })), SECONDS);
}

/** A recording of notes on one of the shipped pianos, mono at `PIECE_RATE`. */
function playNotes(piano: string, notes: readonly PlayedNote[], seconds: number): Float32Array {
  const pretrained = new URL('../../model/pretrained/', import.meta.url);
  const weights = parseWeights(readFileSync(new URL('model.safetensors', pretrained)), 'model.safetensors');
  const style = parseStyle(readFileSync(new URL(`styles/${piano}.json`, pretrained), 'utf8'), piano);
  const engine = new Engine({ module: kernelBuilds()[0]!.module, weights, style, sampleRate: PIECE_RATE });
  for (const { note, start, end, velocity } of notes) {
    engine.noteOn(note, velocity, Math.round(start * PIECE_RATE));
    engine.noteOff(note, Math.round(end * PIECE_RATE));
  }
  const sound = new Float32Array(Math.round(seconds * PIECE_RATE));
  engine.render(sound);
  return sound;
}

/** The étude on one of the shipped pianos, `seconds` of it from `from` on, mono at `PIECE_RATE`. */
export function playEtude(piano: string, from: number, seconds: number): Float32Array {
  const { events } = etude();
  const ends = new Map(events.flatMap((event) => (event.type === 'noteOff' ? [[event.note, event.seconds - from] as const] : [])));
  const strikes = events.flatMap((event) => (event.type === 'noteOn' ? [{ note: event.note, velocity: event.velocity, start: event.seconds - from, end: ends.get(event.note)! }] : []));
  return playNotes(piano, strikes.filter(({ start }) => start >= 0), seconds);
}
