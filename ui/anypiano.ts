/**
 * What the package gives to a page: the element with all its parts, and the audio node behind it.
 *
 * @module anypiano
 */
export * from '../worklet/anypiano-node.ts';
export { AnyPiano } from './any-piano.ts';
export type { PianoNoteOff, PianoNoteOn } from './note-events.ts';
export type { RequestMidiAccess } from './midi-controller.ts';
export { PianoKeyboard, KeyReleaseEvent, KeyStrikeEvent } from './piano-keyboard.ts';
export { PianoStrings } from './piano-strings.ts';
export type { Notice } from './piano-notice.ts';
export type { Piece } from './piece-list.ts';
export type { StyleShare } from './style-map.ts';
