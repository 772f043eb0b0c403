/** What the package gives to a page: the element with all its parts, and the audio node behind it. */
export { AnyPiano } from './any-piano.ts';
export type { RequestMidiAccess } from './midi-controller.ts';
export { PianoKeyboard, KeyReleaseEvent, KeyStrikeEvent } from './piano-keyboard.ts';
export { PianoStrings } from './piano-strings.ts';
export type { Notice } from './piano-notice.ts';
export type { Piece } from './piece-list.ts';
export type { StyleShare } from './style-map.ts';
export { PianoNode, type PianoState } from '../worklet/node.ts';
export { InputError } from '../model/input-error.ts';
export { parseMidiFile, type Performance, type PerformanceEvent } from '../model/performance.ts';
export { interpolateStyles, parseStyle, type Style } from '../model/style.ts';
export { parseWeights, type Weights } from '../model/weights.ts';
