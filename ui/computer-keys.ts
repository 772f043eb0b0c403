/** The keys of a computer as a piano of two and a half octaves. */
import { LAST_NOTE } from './keyboard-layout.ts';
import { FIRST_NOTE } from '../model/spec.ts';

/**
 * Semitones above the lowest C by `KeyboardEvent.code`, which names the place
 * of a key and not its letter: the layout of the language does not matter.
 * Two rows for each octave, the upper one the black keys.
 */
const SEMITONES: Readonly<Record<string, number>> = {
  KeyZ: 0, KeyS: 1, KeyX: 2, KeyD: 3, KeyC: 4, KeyV: 5, KeyG: 6, KeyB: 7, KeyH: 8, KeyN: 9, KeyJ: 10, KeyM: 11,
  Comma: 12, KeyL: 13, Period: 14, Semicolon: 15, Slash: 16,
  KeyQ: 12, Digit2: 13, KeyW: 14, Digit3: 15, KeyE: 16, KeyR: 17, Digit5: 18, KeyT: 19, Digit6: 20, KeyY: 21, Digit7: 22, KeyU: 23,
  KeyI: 24, Digit9: 25, KeyO: 26, Digit0: 27, KeyP: 28,
};
const LEGENDS: Readonly<Record<string, string>> = { Comma: ',', Period: '.', Semicolon: ';', Slash: '/' };

/** Codes that shift the keys by an octave. */
const OCTAVE_DOWN = 'BracketLeft';
const OCTAVE_UP = 'BracketRight';
const LOWEST_BASE = 24;
const HIGHEST_BASE = 84;

export type KeyAction = { readonly type: 'strike'; readonly note: number } | { readonly type: 'shift' };

/** Which notes the computer's keys hold down, and where their lowest C lies. */
export class ComputerKeys {
  /** The MIDI note of the lowest C. */
  base = 48;
  readonly #held = new Map<string, number>();

  /** Presses a key; undefined where it does nothing. A key that is held already does nothing. */
  down(code: string): KeyAction | undefined {
    if (code === OCTAVE_DOWN || code === OCTAVE_UP) return this.shift(code === OCTAVE_UP ? 1 : -1);
    const semitones = SEMITONES[code];
    if (semitones === undefined || this.#held.has(code)) return undefined;
    const note = this.base + semitones;
    if (note < FIRST_NOTE || note > LAST_NOTE) return undefined;
    this.#held.set(code, note);
    return { type: 'strike', note };
  }

  /** Releases a key: the note that it struck, even if the octave was shifted since and unless another key holds it. */
  up(code: string): number | undefined {
    const note = this.#held.get(code);
    this.#held.delete(code);
    return note === undefined || [...this.#held.values()].includes(note) ? undefined : note;
  }

  /** Releases all keys: the notes that they held. */
  releaseAll(): number[] {
    const notes = new Set(this.#held.values());
    this.#held.clear();
    return [...notes];
  }

  shift(octaves: number): KeyAction | undefined {
    const base = Math.min(HIGHEST_BASE, Math.max(LOWEST_BASE, this.base + 12 * octaves));
    if (base === this.base) return undefined;
    this.base = base;
    return { type: 'shift' };
  }

  /**
   * What to print on each key of the piano.
   *
   * @param letters the letters of the player's own layout by code, where the browser tells them
   */
  legends(letters?: ReadonlyMap<string, string>): Map<number, string> {
    const legends = new Map<number, string>();
    for (const [code, semitones] of Object.entries(SEMITONES)) {
      const letter = letters?.get(code) ?? LEGENDS[code] ?? code.replace(/^(Key|Digit)/, '');
      const note = this.base + semitones;
      if (!legends.has(note) && note <= LAST_NOTE) legends.set(note, letter.toUpperCase());
    }
    return legends;
  }
}
