/** What stands behind each plugin: see `host-worklet.ts`. */
import { GUARD_NAME } from './guard-protocol.ts';

export class Guard {
  readonly node: AudioWorkletNode;

  /** @param onProblem is told once, in a sentence, that what comes is no number */
  constructor(context: BaseAudioContext, onProblem: (problem: string) => void) {
    this.node = new AudioWorkletNode(context, GUARD_NAME, { outputChannelCount: [2], channelCount: 2, channelCountMode: 'explicit' });
    this.node.port.onmessage = (): void => onProblem('it plays what is no number');
  }

  /** Disconnects it, and lets its processor go. */
  close(): void {
    this.node.disconnect();
    this.node.port.onmessage = null;
    this.node.port.postMessage(undefined);
  }
}
