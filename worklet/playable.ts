/** What keeps a piano from playing, in sentences. */
import { HIGHEST_RATE, LOWEST_RATE, isPlayableRate } from './engine/engine-options.ts';

/** @throws Error with a sentence where the piano cannot play in a context */
export function assertPlayable({ audioWorklet, sampleRate, state }: BaseAudioContext): void {
  if (state === 'closed') throw new Error('The audio context was closed.');
  if (audioWorklet === undefined) {
    throw new Error('This page cannot run an AudioWorklet: it must be served by https or from localhost.');
  }
  if (!isPlayableRate(sampleRate)) {
    throw new Error(`The piano plays at ${LOWEST_RATE} to ${HIGHEST_RATE} Hz, and this context runs at ${sampleRate}.`);
  }
}

/** What a `processorerror` says: an ErrorEvent in some browsers, without a message in others. */
export function reason(event: Event): string {
  const message = (event as Partial<ErrorEvent>).message ?? '';
  return message.replace(/^Uncaught (?:\w*Error: )?/, '') || 'its code failed on the audio thread.';
}
