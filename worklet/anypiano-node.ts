/** What the package gives to whoever needs no element: the audio node, and what it plays. */
export { PianoNode, type PianoNodeOptions, type PianoSettings, type PianoState } from './node.ts';
export { loadPiano } from './load-piano.ts';
export type { ToneSettings } from './engine/tone.ts';
export type { ProcessorScript } from './kernel-files.ts';
export type { MidiTarget } from './midi-message.ts';
/** For decoders that take the place of the piano's own: docs/plugins.md. */
export type { PianoMessage, PianoProcessorOptions, ProcessorMessage, StageSettings } from './protocol.ts';
export { useFiles, type FindSome } from './package-files.ts';
export { InputError } from '../model/input-error.ts';
export type { PitchTarget } from '../model/midi-pitch.ts';
export { parseMidiFile, type Performance, type PerformanceEvent } from '../model/performance.ts';
export { interpolateStyles, mixStyles } from '../model/morph.ts';
export { parseStyle, type Style, type StyleSummary } from '../model/style.ts';
export type { Spec, Tier } from '../model/spec.ts';
export { parseWeights, type Weights } from '../model/weights.ts';
