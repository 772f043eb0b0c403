/** What the piano knows of MIDI. */

/** A key that goes down no faster than this (MIDI velocity 1) does not throw its hammer: the damper rises, and no string is struck. */
export const SILENT_VELOCITY = 1.5 / 127;

/** MIDI controllers that the piano knows. */
export const VOLUME = 7;
export const EXPRESSION = 11;
export const SUSTAIN = 64;
export const SOSTENUTO = 66;
export const SOFT = 67;
export const ALL_SOUND_OFF = 120;
export const RESET_CONTROLLERS = 121;
export const ALL_NOTES_OFF = 123;

const KNOWN = new Uint8Array(128);
for (const controller of [VOLUME, EXPRESSION, SUSTAIN, SOSTENUTO, SOFT, ALL_SOUND_OFF, RESET_CONTROLLERS, ALL_NOTES_OFF]) KNOWN[controller] = 1;

/** Whether the piano does something with a controller. */
export function isKnown(controller: number): boolean {
  return KNOWN[controller] === 1;
}
