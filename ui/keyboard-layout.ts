/**
 * Where the keys of a piano lie. Lengths across are in widths of a white key
 * from the left edge of the lowest; lengths along a key run from 0 at the
 * back to 1 at the player's edge.
 */
import { FIRST_NOTE, NOTE_COUNT } from '../model/spec.ts';

export const LAST_NOTE = FIRST_NOTE + NOTE_COUNT - 1;
export const WHITE_COUNT = 52;
/** Length of a black key as a share of a white one. */
export const BLACK_LENGTH = 0.635;
export const BLACK_WIDTH = 0.56;

export interface KeyShape {
  readonly note: number;
  readonly black: boolean;
  readonly left: number;
  readonly width: number;
}

const NAMES = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'];
/** How far the centre of each black key lies from the gap between its white keys, as on a real piano. */
const BLACK_OFFSET: Record<string, number> = { 'C♯': -0.1, 'D♯': 0.1, 'F♯': -0.14, 'G♯': 0, 'A♯': 0.14 };

/** `C4` for middle C. */
export function noteName(note: number): string {
  return `${NAMES[note % 12]}${Math.floor(note / 12) - 1}`;
}

/** The name as it is read aloud: `C sharp 4`. */
export function spokenName(note: number): string {
  return noteName(note).replace('♯', ' sharp ').replace(/([A-G])(?=\d)/, '$1 ');
}

/** All 88 keys from the lowest up. */
export const KEYS: readonly KeyShape[] = layOut();

function layOut(): KeyShape[] {
  let white = 0;
  return Array.from({ length: NOTE_COUNT }, (_, i) => {
    const note = FIRST_NOTE + i;
    const offset = BLACK_OFFSET[NAMES[note % 12]!];
    if (offset === undefined) return { note, black: false, left: white++, width: 1 };
    return { note, black: true, left: white + offset - BLACK_WIDTH / 2, width: BLACK_WIDTH };
  });
}

/** The key under a point, or undefined beside the keyboard. */
export function keyAt(across: number, along: number): KeyShape | undefined {
  if (along < 0 || along > 1) return undefined;
  const under = (key: KeyShape): boolean => across >= key.left && across < key.left + key.width;
  const black = along < BLACK_LENGTH ? KEYS.find((key) => key.black && under(key)) : undefined;
  return black ?? KEYS.find((key) => !key.black && under(key));
}

/** Velocity 0..1 of a touch: the nearer to the player's edge of the key, the louder. */
export function touchVelocity(key: KeyShape, along: number): number {
  const share = along / (key.black ? BLACK_LENGTH : 1);
  return 0.2 + 0.75 * Math.min(1, Math.max(0, share));
}
