/** From excitation to output: the WaveNet on the normalised excitation, scaled back and added. */
import { GAIN_LIMIT, INPUT_LIMIT, LEVEL_FLOOR } from '../../model/level.ts';
import { conditioningSize, receptiveFieldRows, type Spec } from '../../model/spec.ts';
import { waveNetShape } from '../../model/wavenet-shape.ts';
import type { HeardVoices } from './heard-voices.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import { WaveNetKernel } from './wavenet.ts';

/** Keeps the rows of silence out of the denormal numbers. */
const TINY = 1e-15;

/**
 * y(n) = x(n) + o(n) e(n): e is the WaveNet's output for x(n) / a(n), a the expected level
 * and o = a * gain(c), both linear between the boundaries of ticks.
 *
 * Only the constructor, `attach` and `load` allocate.
 */
export class Decoder {
  readonly #spec: Spec;
  readonly #waveNet: WaveNetKernel;
  readonly #rows: number;
  readonly #fieldTicks: number;
  readonly #gainAddress: number;
  /** Weights of the gain in dB, one for each number of the conditioning, then its bias. */
  #gainWeights: Float32Array = new Float32Array(0);
  /** a and o at the start of the tick. */
  #level = Math.sqrt(LEVEL_FLOOR);
  #outputLevel = Math.sqrt(LEVEL_FLOOR);
  #enabled = true;

  constructor(layout: Layout, spec: Spec) {
    this.#spec = spec;
    this.#rows = spec.tick / spec.waveNet.fold;
    this.#fieldTicks = Math.ceil(receptiveFieldRows(spec) / this.#rows) + 1;
    // One row more holds the last fold - 1 samples of the tick before.
    this.#waveNet = new WaveNetKernel(layout, waveNetShape(spec), this.#rows + 1);
    this.#gainAddress = layout.floats(conditioningSize(spec) + 1);
  }

  /** Takes its part of the kernel's memory as it is. */
  attach(kernel: Kernel): void {
    this.#waveNet.attach(kernel);
    this.#gainWeights = kernel.floats(this.#gainAddress, conditioningSize(this.#spec) + 1);
  }

  /** Writes the tensors `wavenet.*` into the kernel's memory. */
  load(kernel: Kernel, tensors: ReadonlyMap<string, Float32Array>): void {
    this.attach(kernel);
    this.#waveNet.load(kernel, tensors);
    this.#gainWeights.set(tensors.get('wavenet.gain.weight')!);
    this.#gainWeights.set(tensors.get('wavenet.gain.bias')!, conditioningSize(this.#spec));
  }

  /** Ticks after which nothing of the past is heard. */
  get memoryTicks(): number {
    return this.#fieldTicks;
  }

  /** Whether strings are part of the output. */
  readonly keepsStrings = true;
  /** Lowest noise bands that this decoder makes itself. */
  readonly ownBands = 0;

  /** Takes in what is known at a boundary: the conditioning, which `condition` applies, and the gain. */
  hear(voices: HeardVoices): void {
    voices.writeConditioning(this.#waveNet.conditioning);
  }

  /** Whether the WaveNet sounds; without it y = x. */
  set enabled(enabled: boolean) {
    if (enabled && !this.#enabled) this.#waveNet.reset();
    this.#enabled = enabled;
  }

  /** Forgets the past; `hear` was called in silence. */
  reset(): void {
    this.#waveNet.reset();
    this.#waveNet.input.fill(0);
    this.#level = Math.sqrt(LEVEL_FLOOR);
    this.#outputLevel = this.#level * this.#gain();
  }

  /** Applies the conditioning to the tick that follows. */
  condition(): void {
    if (this.#enabled) this.#waveNet.condition();
  }

  /**
   * Turns one tick of excitation into output, in place.
   *
   * @param power expected mean power at the tick's end, of which `hear` was told
   */
  decode(samples: Float32Array, power: number): void {
    const { tick } = this.#spec;
    const { fold } = this.#spec.waveNet;
    const level = this.#level;
    const outputLevel = this.#outputLevel;
    this.#level = Math.sqrt(LEVEL_FLOOR + power);
    this.#outputLevel = this.#level * this.#gain();
    if (!this.#enabled) return;
    const levelStep = (this.#level - level) / tick;
    const outputStep = (this.#outputLevel - outputLevel) / tick;
    const { input, output, outputStride } = this.#waveNet;
    // Rows end at their first output sample: nothing is heard before it is played.
    for (let n = 0; n < tick; n++) {
      const normalised = samples[n]! / (level + levelStep * n) + TINY;
      input[n + fold - 1] = Math.max(-INPUT_LIMIT, Math.min(INPUT_LIMIT, normalised));
    }
    this.#waveNet.run(this.#rows);
    for (let row = 0, n = 0; row < this.#rows; row++) {
      for (let j = 0; j < fold; j++, n++) {
        samples[n] = samples[n]! + (outputLevel + outputStep * n) * output[row * outputStride + j]!;
      }
    }
    input.copyWithin(0, tick, tick + fold - 1);
  }

  #gain(): number {
    const { conditioning } = this.#waveNet;
    let decibels = this.#gainWeights[conditioning.length]!;
    for (let i = 0; i < conditioning.length; i++) decibels += conditioning[i]! * this.#gainWeights[i]!;
    return 10 ** (Math.min(GAIN_LIMIT, decibels) / 20);
  }
}
