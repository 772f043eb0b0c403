/** What the element tells of keys that move, as the `detail` of its events. */

/** A key that goes down. */
export interface PianoNoteOn {
  /** MIDI note, 21 to 108. */
  readonly note: number;
  /** 0 to 1. */
  readonly velocity: number;
}

/** A key that comes up. */
export interface PianoNoteOff {
  /** MIDI note, 21 to 108. */
  readonly note: number;
}
