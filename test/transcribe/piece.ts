/** A known performance, and recordings of it. */
import { readFileSync } from 'node:fs';
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

/** A recording of the piece on one of the shipped pianos, mono at `PIECE_RATE`. */
export function playPiece(piano: string): Float32Array {
  const pretrained = new URL('../../model/pretrained/', import.meta.url);
  const weights = parseWeights(readFileSync(new URL('model.safetensors', pretrained)), 'model.safetensors');
  const style = parseStyle(readFileSync(new URL(`styles/${piano}.json`, pretrained), 'utf8'), piano);
  const engine = new Engine({ module: kernelBuilds()[0]!.module, weights, style, sampleRate: PIECE_RATE });
  for (const { note, start, velocity } of PIECE) {
    engine.noteOn(note, velocity, Math.round(start * PIECE_RATE));
    engine.noteOff(note, Math.round((start + 0.35) * PIECE_RATE));
  }
  const sound = new Float32Array(SECONDS * PIECE_RATE);
  engine.render(sound);
  return sound;
}
