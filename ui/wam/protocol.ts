/** What the node and its processor tell each other beside the piano's own protocol: messages in the form of the WAM SDK. */
import type { WamEvent, WamParameterData } from '@webaudiomodules/api';
import type { PianoProcessorOptions } from '../../worklet/protocol.ts';
import type { Timbre } from '../../worklet/engine/strike.ts';
import descriptor from './descriptor.json';

/** One for each version, since a host may hold two. */
export const WAM_PROCESSOR_NAME = `${descriptor.identifier}-${descriptor.version}`;

/** A piano, and its tuning if it were in tune. */
export interface TunableTimbre extends Timbre {
  /** Cents of each key in equal temperament with the piano's stretch, A4 at 440 Hz: [88]. */
  readonly evenCents: ArrayLike<number>;
  /** `pace` of the style. */
  readonly pace: number;
}

/** `processorOptions` of the node. */
export interface WamProcessorOptions extends PianoProcessorOptions {
  readonly groupId: string;
  readonly moduleId: string;
  readonly instanceId: string;
  /** `Spec.id` of the weights. */
  readonly model: string;
  /** The pianos to choose from; after them comes one of the player's own. */
  readonly pianos: readonly TunableTimbre[];
}

/** Which of the two pianos between which the sound lies. */
export type Slot = 'piano' | 'towards';

/** To the audio thread. Each is answered; `add/event` when its time has come. */
export type WamRequest =
  | { readonly request: 'initialize/processor' }
  | { readonly request: 'get/parameterValues'; readonly content: { readonly normalized: boolean; readonly parameterIds: readonly string[] } }
  | { readonly request: 'set/parameterValues'; readonly content: { readonly parameterValues: Readonly<Record<string, WamParameterData>> } }
  /** The player's own piano for one slot. */
  | { readonly request: 'set/piano'; readonly content: { readonly slot: Slot; readonly timbre: TunableTimbre } }
  | { readonly request: 'get/compensationDelay' }
  | { readonly request: 'add/event'; readonly content: { readonly event: WamEvent } }
  | { readonly request: 'remove/events' }
  | { readonly request: 'connect/events' | 'disconnect/events'; readonly content: { readonly wamInstanceId: string | undefined; readonly output: number | undefined } };

export type WamMessage = WamRequest & { readonly id: number };

/** From the audio thread. */
export type WamReply =
  | { readonly id: number; readonly response: WamRequest['request']; readonly content?: unknown }
  /** An event that another processor scheduled was played. */
  | { readonly event: WamEvent };
