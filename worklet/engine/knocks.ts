/** The knocks of all voices: each mixed once, at its strike, and read at the model's rate as long as it lasts. */
import type { Controls } from '../../model/controls.ts';
import { KNOCK_TAPS, TAPS_BEFORE, knockFilter, knockWindow } from '../../model/knock.ts';
import type { KnockSpec, Spec } from '../../model/spec.ts';
import { KNOCK_WAVES } from '../../model/tensors.ts';
import { denseIndex, paddedOutputs } from './dense-weights.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';

/** Only the constructor, `reserve`, `attach` and `load` allocate. */
export class Knocks {
  enabled = true;
  readonly #spec: KnockSpec;
  /** Samples of the model's rate that a knock lasts. */
  readonly #length: number;
  readonly #padded: number;
  readonly #shapeAddress: number;
  readonly #waves: number;
  /** All zero, as a dense layer wants them. */
  readonly #bias: number;
  readonly #filter: number;
  readonly #voices: number[] = [];
  #age = new Int32Array(0);
  #power = new Float64Array(0);
  #kernel: Kernel | undefined;
  #shape: Float32Array = new Float32Array(0);

  constructor(layout: Layout, { knock }: Spec) {
    this.#spec = knock;
    this.#length = knock.waves === 0 ? 0 : knock.samples * knock.divisor;
    this.#padded = paddedOutputs(knock.samples);
    this.#shapeAddress = layout.floats(knock.waves);
    this.#waves = layout.floats(knock.waves * this.#padded);
    this.#bias = layout.floats(this.#padded);
    this.#filter = layout.floats(knock.divisor * KNOCK_TAPS);
  }

  /** Room for as many voices as may sound at one time. */
  reserve(layout: Layout, slots: number): void {
    // Zeros on either side are what the filter sees before the strike and after the end.
    const floats = this.#length === 0 ? 0 : TAPS_BEFORE + this.#padded + KNOCK_TAPS;
    for (let slot = 0; slot < slots; slot++) this.#voices.push(layout.floats(floats));
    this.#age = new Int32Array(slots).fill(this.#length);
    this.#power = new Float64Array(slots);
  }

  attach(kernel: Kernel): void {
    this.#kernel = kernel;
    this.#shape = kernel.floats(this.#shapeAddress, this.#spec.waves);
  }

  /** Copies the tensor `knock.waves` and the filter into the kernel's memory. */
  load(kernel: Kernel, tensors: ReadonlyMap<string, Float32Array>): void {
    this.attach(kernel);
    const { waves, samples, divisor } = this.#spec;
    kernel.floats(this.#filter, divisor * KNOCK_TAPS).set(knockFilter(divisor));
    if (waves === 0) return;
    const from = tensors.get(KNOCK_WAVES)!;
    const to = kernel.floats(this.#waves, waves * this.#padded);
    const window = knockWindow(this.#spec);
    for (let wave = 0; wave < waves; wave++) {
      for (let n = 0; n < samples; n++) to[denseIndex(waves, wave, n)] = window[n]! * from[wave * samples + n]!;
    }
  }

  /** Mixes the knock of a strike `age` samples ago. */
  strike(slot: number, controls: Controls, age: number): void {
    const { waves } = this.#spec;
    const amplitude = controls.knockAmplitude;
    this.#power[slot] = 0;
    this.#age[slot] = amplitude === 0 ? this.#length : Math.min(this.#length, Math.round(age));
    if (this.#age[slot] === this.#length) return;
    for (let w = 0; w < waves; w++) this.#shape[w] = amplitude * controls.knockShape[w]!;
    this.#kernel!.call.dense(this.#shapeAddress, waves, this.#waves, this.#bias, this.#voices[slot]! + 4 * TAPS_BEFORE, this.#padded, false);
  }

  /** Adds the next `count` samples of a slot's knock to those at `address`. */
  add(slot: number, address: number, count: number): void {
    const age = this.#age[slot]!;
    if (age >= this.#length || !this.enabled) {
      this.#power[slot] = 0;
      return;
    }
    const sounding = Math.min(count, this.#length - age);
    this.#power[slot] = this.#kernel!.call.addKnock(this.#voices[slot]!, age, this.#spec.divisor, this.#filter, address, sounding);
    this.#age[slot] = age + sounding;
  }

  /** Mean power of what was added last for a slot. */
  power(slot: number): number {
    return this.#power[slot]!;
  }
}
