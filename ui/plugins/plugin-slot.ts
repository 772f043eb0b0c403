/** The place of one effect: a way through it, and a way around it. */
import type { WamNode } from '@webaudiomodules/api';
import { Guard } from './guard.ts';

/** Time constant in seconds of the way from one to the other, and until only one is heard. */
const FADE = 0.008;
export const FADE_MILLISECONDS = 50;

/**
 * One of the two ways is heard. Both fade linearly into each other, so that a change is not heard as a click. An effect that
 * fails is gone around for good.
 */
export class PluginSlot {
  readonly input: GainNode;
  readonly output: GainNode;
  readonly #context: BaseAudioContext;
  readonly #node: WamNode;
  readonly #through: GainNode;
  readonly #around: GainNode;
  readonly #guard: Guard;
  #bypassed = true;
  #resting = false;
  #failed = false;

  /** @param onProblem is told once, in a sentence, that the effect has failed */
  constructor(node: WamNode, onProblem: (problem: string) => void) {
    const { context } = node;
    this.#context = context;
    this.#node = node;
    this.input = new GainNode(context);
    this.output = new GainNode(context);
    this.#through = new GainNode(context, { gain: 0 });
    this.#around = new GainNode(context, { gain: 1 });
    const fail = (problem: string): void => {
      if (this.#failed) return;
      this.#failed = true;
      this.#follow();
      onProblem(problem);
    };
    this.#guard = new Guard(context, fail);
    this.input.connect(node);
    node.connect(this.#guard.node);
    this.#guard.node.connect(this.#through).connect(this.output);
    this.input.connect(this.#around).connect(this.output);
    // As a property: Chromium gives the event another type, and the SDK's nodes take listeners for events of its own only.
    for (const worklet of workletsOf(node)) worklet.onprocessorerror = (event): void => fail(`it stopped: ${reason(event)}`);
  }

  set bypassed(bypassed: boolean) {
    this.#bypassed = bypassed;
    this.#follow();
  }

  /** While it rests it is gone around, and can be connected anew without a sound. */
  set resting(resting: boolean) {
    this.#resting = resting;
    this.#follow();
  }

  /** Lets go of the effect. */
  close(): void {
    this.#failed = true;
    this.#guard.close();
    for (const node of [this.input, this.output, this.#through, this.#around]) node.disconnect();
    try {
      this.#node.disconnect();
      // Some answer with a promise.
      void Promise.resolve(this.#node.destroy() as unknown).catch(() => undefined);
    } catch {
      // It is unheard, whatever it says.
    }
  }

  #follow(): void {
    const around = this.#bypassed || this.#resting || this.#failed;
    const now = this.#context.currentTime;
    this.#around.gain.setTargetAtTime(around ? 1 : 0, now, FADE);
    this.#through.gain.setTargetAtTime(around ? 0 : 1, now, FADE);
  }
}

/** The worklets of an effect that can fail: itself, or the one in which a composite keeps its parameters. */
function workletsOf(node: WamNode): AudioWorkletNode[] {
  const inner = (node as { readonly _wamNode?: unknown })._wamNode;
  return [node, inner].filter((candidate) => candidate instanceof AudioWorkletNode);
}

function reason(event: Event): string {
  const message = (event as Partial<ErrorEvent>).message ?? '';
  return message.replace(/^Uncaught (?:\w*Error: )?/, '') || 'its code failed on the audio thread';
}
