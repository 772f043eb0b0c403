/** Effects one after the other, between the piano and the output. */
import { FADE_MILLISECONDS, type PluginSlot } from './plugin-slot.ts';

export class PluginChain {
  readonly input: GainNode;
  readonly output: GainNode;
  #slots: readonly PluginSlot[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(context: BaseAudioContext) {
    this.input = new GainNode(context);
    this.output = new GainNode(context);
    this.input.connect(this.output);
  }

  /** Connects these effects, in this order, in place of those before. While it does, the piano is heard without them. */
  arrange(slots: readonly PluginSlot[]): Promise<void> {
    this.#last = this.#last.then(async () => {
      const all = new Set([...this.#slots, ...slots]);
      for (const slot of all) slot.resting = true;
      if (this.#slots.length > 0) await new Promise((passed) => setTimeout(passed, FADE_MILLISECONDS));
      for (const node of [this.input, ...this.#slots.map(({ output }) => output)]) node.disconnect();
      this.#slots = slots;
      let end: AudioNode = this.input;
      for (const slot of slots) {
        end.connect(slot.input);
        end = slot.output;
      }
      end.connect(this.output);
      for (const slot of slots) slot.resting = false;
    });
    return this.#last;
  }
}
