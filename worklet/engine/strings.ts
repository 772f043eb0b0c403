/** The strings of all voices: a bank of modes for each voice in the kernel's memory. */
import { HIGHEST_PARTIAL, type Controls } from '../../model/controls.ts';
import type { Spec } from '../../model/spec.ts';
import { audibleAmplitude } from './economy.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import type { Voice } from './voice.ts';

/** Of one mode, as in `worklet/kernel/strings.ts`. */
const MODE_BYTES = 128;
const MODE_DOUBLES = MODE_BYTES / 8;
const OMEGA = 13;
const Q = 14;
/** Above this many radians a sample a bent mode falls silent. */
const HIGHEST_OMEGA = 2 * Math.PI * HIGHEST_PARTIAL;

/** Only the constructor and `attach` allocate. */
export class Strings {
  readonly #spec: Spec;
  readonly #banks: number[] = [];
  readonly #ticks: number[] = [];
  readonly #counts: Int32Array;
  readonly #modes: Float64Array[] = [];
  #kernel: Kernel | undefined;
  /** Modes softer than this are left out. */
  #audible = audibleAmplitude(0);

  /** @param slots most voices that sound at one time */
  constructor(layout: Layout, spec: Spec, slots: number) {
    this.#spec = spec;
    this.#counts = new Int32Array(slots);
    for (let slot = 0; slot < slots; slot++) {
      this.#banks.push(layout.reserve(2 * spec.strings.partials * MODE_BYTES));
      this.#ticks.push(layout.floats(spec.tick));
    }
  }

  attach(kernel: Kernel): void {
    this.#kernel = kernel;
    const doubles = 2 * this.#spec.strings.partials * MODE_DOUBLES;
    for (const bank of this.#banks) this.#modes.push(kernel.doubles(bank, doubles));
  }

  set economy(economy: number) {
    this.#audible = audibleAmplitude(economy);
  }

  /** Modes that sound in one slot. */
  modes(slot: number): number {
    return this.#counts[slot]!;
  }

  /** Leaves a slot without modes. */
  mute(slot: number): void {
    this.#counts[slot] = 0;
  }

  /** Address of the samples that `ring` wrote for one slot. */
  tick(slot: number): number {
    return this.#ticks[slot]!;
  }

  /**
   * Sets a slot's modes to their state `age` samples after the strike.
   *
   * @param ratio by which their frequencies are bent now, @param turned samples by which bends have moved their phases so far
   */
  strike(slot: number, controls: Controls, age: number, ratio = 1, turned = 0): void {
    const rate = this.#spec.sampleRate;
    const modes = this.#modes[slot]!;
    const t = age / rate;
    let count = 0;
    for (let i = 0; i < controls.partialCount; i++) {
      if (controls.promptAmplitude[i]! < this.#audible && controls.aftersoundAmplitude[i]! < this.#audible) continue;
      for (let stage = 0; stage < 2; stage++) {
        const frequency = controls.frequency[i]! + (stage - 0.5) * controls.beat[i]!;
        const decay = stage === 0 ? controls.promptRate[i]! : controls.aftersoundRate[i]!;
        const start = stage === 0 ? controls.promptAmplitude[i]! : controls.aftersoundAmplitude[i]!;
        const amplitude = t > 0 ? start * Math.exp(-decay * t) : start;
        if (amplitude < this.#audible) continue;
        const omega = (2 * Math.PI * frequency) / rate;
        const phase = controls.phase[i]! + stage * controls.lead[i]! + omega * (age + turned);
        const shrink = Math.exp(-decay / rate);
        const at = count * MODE_DOUBLES;
        modes[at] = amplitude * Math.cos(phase);
        modes[at + 1] = amplitude * Math.sin(phase);
        modes[at + OMEGA] = omega;
        modes[at + Q] = shrink * Math.cos(omega);
        modes[at + Q + 1] = shrink * Math.sin(omega);
        count++;
      }
    }
    this.#counts[slot] = count;
    this.#kernel!.call.prepareModes(this.#banks[slot]!, count);
    this.#kernel!.call.setLeap(this.#banks[slot]!, count, this.#spec.tick);
    if (ratio !== 1) this.bend(slot, ratio, ratio - 1);
  }

  /** Between ticks: from now on, frequencies are `ratio` times their own, which is `change` more than so far. */
  bend(slot: number, ratio: number, change: number): void {
    this.#kernel!.call.bendModes(this.#banks[slot]!, this.#counts[slot]!, ratio, change, HIGHEST_OMEGA, this.#spec.tick);
  }

  /**
   * Writes one tick of a slot and moves its modes to the end of the tick.
   *
   * @returns mean power of the modes there
   */
  ring(slot: number): number {
    return this.#kernel!.call.ringModes(this.#banks[slot]!, this.#counts[slot]!, this.#ticks[slot]!);
  }

  /** As `ring`, for a voice's first tick, of which only `samples` samples are left. */
  ringFirst(slot: number, samples: number): number {
    const { setLeap } = this.#kernel!.call;
    setLeap(this.#banks[slot]!, this.#counts[slot]!, samples);
    const power = this.ring(slot);
    setLeap(this.#banks[slot]!, this.#counts[slot]!, this.#spec.tick);
    return power;
  }

  /** Holds back the first `samples` samples that `ring` wrote for a voice, as its attack does, and moves the attack on. */
  rise(voice: Voice, samples: number): void {
    if (voice.quiet === 0) return;
    this.#kernel!.call.rise(this.#ticks[voice.slot]!, samples, voice.quiet, voice.quietStep);
    voice.quiet *= voice.quietStep ** samples;
    if (voice.quiet < 1e-12) voice.quiet = 0;
  }

  /** Leaves out the modes that cannot be heard any more behind a gain of `gain`, which will not rise again. */
  cull(slot: number, gain: number): void {
    const floor = this.#audible / gain;
    this.#counts[slot] = this.#kernel!.call.cullModes(this.#banks[slot]!, this.#counts[slot]!, floor * floor);
  }
}
