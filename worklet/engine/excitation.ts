/** One tick of all struck strings: middle and side, and each key's own share. */
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import type { Resonance } from './resonance.ts';
import type { Strings } from './strings.ts';
import type { Voice } from './voice.ts';

/** Only the constructor and `attach` allocate. */
export class Excitation {
  middle: Float32Array = new Float32Array(0);
  side: Float32Array = new Float32Array(0);
  readonly #tick: number;
  readonly #middleAddress: number;
  readonly #sideAddress: number;
  readonly #strings: Strings;
  readonly #resonance: Resonance;
  #kernel: Kernel | undefined;

  constructor(layout: Layout, tick: number, strings: Strings, resonance: Resonance) {
    this.#tick = tick;
    this.#middleAddress = layout.floats(tick);
    this.#sideAddress = layout.floats(tick);
    this.#strings = strings;
    this.#resonance = resonance;
  }

  /** Takes its part of the kernel's memory as it is. */
  attach(kernel: Kernel): void {
    this.#kernel = kernel;
    this.middle = kernel.floats(this.#middleAddress, this.#tick);
    this.side = kernel.floats(this.#sideAddress, this.#tick);
  }

  /** Starts a new tick. */
  clear(): void {
    this.middle.fill(0);
    this.side.fill(0);
  }

  /** Mixes a voice up to offset `until`. */
  mix(voice: Voice, until: number): void {
    const count = until - voice.mixed;
    if (count <= 0) return;
    const own = this.#resonance.own(voice.note);
    this.#kernel!.call.mixVoice(
      this.#strings.tick(voice.slot) + 4 * (voice.mixed - voice.origin),
      this.#middleAddress + 4 * voice.mixed,
      this.#sideAddress + 4 * voice.mixed,
      own === 0 ? 0 : own + 4 * voice.mixed,
      count,
      voice.pan,
      voice.damper,
      voice.damperStep,
      voice.fade,
      voice.fadeStep,
    );
    voice.advance(count);
    voice.mixed = until;
  }

  /** Adds the noise to the middle. */
  addNoise(samples: Float32Array): void {
    for (let n = 0; n < samples.length; n++) this.middle[n]! += samples[n]!;
  }
}
