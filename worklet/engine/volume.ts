/** Channel volume (controller 7) and expression (11): one gain at the end of the engine, that glides. */
import { glide } from './glide.ts';

/** Gain of a controller's value 0..127: 40 log10(value / 127) dB (General MIDI 2, section 3.3). */
function gainOf(value: number): number {
  return (value / 127) ** 2;
}

export class Volume {
  // Fields that start as doubles hold doubles in place.
  #volume = NaN;
  #expression = NaN;
  #gain = NaN;

  constructor() {
    this.reset();
  }

  /** @param value 0..127 */
  set volume(value: number) {
    this.#volume = gainOf(value);
  }

  /** @param value 0..127 */
  set expression(value: number) {
    this.#expression = gainOf(value);
  }

  /** Runs one tick of two channels through the gain, in place; at full volume it leaves them as they are. */
  process(middle: Float32Array, side: Float32Array): void {
    const target = this.#volume * this.#expression;
    if (this.#gain === 1 && target === 1) return;
    const from = this.#gain;
    this.#gain = glide(from, target);
    const step = (this.#gain - from) / middle.length;
    for (let n = 0; n < middle.length; n++) {
      const gain = from + step * (n + 1);
      middle[n]! *= gain;
      side[n]! *= gain;
    }
  }

  /** Takes over the settings as they stand. */
  follow(other: Volume): void {
    this.#volume = other.#volume;
    this.#expression = other.#expression;
    this.#gain = other.#gain;
  }

  /** Full volume. */
  reset(): void {
    this.#volume = 1;
    this.#expression = 1;
    this.#gain = 1;
  }
}
