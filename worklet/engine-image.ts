/** Engines are laid out on the page and copied to the audio thread, which has no time for it. */
import { InputError } from '../model/input-error.ts';
import type { Style } from '../model/style.ts';
import type { Weights } from '../model/weights.ts';
import { Engine, type EngineImage } from './engine/engine.ts';
import type { Timbre } from './engine/strike.ts';
import type { Requests } from './requests.ts';
import { WARM_UP_SLICES } from './warm-up.ts';

/** Bytes that the audio thread takes at a time. */
const WRITE_BYTES = 2 ** 17;

/** The part of a style that the audio thread needs. */
export function timbreOf({ embedding, keys, tuning, modes, levels, voicing, room }: Style): Timbre {
  return { embedding, ...(keys && { keys }), tuning, ...(modes && { modes }), ...(levels && { levels }), ...(voicing && { voicing }), room };
}

/** What the audio thread copies to have an engine. @throws InputError for weights of a form that cannot be played */
export function layOut(module: WebAssembly.Module, weights: Weights, style: Style, sampleRate: number): EngineImage {
  try {
    return new Engine({ module, weights, style: timbreOf(style), sampleRate }).image();
  } catch (error) {
    throw new InputError('weights', `cannot be played: ${(error as Error).message}`);
  }
}

/** Brings an engine to the audio thread in small pieces and lets it take over; resolves when it alone sounds. */
export async function bringOver({ spec, memory, filter }: EngineImage, style: Timbre, requests: Requests): Promise<void> {
  await requests.ask({ type: 'prepare', weights: { spec, filter }, style });
  for (let at = 0; at < memory.length; at += WRITE_BYTES) {
    const bytes = memory.slice(at, at + WRITE_BYTES);
    await requests.ask({ type: 'write', at, bytes }, [bytes.buffer]);
  }
  for (let slice = 0; slice < WARM_UP_SLICES; slice++) await requests.ask({ type: 'warmUp', slice });
  await requests.ask({ type: 'succeed' });
}
