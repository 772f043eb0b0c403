/** The dense texture: chords and runs under a pedal that is renewed in every bar, about 32 sounding voices. */
import type { Random } from '../../model/random.ts';
import { HIGHEST_KEY, LOWEST_KEY } from './shipped-piano.ts';

export const BAR_SECONDS = 2;
const STRIKES = 36;
const STRIKE_SPACING_SECONDS = 0.045;

export interface DensePlayer {
  noteOn(note: number, velocity: number, time: number): void;
  noteOff(note: number, time: number): void;
  sustain(depth: number, time: number): void;
}

/** Sends one bar that begins at `start` seconds. */
export function playDenseBar(player: DensePlayer, random: Random, start: number): void {
  player.sustain(0, start);
  player.sustain(1, start + 0.3);
  for (let i = 0; i < STRIKES; i++) {
    const at = start + 0.31 + STRIKE_SPACING_SECONDS * i;
    const note = LOWEST_KEY + random.below(HIGHEST_KEY - LOWEST_KEY);
    player.noteOn(note, random.between(0.2, 1), at);
    player.noteOff(note, at + 0.2);
  }
}
