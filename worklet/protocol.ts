/** What the page and the audio thread tell each other. */
import { version } from '../package.json';
import { NATURAL_RESONANCE } from '../model/resonance.ts';
import type { BlankEngine, EngineImage } from './engine/engine.ts';
import type { Timbre } from './engine/strike.ts';

/** One for each version, since a page may hold two. */
export const PROCESSOR_NAME = `anypiano-processor-${version}`;

/** Width of the keyboard between left and right, level of the room, and how much strings answer others, each 0..1. */
export interface StageSettings {
  readonly width: number;
  readonly room: number;
  readonly resonance: number;
}

/** What the AudioParams of the node are called, with their bounds. Each holds for a block. */
export const PARAMETERS = [
  { name: 'volume', defaultValue: 1, minValue: 0, maxValue: 4, automationRate: 'k-rate' },
  { name: 'width', defaultValue: 0.7, minValue: 0, maxValue: 1, automationRate: 'k-rate' },
  { name: 'room', defaultValue: 0, minValue: 0, maxValue: 1, automationRate: 'k-rate' },
  { name: 'resonance', defaultValue: NATURAL_RESONANCE, minValue: 0, maxValue: 1, automationRate: 'k-rate' },
  { name: 'pedal', defaultValue: 0, minValue: 0, maxValue: 1, automationRate: 'k-rate' },
] as const;
export type ParameterName = (typeof PARAMETERS)[number]['name'];

/** Where they begin. */
export interface FirstParameters extends StageSettings {
  readonly volume: number;
}

/** What strikes are made of, beside the style: see `ToneSettings`. */
export interface StrikeTone {
  readonly brightness: number;
  readonly hammer: number;
}

/** `processorOptions` of the node. Engines are laid out on the page, since the audio thread has no time for it. */
export interface PianoProcessorOptions {
  /** Bytes of the kernel's build that this browser can run. */
  readonly kernel: ArrayBuffer;
  readonly image: EngineImage;
  readonly style: Timbre;
  readonly stage: FirstParameters;
  readonly tone: StrikeTone;
  /** Cents that the whole is tuned above the style. */
  readonly tuning: number;
  /** Whether the context plays in real time: only then can the thread, or the page, be too slow. */
  readonly realTime: boolean;
}

/** To the audio thread. `time` is on the context's clock in seconds; without it, at once. */
export type PianoCommand =
  | { readonly type: 'noteOn'; readonly note: number; readonly velocity: number; readonly time: number | undefined }
  | { readonly type: 'noteOff'; readonly note: number; readonly velocity: number | undefined; readonly time: number | undefined }
  | { readonly type: 'control'; readonly controller: number; readonly value: number; readonly time: number | undefined }
  /** Bends one key, or all; and tunes the whole. */
  | { readonly type: 'bend'; readonly cents: number; readonly note: number | undefined; readonly time: number | undefined }
  | { readonly type: 'tune'; readonly cents: number; readonly time: number | undefined }
  | ({ readonly type: 'tone' } & StrikeTone)
  | { readonly type: 'panic' }
  /** `model` is the `Spec.id` that the style was made for. */
  | { readonly type: 'style'; readonly model: string; readonly style: Timbre }
  /** The page has seen a state. */
  | { readonly type: 'stateRead' };

/**
 * To the audio thread, which sends an `answer` to each. `prepare`, then `write` for all parts of
 * the memory, `warmUp` for all slices and `succeed` bring new weights: each takes little time, and
 * the sound goes on between them.
 */
export type PianoRequest =
  /** Answered when all that was sent before has come. */
  | { readonly type: 'acknowledge' }
  /** Makes a blank engine. */
  | { readonly type: 'prepare'; readonly weights: BlankEngine; readonly style: Timbre }
  /** Writes a part of its memory, from byte `at` on. */
  | { readonly type: 'write'; readonly at: number; readonly bytes: Uint8Array }
  /** Plays one of `WARM_UP_SLICES` slices on it, unheard. */
  | { readonly type: 'warmUp'; readonly slice: number }
  /** Lets it take over; answered when it alone sounds. */
  | { readonly type: 'succeed' }
  /** Lets go of everything; answered from the last block, after which the browser forgets the processor. */
  | { readonly type: 'close' };

export type PianoMessage = PianoCommand | (PianoRequest & { readonly id: number });

/** What the piano does, about 20 times a second. */
export interface PianoState {
  readonly voices: number;
  /** Largest sample since the state before, full scale 1. */
  readonly peak: number;
  /** Share of real time that the audio thread needs, 0..1, averaged over about a second. */
  readonly load: number;
  /** What is left out because the audio thread is too slow: 0 nothing .. 8. */
  readonly economy: number;
  /** Pedals, 0..1; sostenuto is either. */
  readonly sustain: number;
  readonly sostenuto: number;
  readonly soft: number;
  /** Level of each of the 88 keys, 0..255: 60 dB up to full scale. */
  readonly notes: Uint8Array;
}

/** From the audio thread. */
export type ProcessorMessage =
  | { readonly type: 'ready'; readonly latencySeconds: number }
  /** Left out while the page has `MOST_UNREAD` of them to read. */
  | ({ readonly type: 'state' } & PianoState)
  /** To a request; `problem` says for people why it could not be met. */
  | { readonly type: 'answer'; readonly id: number; readonly problem: string | undefined }
  /** Something failed, and the piano stopped for good or plays on; `message` is for people. */
  | { readonly type: 'error'; readonly message: string; readonly stopped: boolean };

/** States that wait for a page that is busy at most. */
export const MOST_UNREAD = 4;
