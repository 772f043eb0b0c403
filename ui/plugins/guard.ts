/** What stands behind each plugin: see `host-worklet.ts`. */
import { GUARD_NAME } from './guard-protocol.ts';

/** @param onProblem is told once, in a sentence, that what comes is no number */
export function makeGuard(context: BaseAudioContext, onProblem: (problem: string) => void): AudioWorkletNode {
  const guard = new AudioWorkletNode(context, GUARD_NAME, { outputChannelCount: [2], channelCount: 2, channelCountMode: 'explicit' });
  guard.port.onmessage = (): void => onProblem('it plays what is no number');
  return guard;
}

/** Disconnects a guard, and lets its processor go. */
export function dismissGuard(guard: AudioWorkletNode): void {
  guard.disconnect();
  guard.port.onmessage = null;
  guard.port.postMessage(undefined);
}
