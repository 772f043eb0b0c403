/** The strings of many full notes at once; in the browser, and for the check in Node. */
import { createControls, type Controls } from '../../model/controls.ts';
import { addStrings } from '../../model/reference/voice.ts';
import { DEFAULT_SPEC } from '../../model/spec.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { Layout } from '../../worklet/engine/layout.ts';
import { Strings } from '../../worklet/engine/strings.ts';

const NOTES = 64;
/** Lowest fundamental in Hz, and of how much each note lies above the one before; partial 128 of the highest lies at 20 kHz. */
const LOWEST = 40;
const STEP = 1.8;

/** Modes of all notes that one tick advances, times its samples: every partial has a prompt and an aftersound mode. */
export const MODE_SAMPLES_PER_TICK = NOTES * 2 * DEFAULT_SPEC.strings.partials * DEFAULT_SPEC.tick;
/** Ticks of each note that are held against the closed form, and the samples after the strike at which they start. */
const CHECKED_TICKS = 2;
const AGE = 1;

/** Notes with all partials that a voice can have. They decay so slowly that none is ever left out. */
function benchmarkVoices(): Controls[] {
  return Array.from({ length: NOTES }, (_, note) => {
    const controls = createControls(DEFAULT_SPEC);
    controls.partialCount = DEFAULT_SPEC.strings.partials;
    for (let i = 0; i < controls.partialCount; i++) {
      controls.frequency[i] = (LOWEST + STEP * note) * (i + 1);
      controls.promptAmplitude[i] = 0.08 / (i + 1);
      controls.aftersoundAmplitude[i] = 0.03 / (i + 1);
      controls.promptRate[i] = 0.1 + 0.002 * i;
      controls.aftersoundRate[i] = 0.05 + 0.001 * i;
      controls.beat[i] = 0.3;
    }
    // The bank itself has no attack.
    controls.attackRate = Infinity;
    return controls;
  });
}

/** What the float64 closed form gives for `RingingStrings.output`. */
export function expectedStrings(): Float64Array {
  const samples = CHECKED_TICKS * DEFAULT_SPEC.tick;
  const damper = new Float64Array(AGE + samples).fill(1);
  const out = new Float64Array(NOTES * samples);
  benchmarkVoices().forEach((controls, slot) => {
    const voice = new Float64Array(AGE + samples);
    addStrings(DEFAULT_SPEC, { start: 0, controls, damper }, voice);
    out.set(voice.subarray(AGE), slot * samples);
  });
  return out;
}

/** All notes in the kernel. */
export class RingingStrings {
  readonly #kernel: Kernel;
  readonly #strings: Strings;

  constructor(module: WebAssembly.Module) {
    const layout = new Layout();
    this.#strings = new Strings(layout, DEFAULT_SPEC, NOTES);
    this.#kernel = new Kernel(module, layout);
    this.#strings.attach(this.#kernel);
    this.strike();
  }

  /** Starts all notes anew. */
  strike(): void {
    benchmarkVoices().forEach((controls, slot) => this.#strings.strike(slot, controls, AGE));
  }

  /** Advances all notes by one tick. */
  ring(): void {
    for (let slot = 0; slot < NOTES; slot++) this.#strings.ring(slot);
  }

  /** The first `CHECKED_TICKS` ticks of every note, one note after the other. */
  output(): Float32Array {
    const { tick } = DEFAULT_SPEC;
    const out = new Float32Array(NOTES * CHECKED_TICKS * tick);
    this.strike();
    for (let t = 0; t < CHECKED_TICKS; t++) {
      this.ring();
      for (let slot = 0; slot < NOTES; slot++) out.set(this.#kernel.floats(this.#strings.tick(slot), tick), (slot * CHECKED_TICKS + t) * tick);
    }
    return out;
  }
}
